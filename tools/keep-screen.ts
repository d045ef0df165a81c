import { type ChildProcess, spawn } from 'node:child_process'
import type { Readable, Writable } from 'node:stream'
import { type BrowserEvent, type BrowserPipe, openBrowserPipe } from './browser-pipe.ts'

const ASK_MS = 5_000
/** One that ends at once is not opened in a storm. */
const AGAIN_MS = 1_000
/** The host loads the page anew first; a page that still draws nothing after so many answers hangs for good. */
const DEAD_MAX = 6
/** A page that does not answer the browser itself so often hangs; it is asked every ASK_MS. */
const SILENT_MAX = 2
/** An answer is waited for so many looks. */
const LOOKS_PER_ANSWER = 2
/** A page that crashes so often before it has loaded once needs a fresh browser. */
const CRASHES_MAX = 5

export interface ScreenParts {
  readonly chromium: string
  readonly flags: readonly string[]
  /** The page of the host: the only one there is. */
  readonly url: string
  /** Of this window alone. */
  readonly profile: string
  readonly say: (what: string) => void
  /** Tests look more often. */
  readonly askMs?: number
}

/** What every screen's browser is told beside what every Chromium of ours is. */
const SCREEN_FLAGS = [
  '--kiosk',
  '--remote-debugging-pipe',
  '--autoplay-policy=no-user-gesture-required',
  '--deny-permission-prompts',
  '--disable-features=Translate,TranslateUI,MediaRouter,OptimizationHints,AutofillServerCommunication',
  '--disable-pinch',
  '--overscroll-history-navigation=0',
  '--disable-session-crashed-bubble',
  '--hide-crash-restore-bubble',
  '--disable-infobars',
  '--noerrdialogs',
  '--disable-component-extensions-with-background-pages',
  '--disable-extensions',
  '--no-default-browser-check',
  '--password-store=basic',
]

/** What the host has seen of its page. */
async function isDead(address: string): Promise<boolean> {
  try {
    const response = await fetch(address, { signal: AbortSignal.timeout(ASK_MS) })
    const { screen } = (await response.json()) as { screen: string | null }
    return screen === 'frozen' || screen === 'missing'
  } catch {
    // The page says so itself, and draws again when the host is back.
    return false
  }
}

interface Target {
  readonly targetId: string
  readonly type: string
}

/** One run of the browser: its page is held where it is, and loaded again when its process dies. */
function holdPage(child: ChildProcess, { url, say, askMs = ASK_MS }: ScreenParts, end: (why: string) => void) {
  const isOwn = (address: string): boolean => address.split('#')[0] === url
  let own: { readonly targetId: string; readonly sessionId: string } | null = null
  let crashCount = 0
  let lossCount = 0

  async function lock(sessionId: string): Promise<void> {
    const ask = (method: string, params = {}) => pipe.ask(method, params, sessionId)
    // Whatever it would load instead of itself is stopped before it is asked for.
    await Promise.all([
      ask('Page.enable'),
      ask('Inspector.enable'),
      ask('Fetch.enable', { patterns: [{ urlPattern: '*', resourceType: 'Document' }] }),
      ask('Page.setInterceptFileChooserDialog', { enabled: true }),
      pipe.ask('Browser.setDownloadBehavior', { behavior: 'deny' }),
    ])
  }

  function attach({ targetInfo, sessionId }: { readonly targetInfo: Target; readonly sessionId: string }): void {
    const isPage = targetInfo.type === 'page'
    if (isPage && own === null) {
      own = { targetId: targetInfo.targetId, sessionId }
      void lock(sessionId)
    } else if (isPage) {
      // Were it held at its start, whoever opened it would stand still, too.
      say('a window was refused')
      void pipe.ask('Target.closeTarget', { targetId: targetInfo.targetId })
    }
  }

  function crashed(sessionId: string): void {
    crashCount += 1
    lossCount += 1
    say('the page crashed and is loaded again')
    if (crashCount > CRASHES_MAX) end('it crashes again and again')
    else void pipe.ask('Page.navigate', { url }, sessionId)
  }

  function hearOwn({ method, params }: BrowserEvent, sessionId: string): void {
    if (method === 'Inspector.targetCrashed') crashed(sessionId)
    else if (method === 'Page.loadEventFired') crashCount = 0
    else if (method === 'Page.javascriptDialogOpening')
      void pipe.ask('Page.handleJavaScriptDialog', { accept: false }, sessionId)
    else if (method === 'Fetch.requestPaused') {
      const { requestId, request } = params as { requestId: string; request: { url: string } }
      if (isOwn(request.url)) void pipe.ask('Fetch.continueRequest', { requestId }, sessionId)
      else {
        say('the page was kept from going somewhere else')
        void pipe.ask('Fetch.failRequest', { requestId, errorReason: 'Aborted' }, sessionId)
      }
    } else if (method === 'Page.frameNavigated') {
      const { frame } = params as { frame: { url: string; parentId?: string } }
      // What needs no request, as an empty page.
      if (frame.parentId === undefined && !isOwn(frame.url)) void pipe.ask('Page.navigate', { url }, sessionId)
    }
  }

  const [, , , into, from] = child.stdio as unknown as readonly [null, null, null, Writable, Readable]
  const pipe: BrowserPipe = openBrowserPipe(
    into,
    from,
    (event) => {
      if (event.method === 'Target.attachedToTarget') attach(event.params as unknown as Parameters<typeof attach>[0])
      else if (event.method === 'Target.targetDestroyed' && event.params['targetId'] === own?.targetId)
        end('its page was closed')
      else if (own !== null && event.sessionId === own.sessionId) hearOwn(event, own.sessionId)
    },
    askMs * LOOKS_PER_ANSWER,
  )
  void pipe.ask('Target.setDiscoverTargets', { discover: true })
  void pipe.ask('Target.setAutoAttach', { autoAttach: true, waitForDebuggerOnStart: false, flatten: true })
  return {
    /** Whether the page's own loop turns; null: there is no page yet. */
    async answers(): Promise<boolean | null> {
      if (own === null) return null
      const lossesBefore = lossCount
      const isAnswered = (await pipe.ask('Runtime.evaluate', { expression: '1' }, own.sessionId)) !== null
      // A question dies with the page it was put to; that is no silence.
      return lossCount === lossesBefore ? isAnswered : null
    },
    close: pipe.close,
  }
}

/**
 * Keeps a screen's window open and its page in it: a page that crashed is loaded again, a browser that ended, was closed or
 * whose page hangs is opened again; and nobody gets to another page or window.
 * @returns closes it
 */
export function keepScreen(parts: ScreenParts): { close(): void; pid(): number | undefined } {
  const { chromium, flags, url, profile, say, askMs = ASK_MS } = parts
  let isEnding = false
  let deadCount = 0
  let silentCount = 0
  let held: ReturnType<typeof holdPage> | null = null
  let window = open()

  function open(): ChildProcess {
    deadCount = 0
    silentCount = 0
    const words = [...flags, ...SCREEN_FLAGS, `--user-data-dir=${profile}`, `--app=${url}`]
    const child = spawn(chromium, words, { stdio: ['ignore', 'ignore', 'ignore', 'pipe', 'pipe'] })
    const end = (why: string): void => {
      if (child.exitCode !== null || child.signalCode !== null) return
      say(`the browser is opened again: ${why}`)
      child.kill('SIGKILL')
    }
    held = holdPage(child, parts, end)
    child.once('error', () => {})
    child.once('close', () => {
      held?.close()
      held = null
      if (!isEnding) setTimeout(reopen, AGAIN_MS)
    })
    return child
  }

  function reopen(): void {
    if (!isEnding) window = open()
  }

  async function look(): Promise<void> {
    const answers = (await held?.answers()) ?? null
    silentCount = answers === false ? silentCount + 1 : 0
    deadCount = (await isDead(`${url}local/v1/page`)) ? deadCount + 1 : 0
    if (deadCount < DEAD_MAX && silentCount < SILENT_MAX) return
    say('the page hangs: the browser is opened again')
    window.kill('SIGKILL')
    deadCount = 0
    silentCount = 0
  }

  let isLooking = false
  const timer = setInterval(() => {
    if (isLooking) return
    isLooking = true
    void look().finally(() => {
      isLooking = false
    })
  }, askMs)
  return {
    close() {
      isEnding = true
      clearInterval(timer)
      window.kill()
    },
    pid: () => window.pid,
  }
}
