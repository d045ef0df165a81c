import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { CHROMIUM_FLAGS, findChromium } from './chromium.ts'
import { keepScreen } from './keep-screen.ts'
import { ROOT, runToEnd, untilReady } from './programs.ts'

// One face on this machine: its device host, and the window it is looked at through.

const PORTS = {
  kiosk: ['KIOSK_PORT', '7071'],
  display: ['DISPLAY_APP_PORT', '7072'],
  caller: ['CALLER_PORT', '7073'],
} as const

function fail(sentence: string): never {
  console.error(sentence)
  process.exit(2)
}

const [kind, ...options] = process.argv.slice(2)
if (kind !== 'kiosk' && kind !== 'display' && kind !== 'caller')
  fail('usage: npm run kiosk|display|caller [-- --browser | --no-window]')
const unknown = options.find((option) => option !== '--browser' && option !== '--no-window')
if (unknown !== undefined) fail(`There is no option ${unknown}; there are --browser and --no-window.`)

const wantsWindow = !options.includes('--no-window')
const chromium = wantsWindow ? findChromium() : null
if (wantsWindow && !options.includes('--browser'))
  fail(`Electron windows are not built yet; use npm run ${kind} -- --browser, or -- --no-window for the host alone.`)
if (wantsWindow && chromium === null)
  fail('No Chromium was found; install it (apt-get install chromium) or set CHROMIUM.')
if (!existsSync(join(ROOT, 'dist', kind, 'index.html')) && !(await runToEnd(['vite', 'build', '--logLevel', 'warn'])))
  fail('The pages could not be built.')

const host = spawn(process.execPath, [join(ROOT, kind, 'host-main.ts')], { cwd: ROOT, stdio: 'inherit' })
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => host.kill('SIGTERM'))
host.once('exit', (code) => setImmediate(() => process.exit(code ?? 0)))

/** A desk's window is its agent's to close, and ends the program. */
function openDesk(browser: string, url: string, profile: string): void {
  const window = spawn(browser, [...CHROMIUM_FLAGS, `--user-data-dir=${profile}`, `--app=${url}`], { stdio: 'ignore' })
  window.once('exit', () => host.kill('SIGTERM'))
  host.once('exit', () => window.kill())
}

if (chromium !== null) {
  const [name, otherwise] = PORTS[kind]
  const url = `http://127.0.0.1:${process.env[name] ?? otherwise}/`
  const profile = join(process.env[name.replace('_PORT', '_DATA_DIR')] ?? join(ROOT, 'data', kind), 'browser')
  if (!(await untilReady(`${url}local/v1/state`))) {
    host.kill('SIGTERM')
    fail(`${url} does not answer.`)
  }
  if (kind === 'caller') openDesk(chromium, url, profile)
  else {
    // A screen is nobody's to close: it is opened again until this program is ended.
    const say = (what: string): void => console.error(`${kind}: ${what}`)
    const screen = keepScreen({ chromium, flags: CHROMIUM_FLAGS, url, profile, say })
    host.once('exit', screen.close)
  }
}
