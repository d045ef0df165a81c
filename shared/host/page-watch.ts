import type { ScreenState } from '../wire/screens.ts'
import type { HostLog } from './host-log.ts'

/** How often the pages are looked at. Looks are counted, not time: a box that slept or whose clock jumped is not dead. */
const LOOK_MS = 5_000
/** As many looks without a sign of life: something is wrong. */
const LOOKS_MAX = 3
/** A reload that did not help is tried again after so many. */
const LOOKS_BETWEEN_RELOADS = 6

/** One page's end of the watch. */
export interface WatchedPage {
  /** The page has just drawn something. */
  beat(): void
  gone(): void
}

/** Watches whether the page of this device draws, and has one that does not loaded anew. */
export interface PageWatch {
  /** A page has opened its socket. @param reload - has it loaded anew */
  opened(reload: () => void): WatchedPage
  /** null: nobody has looked long enough, or this device never had a page. */
  state(): ScreenState | null
  onState(listener: () => void): void
  close(): void
}

export interface PageWatchParts {
  readonly log: HostLog
  /** Whether this device has ever shown its page; a host that is run without a window is not a dead screen. */
  readonly hadPage: boolean
  /** Called once, when the first page ever draws. */
  readonly notePage: () => void
  /** Tests look more often. */
  readonly lookMs?: number
}

export function watchPages({ log, hadPage, notePage, lookMs = LOOK_MS }: PageWatchParts): PageWatch {
  const pages = new Set<{ missed: number; readonly reload: () => void }>()
  const listeners: (() => void)[] = []
  let wasShown = hadPage
  let emptyLooks = 0
  let known: ScreenState | null = null

  function judge(): void {
    const isDrawn = [...pages].some(({ missed }) => missed < LOOKS_MAX)
    const isMissing = pages.size === 0 && emptyLooks >= LOOKS_MAX && wasShown
    // A page that loads anew is away for a moment, and what was known of it stays.
    const state = isDrawn ? 'shown' : pages.size > 0 ? 'frozen' : isMissing ? 'missing' : known
    if (state === known) return
    if (state === 'shown') log.info({}, 'the screen is alive')
    else log.error({ screen: state }, 'the screen is not alive')
    known = state
    for (const listener of listeners) listener()
  }

  function look(): void {
    emptyLooks = pages.size === 0 ? emptyLooks + 1 : 0
    for (const page of pages) {
      page.missed += 1
      if (page.missed < LOOKS_MAX || (page.missed - LOOKS_MAX) % LOOKS_BETWEEN_RELOADS !== 0) continue
      log.warn({}, 'the page draws nothing any more and is loaded anew')
      page.reload()
    }
    judge()
  }
  const timer = setInterval(look, lookMs)
  timer.unref()

  return {
    opened(reload) {
      const page = { missed: 0, reload }
      pages.add(page)
      return {
        beat() {
          page.missed = 0
          if (!wasShown) notePage()
          wasShown = true
          judge()
        },
        gone: () => void pages.delete(page),
      }
    },
    state: () => known,
    onState: (listener) => void listeners.push(listener),
    close: () => clearInterval(timer),
  }
}
