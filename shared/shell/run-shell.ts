import type { HostLog } from '../host/host-log.ts'
import type { RunningHost } from '../host/start-host.ts'
import type { ElectronParts, Window } from './electron-parts.ts'
import { healWindow } from './heal-window.ts'
import { secureWindow, type WindowWish } from './secure-window.ts'

/** A graphics process that was lost so often is not asked again: the machine draws without it. */
const GRAPHICS_LOSSES_MAX = 3
const ASK_MS_MAX = 4_000
const NO_GRAPHICS = '--disable-gpu'

export interface ShellWish {
  readonly electron: ElectronParts
  readonly log: HostLog
  readonly isScreen: boolean
  readonly title: string
  readonly size?: { readonly width: number; readonly height: number }
  readonly mayListen?: boolean
  /** Starts the device's host in this process. */
  readonly startHost: () => Promise<RunningHost>
  /** What a face adds once its window is there, as the caller's tray. */
  readonly onOpen?: (open: Opened) => void
}

export interface Opened {
  readonly window: Window
  readonly running: RunningHost
  /** Opens another page of the same host. */
  readonly openBeside: (path: string, wish: Pick<WindowWish, 'title' | 'isBar'> & Pick<ShellWish, 'size'>) => Window
}

/** Starts the program anew, with what it was told, in this process's place. */
function startAgain({ app }: ElectronParts, more: readonly string[] = []): void {
  app.relaunch({ args: [...new Set([...process.argv.slice(1), ...more])] })
  app.exit(1)
}

/** A lost graphics process is replaced by Chromium itself; one that is lost again and again is left out. */
function healGraphics(electron: ElectronParts, log: HostLog): void {
  let lossCount = 0
  electron.app.on('child-process-gone', (_event, { type, reason }) => {
    log.error({ type, reason }, 'a process of the window ended')
    if (type !== 'GPU' || process.argv.includes(NO_GRAPHICS)) return
    lossCount += 1
    if (lossCount >= GRAPHICS_LOSSES_MAX) startAgain(electron, [NO_GRAPHICS])
  })
}

/** Whether the host has a page that draws nothing any more; it tells itself so in /local/v1/page. */
async function askIsFrozen(hostUrl: string): Promise<boolean> {
  try {
    const answer = await fetch(new URL('/local/v1/page', hostUrl), { signal: AbortSignal.timeout(ASK_MS_MAX) })
    return ((await answer.json()) as { screen: string | null }).screen === 'frozen'
  } catch {
    // It stands in this process: when it does not answer, nothing here does, and the watchdog hears no beat.
    return false
  }
}

async function open(wish: ShellWish): Promise<void> {
  const { electron, log, isScreen, title, size, mayListen = false, startHost, onOpen } = wish
  electron.Menu.setApplicationMenu(null)
  if (isScreen) electron.powerSaveBlocker.start('prevent-display-sleep')
  const running = await startHost()
  running.restartBy?.(() => startAgain(electron))
  const openPage: Opened['openBeside'] = (path, more) => {
    const url = new URL(path, `${running.url}/`).href
    const window = secureWindow(electron, { url, isScreen, mayListen, log, ...more })
    const isFrozen = (): Promise<boolean> => askIsFrozen(running.url)
    healWindow(window, { url, log, isFrozen, startAgain: () => startAgain(electron) })
    return window
  }
  const window = openPage('/', { title, ...(size && { size }) })
  electron.app.on('second-instance', () => {
    window.show()
    window.focus()
  })
  onOpen?.({ window, running, openBeside: openPage })
}

/**
 * Runs a face as a program of its own: its host in this process, and one window that shows the host's page.
 * It returns at once: Electron is ready only when its main file has been read to the end.
 */
export function runShell(wish: ShellWish): void {
  const { electron, log, isScreen } = wish
  const { app } = electron
  if (!app.requestSingleInstanceLock()) {
    app.exit(0)
    return
  }
  app.enableSandbox()
  healGraphics(electron, log)
  // Whatever else is ever opened is closed.
  app.on('web-contents-created', (_event, contents) => contents.setWindowOpenHandler(() => ({ action: 'deny' })))
  app.on('certificate-error', (event, _contents, _url, _error, _certificate, answer) => {
    event.preventDefault()
    answer(false)
  })
  if (!isScreen) app.on('window-all-closed', () => app.quit())
  app
    .whenReady()
    .then(() => open(wish))
    .catch((error: unknown) => {
      log.error({ err: error }, 'the window cannot be opened')
      app.exit(1)
    })
}
