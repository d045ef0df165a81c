import { type ChildProcess, spawn } from 'node:child_process'
import { join } from 'node:path'
import { CHROMIUM_FLAGS, findChromium } from './chromium.ts'
import { keepAlive } from './keep-alive.ts'
import { ROOT, untilReady } from './programs.ts'

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

const host = spawn(process.execPath, [join(ROOT, 'dist/programs', `${kind}.js`)], { cwd: ROOT, stdio: 'inherit' })
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => host.kill('SIGTERM'))
host.once('exit', (code) => process.exit(code ?? 0))

if (chromium !== null) {
  const [name, otherwise] = PORTS[kind]
  const url = `http://127.0.0.1:${process.env[name] ?? otherwise}/`
  const profile = join(process.env[name.replace('_PORT', '_DATA_DIR')] ?? join(ROOT, 'data', kind), 'browser')
  const look = kind === 'caller' ? [`--app=${url}`] : ['--kiosk', '--autoplay-policy=no-user-gesture-required', url]
  if (!(await untilReady(`${url}local/v1/state`))) {
    host.kill('SIGTERM')
    fail(`${url} does not answer.`)
  }
  const open = (): ChildProcess =>
    spawn(chromium, [...CHROMIUM_FLAGS, `--user-data-dir=${profile}`, ...look], { stdio: 'ignore' })
  // A desk's window is its agent's to close; a kiosk's screen is nobody's.
  if (kind === 'kiosk') keepAlive(open, `${url}local/v1/page`, host)
  else {
    const window = open()
    window.once('exit', () => host.kill('SIGTERM'))
    host.once('exit', () => window.kill())
  }
}
