// A kiosk or a display as it stands in a lobby: its host, and Chromium on a screen of its own (Xvfb), kept by tools/keep-screen.ts.
import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import { WebSocket } from 'ws'
import { pretendPrinter } from '../../kiosk/devices/pretend.ts'
import { profileNamed } from '../../shared/slip/profile.ts'
import { type BrowserEvent, type BrowserPipe, speakToBrowser } from '../../tools/browser-pipe.ts'
import { CHROMIUM_FLAGS, findChromium } from '../../tools/chromium.ts'
import { keepScreen } from '../../tools/keep-screen.ts'
import { openWorld, until } from '../world/world.ts'

export const SCREEN_SIZE = { width: 1080, height: 1200 }

/** Where the browser listens for a second pair of eyes, beside its keeper's pipe. */
const EYES = 'DevToolsActivePort'
const CONNECTS_MAX = 100

/** Somebody who looks on, and never acts unless told to. */
export interface Eyes extends BrowserPipe {
  readonly heard: readonly BrowserEvent[]
  /** false: the browser that was looked at has ended. */
  readonly isOpen: () => boolean
  /** Asks the kiosk's page. */
  readonly evaluate: (expression: string) => Promise<unknown>
  readonly askPage: (method: string, params?: object) => Promise<unknown>
}

async function openScreen(): Promise<{ readonly child: ChildProcess; readonly display: string }> {
  const { width, height } = SCREEN_SIZE
  const words = ['-displayfd', '3', '-screen', '0', `${width}x${height}x24`, '-nolisten', 'tcp']
  const child = spawn('Xvfb', words, { stdio: ['ignore', 'ignore', 'ignore', 'pipe'] })
  const [said] = await once(child.stdio[3] as Readable, 'data')
  return { child, display: `:${String(said).trim()}` }
}

async function readEyes(profile: string): Promise<string> {
  let address = ''
  await until('the browser can be looked at', () => {
    try {
      const [port, path] = readFileSync(join(profile, EYES), 'utf8').split('\n')
      address = `ws://127.0.0.1:${port}${path}`
      return path !== undefined
    } catch {
      return false
    }
  })
  return address
}

/** The file of a browser that was killed leads nowhere until the next has written its own. */
async function connect(profile: string): Promise<WebSocket> {
  for (let tries = 1; ; tries += 1) {
    const socket = new WebSocket(await readEyes(profile))
    try {
      await once(socket, 'open')
      return socket
    } catch (error) {
      if (tries >= CONNECTS_MAX) throw error
      await new Promise((resolve) => setTimeout(resolve, 200))
    }
  }
}

/** Looks at the one page of the browser that runs now. */
async function openEyes(profile: string): Promise<Eyes> {
  const socket = await connect(profile)
  const heard: BrowserEvent[] = []
  const { pipe, hear } = speakToBrowser(
    (text) => socket.send(text),
    (event) => heard.push(event),
  )
  socket.on('message', (bytes) => hear(String(bytes)))
  socket.on('error', () => {})
  await pipe.ask('Target.setDiscoverTargets', { discover: true })
  const { targetInfos } = (await pipe.ask('Target.getTargets')) as {
    targetInfos: readonly { readonly type: string; readonly targetId: string }[]
  }
  const targetId = targetInfos.find(({ type }) => type === 'page')?.targetId
  const { sessionId } = (await pipe.ask('Target.attachToTarget', { targetId, flatten: true })) as { sessionId: string }
  const askPage = (method: string, params: object = {}) => pipe.ask(method, { ...params }, sessionId)
  await askPage('Page.enable')
  await askPage('Inspector.enable')
  return {
    ...pipe,
    heard,
    isOpen: () => socket.readyState === WebSocket.OPEN,
    askPage,
    async evaluate(expression) {
      // As if somebody had just touched the screen: a browser allows more then.
      const words = { expression, returnByValue: true, userGesture: true, awaitPromise: false }
      return ((await askPage('Runtime.evaluate', words)) as { result?: { value?: unknown } } | null)?.result?.value
    },
    close() {
      pipe.close()
      socket.close()
    },
  }
}

export interface ScreenBox extends AsyncDisposable {
  readonly eyes: Eyes
  readonly url: string
  /** At the browser that was opened in the place of the first. */
  readonly lookAgain: () => Promise<Eyes>
  /** What the keeper had to do. */
  readonly said: string[]
  /** The browser's own process. */
  readonly pid: () => number
  /** A person at the screen. */
  readonly act: (...words: readonly string[]) => void
  /** Every window on the screen, the system's own dialogs among them. */
  readonly windowCount: () => number
}

export const isDrawn = async (eyes: Eyes): Promise<boolean> =>
  (await eyes.evaluate('document.querySelector("#root > *") !== null')) === true

export interface BoxWish {
  /** Left out: a kiosk. */
  readonly face?: 'kiosk' | 'display'
  /** How often its keeper looks at it. */
  readonly askMs?: number
}

export async function openScreenBox({ face = 'kiosk', askMs }: BoxWish = {}): Promise<ScreenBox> {
  const chromium = findChromium()
  if (chromium === null) throw new Error('No Chromium was found: apt-get install chromium, or set CHROMIUM.')
  const folder = mkdtempSync(join(tmpdir(), 'smartqueue-screen-'))
  const paper = profileNamed('paper-80')
  const world = await openWorld(Date.now())
  const printer = pretendPrinter({ folder: join(folder, 'paper'), profile: paper })
  const host = face === 'display' ? await world.display('hall') : await world.kiosk('kiosk', printer, paper)
  const { child, display } = await openScreen()
  process.env['DISPLAY'] = display
  const profile = join(folder, 'browser')
  const said: string[] = []
  const { width, height } = SCREEN_SIZE
  const eyed = ['--remote-debugging-port=0', '--remote-allow-origins=*', `--window-size=${width},${height}`]
  const screen = keepScreen({
    ...{ chromium, profile, url: `${host.url}/`, say: (what: string) => void said.push(what) },
    flags: [...CHROMIUM_FLAGS, ...eyed, '--window-position=0,0'],
    ...(askMs !== undefined && { askMs }),
  })
  const eyes = await openEyes(profile)
  await until(`the ${face} is drawn`, () => isDrawn(eyes))
  const act = (...words: readonly string[]): void => {
    execFileSync('xdotool', words, { stdio: 'ignore' })
  }
  const list = ['search', '--onlyvisible', '--name', '.*']
  return {
    eyes,
    lookAgain: () => openEyes(profile),
    said,
    act,
    url: `${host.url}/`,
    pid: () => screen.pid() ?? 0,
    windowCount: () => execFileSync('xdotool', list, { encoding: 'utf8' }).trim().split('\n').length,
    async [Symbol.asyncDispose]() {
      eyes.close()
      screen.close()
      await world[Symbol.asyncDispose]()
      child.kill('SIGKILL')
      rmSync(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 })
    },
  }
}
