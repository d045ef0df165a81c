import type * as Electron from 'electron'
import type { Opened } from '#shared/shell/run-shell.ts'
import type { FaceWords } from '#shared/words/create-words.ts'
import { GLOBAL_KEYS, SHOW_DESK_KEY } from './devices/global-keys.ts'
import type { CallerHost } from './host.ts'
import { TRAY_ICON } from './tray-icon.ts'

/** What of Electron the caller needs beyond a window. */
export type DeskParts = Pick<typeof Electron, 'app' | 'globalShortcut' | 'Menu' | 'nativeImage' | 'Tray'>

export type DeskHost = Pick<CallerHost, 'press' | 'setGlobalKeys' | 'onRaise'>

const BAR_SIZE = { width: 440, height: 72 }

function show(window: Electron.BrowserWindow): void {
  window.show()
  window.focus()
}

/** @returns the keys that another program has */
function listenToKeys({ globalShortcut, app }: DeskParts, { window }: Opened, host: DeskHost): readonly string[] {
  const got = GLOBAL_KEYS.filter(({ accelerator, act }) =>
    globalShortcut.register(accelerator, () => void host.press(act)),
  )
  host.setGlobalKeys(got)
  const isShown = globalShortcut.register(SHOW_DESK_KEY, () => (window.isVisible() ? window.hide() : show(window)))
  app.on('will-quit', () => globalShortcut.unregisterAll())
  const missed = GLOBAL_KEYS.filter((key) => !got.includes(key)).map(({ accelerator }) => accelerator)
  return isShown ? missed : [...missed, SHOW_DESK_KEY]
}

/** A desk beyond its window: it goes on in the tray, has a bar over other programs, and keys of the whole machine. */
export function openDesk(parts: DeskParts, opened: Opened, host: DeskHost, words: FaceWords): void {
  const { window, openBeside } = opened
  const { app, Menu, nativeImage, Tray } = parts
  let isQuitting = false
  app.on('before-quit', () => {
    isQuitting = true
  })
  // Who closes the desk still hears when somebody waits; it ends from the tray.
  window.on('close', (event) => {
    if (isQuitting) return
    event.preventDefault()
    window.hide()
  })
  const bar = openBeside('/?bar', { title: 'SmartQueue', isBar: true, size: BAR_SIZE })
  bar.on('close', (event) => {
    if (isQuitting) return
    event.preventDefault()
    bar.hide()
  })
  // What asks something first is asked at the desk, whether a key or a push-button asked for it.
  host.onRaise(() => show(window))
  const taken = listenToKeys(parts, opened, host)
  const tray = new Tray(nativeImage.createFromDataURL(TRAY_ICON))
  tray.setToolTip('SmartQueue')
  tray.on('click', () => show(window))
  tray.setContextMenu(
    Menu.buildFromTemplate([
      { label: words.say('tray.open'), click: () => show(window) },
      { label: words.say('tray.bar'), click: () => (bar.isVisible() ? bar.hide() : bar.show()) },
      ...taken.map((keys) => ({ label: words.say('tray.keyTaken', { keys }), enabled: false })),
      { type: 'separator' },
      { label: words.say('tray.quit'), click: () => app.quit() },
    ]),
  )
}
