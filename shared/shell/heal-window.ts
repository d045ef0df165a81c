import type { HostLog } from '../host/host-log.ts'
import type { Window } from './electron-parts.ts'

/** A page that ends at once is not loaded in a storm. */
const AGAIN_MS = 250
const AGAIN_MS_MAX = 8_000
/** How long a page may hang before it is ended by force. */
const HANG_MS_MAX = 8_000
/** A page that stood as long has healed. */
const HEALED_MS = 60_000
/** How often the host is asked whether its page draws, and after how many bad answers the page is ended. */
const ASK_MS = 5_000
const DEAD_MAX = 6
/** So often in a row a page is loaded anew; then the whole program is. */
const FAILURES_MAX = 12

export interface Healing {
  readonly url: string
  readonly log: HostLog
  /** What the host has seen of its page: it hangs although nobody touches it, where the window notices nothing. */
  readonly isFrozen: () => Promise<boolean>
  /** Starts the whole program anew. */
  readonly startAgain: () => void
}

/**
 * Keeps a window's page drawing: one that crashed or could not be loaded is loaded again, one that hangs is ended and
 * loaded again, and when that does not help the program starts anew.
 */
export function healWindow(window: Window, { url, log, isFrozen, startAgain }: Healing): void {
  const page = window.webContents
  let failureCount = 0
  let again: NodeJS.Timeout | null = null
  let hang: NodeJS.Timeout | null = null
  let healed: NodeJS.Timeout | null = null

  function stop(timer: NodeJS.Timeout | null): null {
    if (timer !== null) clearTimeout(timer)
    return null
  }

  function load(): void {
    // What it fails on is told by did-fail-load.
    if (!window.isDestroyed()) page.loadURL(url).catch(() => {})
  }

  function fail(what: string): void {
    hang = stop(hang)
    healed = stop(healed)
    // One failure can be told twice, as a load that ends because its process does.
    if (again !== null) return
    failureCount += 1
    log.error({ failureCount }, what)
    if (failureCount > FAILURES_MAX) {
      startAgain()
      return
    }
    again = setTimeout(
      () => {
        again = null
        load()
      },
      Math.min(AGAIN_MS_MAX, AGAIN_MS * 2 ** (failureCount - 1)),
    )
  }

  page.on('render-process-gone', () => fail('the page crashed and is loaded again'))
  page.on('did-fail-load', (_event, code, _text, _url, isMainFrame) => {
    // -3: it was ended by us, as when the page was kept from going somewhere else.
    if (isMainFrame && code !== -3) fail('the page could not be loaded and is loaded again')
  })
  page.on('did-finish-load', () => {
    healed = stop(healed)
    healed = setTimeout(() => {
      failureCount = 0
    }, HEALED_MS)
  })
  page.on('unresponsive', () => {
    hang ??= setTimeout(() => {
      hang = null
      log.error({}, 'the page hangs and is ended')
      page.forcefullyCrashRenderer()
    }, HANG_MS_MAX)
  })
  page.on('responsive', () => {
    hang = stop(hang)
  })
  let frozenCount = 0
  const asking = setInterval(() => {
    void isFrozen().then((frozen) => {
      frozenCount = frozen ? frozenCount + 1 : 0
      if (frozenCount < DEAD_MAX || window.isDestroyed()) return
      frozenCount = 0
      log.error({}, 'the page draws nothing any more and is ended')
      page.forcefullyCrashRenderer()
    })
  }, ASK_MS)
  window.on('closed', () => {
    clearInterval(asking)
    again = stop(again)
    hang = stop(hang)
    healed = stop(healed)
  })
  load()
}
