import { EventEmitter } from 'node:events'
import { expect } from 'vitest'

// As much of Electron as our windows use, and not a call more: whatever else is asked of it fails the test, so that what
// is proved here is proved of the calls that are really made.

/** Calls in their order, as `window.setKiosk(true)`. */
export interface FakeElectron {
  readonly calls: string[]
  readonly windows: FakeWindow[]
  readonly sessions: Map<string, FakePart>
  readonly parts: Readonly<Record<string, unknown>>
  readonly app: FakePart
  /** What was asked of Electron that this fake does not know. */
  readonly unknown: string[]
  readonly shortcuts: Map<string, () => void>
  readonly menus: (readonly { label?: string; enabled?: boolean; click?: () => void }[])[]
}

type Answers = Readonly<Record<string, unknown>>
export type FakePart = EventEmitter & Record<string, (...words: never[]) => unknown>
export interface FakeWindow {
  readonly window: FakePart
  readonly page: FakePart
  readonly options: { readonly webPreferences: Record<string, unknown> } & Record<string, unknown>
}

const LISTENING = ['on', 'once', 'emit', 'listeners', 'listenerCount']
/** What the language itself asks of any object. */
const SILENT = ['then', 'constructor', 'toJSON', 'asymmetricMatch']

/** @param answers - what each call gives back; a function is asked */
export function strictPart(fake: Pick<FakeElectron, 'calls' | 'unknown'>, name: string, answers: Answers): FakePart {
  const emitter = new EventEmitter()
  return new Proxy(emitter, {
    get(target, key) {
      const word = String(key)
      if (typeof key === 'symbol' || SILENT.includes(word)) return undefined
      if (LISTENING.includes(word)) return Reflect.get(target, key).bind(target)
      if (!(word in answers)) {
        fake.unknown.push(`${name}.${word}`)
        throw new Error(`Nothing is known of ${name}.${word}`)
      }
      const answer = answers[word]
      if (typeof answer !== 'function') return answer
      return (...words: readonly unknown[]) => {
        fake.calls.push(
          `${name}.${word}(${words.map((it) => (typeof it === 'object' && it !== null ? '{}' : String(it))).join(', ')})`,
        )
        return (answer as (...words: readonly unknown[]) => unknown)(...words)
      }
    },
  }) as unknown as FakePart
}

const yes = (): void => {}

function fakeSession(fake: FakeElectron, name: string): FakePart {
  const kept: Record<string, unknown> = {}
  const keep =
    (key: string) =>
    (handler: unknown): void => {
      kept[key] = handler
    }
  return strictPart(fake, name, {
    kept,
    webRequest: { onBeforeRequest: keep('request'), onHeadersReceived: keep('headers') },
    setPermissionRequestHandler: keep('permission'),
    setPermissionCheckHandler: keep('check'),
    setDevicePermissionHandler: keep('device'),
    setSpellCheckerEnabled: yes,
  })
}

function fakeWindow(fake: FakeElectron, options: FakeWindow['options']): FakePart {
  const kept: Record<string, unknown> = {}
  const page = strictPart(fake, 'page', {
    kept,
    loadURL: () => Promise.resolve(),
    setWindowOpenHandler(handler: unknown) {
      kept['open'] = handler
    },
    setZoomLevel: yes,
    forcefullyCrashRenderer: yes,
    sendInputEvent: yes,
  })
  let isVisible = false
  const window = strictPart(fake, 'window', {
    webContents: page,
    removeMenu: yes,
    show() {
      isVisible = true
    },
    hide() {
      isVisible = false
    },
    isVisible: () => isVisible,
    focus: yes,
    setKiosk: yes,
    isDestroyed: () => false,
  })
  fake.windows.push({ window, page, options })
  return window
}

/** @param keysTaken - of the whole machine, which another program has */
export function fakeElectron(keysTaken: readonly string[] = []): FakeElectron {
  const fake = {
    ...{ calls: [], unknown: [], windows: [], sessions: new Map(), shortcuts: new Map(), menus: [] },
  } as unknown as { -readonly [Key in keyof FakeElectron]: FakeElectron[Key] }
  fake.app = strictPart(fake, 'app', {
    isPackaged: true,
    getPath: () => '/nowhere',
    getLocale: () => 'ar-MA',
    requestSingleInstanceLock: () => true,
    whenReady: () => Promise.resolve(),
    enableSandbox: yes,
    relaunch: yes,
    exit: yes,
    quit: yes,
  })
  const make = (maker: (...words: never[]) => unknown) =>
    function Made(...words: never[]) {
      return maker(...words)
    }
  fake.parts = {
    app: fake.app,
    BrowserWindow: make((options: FakeWindow['options']) => fakeWindow(fake, options)),
    Menu: strictPart(fake, 'Menu', {
      setApplicationMenu: yes,
      buildFromTemplate: (entries: never) => void fake.menus.push(entries),
    }),
    powerSaveBlocker: strictPart(fake, 'powerSaveBlocker', { start: () => 1 }),
    session: strictPart(fake, 'session', {
      fromPartition(name: string) {
        const found = fake.sessions.get(name) ?? fakeSession(fake, name)
        fake.sessions.set(name, found)
        return found
      },
    }),
    globalShortcut: strictPart(fake, 'globalShortcut', {
      register(keys: string, act: () => void) {
        if (keysTaken.includes(keys)) return false
        fake.shortcuts.set(keys, act)
        return true
      },
      unregisterAll: yes,
    }),
    nativeImage: strictPart(fake, 'nativeImage', { createFromDataURL: () => ({}) }),
    Tray: make(() => strictPart(fake, 'tray', { setToolTip: yes, setContextMenu: yes })),
  }
  return fake
}

/** To be asked at the end of each test: a call that was swallowed on its way is a failure all the same. */
export const expectNothingUnknown = (fake: FakeElectron): void => expect(fake.unknown).toEqual([])
