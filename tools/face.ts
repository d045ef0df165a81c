import { type ChildProcess, spawn } from 'node:child_process'
import { join } from 'node:path'
import { CHROMIUM_FLAGS, findChromium } from './chromium.ts'
import { findElectron } from './electron.ts'
import { keepScreen } from './keep-screen.ts'
import { ROOT, runToEnd, untilReady } from './programs.ts'

// One face on this machine: its device host, and the window it is looked at through. The launcher has built both.

const PORTS = {
  kiosk: ['KIOSK_PORT', '7071'],
  display: ['DISPLAY_APP_PORT', '7072'],
  caller: ['CALLER_PORT', '7073'],
} as const

function fail(sentence: string): never {
  console.error(sentence)
  process.exit(2)
}

const OPTIONS = ['--browser', '--no-window', '--only-window']
const [kind, ...options] = process.argv.slice(2)
if (kind !== 'kiosk' && kind !== 'display' && kind !== 'caller')
  fail('usage: npm run kiosk|display|caller [-- --browser | --no-window | --only-window]')
const unknown = options.find((option) => !OPTIONS.includes(option))
if (unknown !== undefined) fail(`There is no option ${unknown}; there are ${OPTIONS.join(', ')}.`)

const hasHost = !options.includes('--only-window')
const wantsWindow = !options.includes('--no-window')
const isElectron = wantsWindow && hasHost && !options.includes('--browser')
const electron = isElectron ? findElectron() : null
const chromium = wantsWindow && !isElectron ? findChromium() : null
if (isElectron && electron === null)
  fail(
    `Electron is not installed here (npx install-electron); use npm run ${kind} -- --browser, or -- --no-window for the host alone.`,
  )
if (wantsWindow && !isElectron && chromium === null)
  fail('No Chromium was found; install it (apt-get install chromium) or set CHROMIUM.')
if (isElectron && !(await runToEnd(['vite', 'build', '--config', 'vite.windows.config.ts', '--logLevel', 'warn'])))
  fail('The windows could not be built.')

/** Electron where there is one: its host and its window are one program. The host alone otherwise. */
function startHost(): ChildProcess | null {
  if (!hasHost) return null
  const words =
    electron === null ? [process.execPath, `dist/programs/${kind}.js`] : [electron, `dist/windows/${kind}.mjs`]
  const [program = '', file = ''] = words
  return spawn(program, [join(ROOT, file)], { cwd: ROOT, stdio: 'inherit' })
}

const host = startHost()
let screen: ReturnType<typeof keepScreen> | null = null
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
  process.on(signal, () => {
    if (host !== null) host.kill('SIGTERM')
    else {
      screen?.close()
      process.exit(0)
    }
  })
host?.once('exit', (code) => {
  screen?.close()
  setImmediate(() => process.exit(code ?? 0))
})

/** A desk's window is its agent's to close, and ends the program. */
function openDesk(browser: string, url: string, profile: string): void {
  const window = spawn(browser, [...CHROMIUM_FLAGS, `--user-data-dir=${profile}`, `--app=${url}`], { stdio: 'ignore' })
  window.once('exit', (code) => (host === null ? process.exit(code ?? 0) : host.kill('SIGTERM')))
  host?.once('exit', () => window.kill())
}

if (chromium !== null) {
  const [name, otherwise] = PORTS[kind]
  const url = `http://127.0.0.1:${process.env[name] ?? otherwise}/`
  const data = process.env[name.replace('_PORT', '_DATA_DIR')] ?? join(ROOT, 'data', kind)
  const profile = process.env['SMARTQUEUE_PROFILE_DIR'] ?? join(data, 'browser')
  if (!(await untilReady(`${url}local/v1/state`))) {
    host?.kill('SIGTERM')
    fail(`${url} does not answer.`)
  }
  if (kind === 'caller') openDesk(chromium, url, profile)
  else {
    // A screen is nobody's to close: it is opened again until this program is ended.
    const say = (what: string): void => console.error(`${kind}: ${what}`)
    const flags = process.env['WAYLAND_DISPLAY'] === undefined ? [] : ['--ozone-platform=wayland']
    screen = keepScreen({ chromium, flags: [...CHROMIUM_FLAGS, ...flags], url, profile, say })
  }
}
