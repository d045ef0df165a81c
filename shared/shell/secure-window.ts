import type { HostLog } from '../host/host-log.ts'
import { isForMachine } from '../ui/machine-keys.ts'
import type { ElectronParts, Window } from './electron-parts.ts'
import { lockSession } from './lock-session.ts'

export interface WindowWish {
  /** The page of the device's own host. */
  readonly url: string
  /** A screen stands before strangers: it fills everything, and nobody closes it. A desk's window is its agent's. */
  readonly isScreen: boolean
  readonly title: string
  readonly size?: { readonly width: number; readonly height: number }
  /** A small one over other programs. */
  readonly isBar?: boolean
  readonly mayListen?: boolean
  readonly log: HostLog
}

/** Named for a whole window: the memory of a screen is gone when it is switched off. */
const SCREEN_SESSION = 'smartqueue'
const DESK_SESSION = 'persist:smartqueue'

/** Its page stays where it is: no other address, no other window, nothing within it that is a browser of its own. */
function lockPage(window: Window, url: string, log: HostLog): void {
  const page = window.webContents
  const stay = (event: { readonly url: string; preventDefault(): void }): void => {
    // It may load itself anew.
    if (event.url === url) return
    event.preventDefault()
    log.warn({}, 'the page was kept from going somewhere else')
  }
  page.on('will-navigate', stay)
  page.on('will-frame-navigate', stay)
  page.on('will-redirect', stay)
  page.on('will-attach-webview', (event) => event.preventDefault())
  page.setWindowOpenHandler(() => {
    log.warn({}, 'a window was refused')
    return { action: 'deny' }
  })
  page.on('did-create-window', (child) => child.destroy())
  // No page of ours has a way to the main process, so whatever comes from there is nobody's.
  page.on('ipc-message', (_event, channel) => log.error({ channel }, 'a message that no page of ours sends'))
  page.on('ipc-message-sync', (event, channel) => {
    event.returnValue = null
    log.error({ channel }, 'a message that no page of ours sends')
  })
}

/** Nobody closes it, zooms it, or reaches what lies behind it. */
function lockScreen(window: Window): void {
  const page = window.webContents
  window.on('close', (event) => event.preventDefault())
  window.on('leave-full-screen', () => window.setKiosk(true))
  page.on('before-input-event', (event, input) => {
    const { key, control: isControl, meta: isMeta, alt: isAlt } = input
    if (isForMachine({ key, isControl, isMeta, isAlt })) event.preventDefault()
  })
  page.on('zoom-changed', () => page.setZoomLevel(0))
  page.on('will-prevent-unload', (event) => event.preventDefault())
}

/**
 * The one place where a window is made, and the only kind there is: its page has no Node, no bridge and no way out.
 * @returns the window; its page is not loaded yet
 */
export function secureWindow(electron: ElectronParts, wish: WindowWish): Window {
  const { url, isScreen, title, size, isBar = false, mayListen = false, log } = wish
  const { origin } = new URL(url)
  // It must be locked before its first window is made.
  const session = electron.session.fromPartition(isScreen ? SCREEN_SESSION : DESK_SESSION)
  lockSession(session, { origin, mayListen, log })
  const window = new electron.BrowserWindow({
    title,
    ...(size ?? {}),
    show: false,
    autoHideMenuBar: true,
    ...(isScreen && { kiosk: true, fullscreen: true, frame: false, closable: false, minimizable: false }),
    ...(isBar && { alwaysOnTop: true, frame: false, resizable: false, skipTaskbar: true, maximizable: false }),
    webPreferences: {
      session,
      contextIsolation: true,
      sandbox: true,
      nodeIntegration: false,
      nodeIntegrationInWorker: false,
      nodeIntegrationInSubFrames: false,
      webSecurity: true,
      allowRunningInsecureContent: false,
      experimentalFeatures: false,
      webviewTag: false,
      plugins: false,
      navigateOnDragDrop: false,
      spellcheck: false,
      safeDialogs: true,
      disableDialogs: isScreen,
      backgroundThrottling: false,
      autoplayPolicy: 'no-user-gesture-required',
      devTools: !electron.app.isPackaged,
    },
  })
  window.removeMenu()
  lockPage(window, url, log)
  if (isScreen) lockScreen(window)
  window.webContents.once('did-finish-load', () => window.show())
  return window
}
