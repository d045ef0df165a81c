import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { ElectronParts } from './electron-parts.ts'
import { healWindow } from './heal-window.ts'
import { secureWindow, type WindowWish } from './secure-window.ts'
import { expectNothingUnknown, type FakeElectron, type FakeWindow, fakeElectron } from './testing/fake-electron.ts'

const URL_OF_PAGE = 'http://127.0.0.1:7071/'
const log = { info: () => {}, warn: () => {}, error: () => {} }
let fake: FakeElectron

beforeEach(() => {
  fake = fakeElectron()
})
afterEach(() => {
  expectNothingUnknown(fake)
})

function open(more: Partial<WindowWish> = {}): FakeWindow {
  secureWindow(fake.parts as unknown as ElectronParts, { url: URL_OF_PAGE, isScreen: true, title: '', log, ...more })
  const made = fake.windows.at(-1)
  if (made === undefined) throw new Error('No window was made')
  return made
}

/** @returns what the handler that was handed to this session answers */
function ask(handler: string, ...words: readonly unknown[]): unknown {
  const kept = [...fake.sessions.values()].at(-1)?.['kept'] as unknown as Record<string, (...it: unknown[]) => unknown>
  return kept[handler]?.(...words)
}

const isCancelled = (url: string, resourceType: string): boolean => {
  let answered = { cancel: false }
  ask('request', { url, resourceType }, (answer: typeof answered) => {
    answered = answer
  })
  return answered.cancel
}

/** @returns whether somebody prevented it */
function happens(part: FakeWindow['page'], name: string, details: object = {}): boolean {
  let isPrevented = false
  const event = { ...details, preventDefault: () => void Object.assign(event, { isPrevented: true }) }
  part.emit(name as never, ...([event, details] as never[]))
  isPrevented = 'isPrevented' in event
  return isPrevented
}

const CHECKLIST = {
  contextIsolation: true,
  sandbox: true,
  nodeIntegration: false,
  nodeIntegrationInWorker: false,
  nodeIntegrationInSubFrames: false,
  webSecurity: true,
  allowRunningInsecureContent: false,
  experimentalFeatures: false,
  webviewTag: false,
  navigateOnDragDrop: false,
  devTools: false,
}

test.each([true, false])('every window keeps to the checklist of Electron (a screen: %s)', (isScreen) => {
  const { options, page } = open({ isScreen })
  const found = Object.entries(options.webPreferences).filter(([name]) => name in CHECKLIST)
  expect(Object.fromEntries(found)).toEqual(CHECKLIST)
  // No bridge: what is not there cannot be misused.
  expect(Object.keys(options.webPreferences)).not.toContain('preload')
  expect(Object.keys(options.webPreferences)).not.toContain('enableBlinkFeatures')
  expect(happens(page, 'will-attach-webview')).toBe(true)
})

test('the page stays where it is, and may load itself anew', () => {
  const { page } = open()
  for (const name of ['will-navigate', 'will-frame-navigate', 'will-redirect']) {
    for (const url of ['https://example.org/', 'file:///etc/passwd', 'http://127.0.0.1:7071/other', 'about:blank'])
      expect(happens(page, name, { url }), `${name} ${url}`).toBe(true)
    expect(happens(page, name, { url: URL_OF_PAGE })).toBe(false)
  }
  const kept = page['kept'] as unknown as { open: (details: object) => unknown }
  expect(kept.open({ url: URL_OF_PAGE })).toEqual({ action: 'deny' })
})

test('nothing is asked of any other address', () => {
  open()
  const refused = [
    'https://example.org/a.js',
    'http://127.0.0.1:7070/',
    'http://127.0.0.1:7071.example.org/',
    'file:///',
  ]
  for (const url of refused) expect(isCancelled(url, 'script'), url).toBe(true)
  for (const url of ['http://127.0.0.1:7071/app.js', 'ws://127.0.0.1:7071/local/v1/feed', 'data:image/png;base64,AA=='])
    expect(isCancelled(url, 'xhr'), url).toBe(false)
  expect(isCancelled('data:text/html,hello', 'mainFrame')).toBe(true)
  expect(isCancelled(`blob:${URL_OF_PAGE}1`, 'mainFrame')).toBe(true)
})

test('an answer without a content security policy may load nothing; one with a policy keeps it', () => {
  open()
  const headersOf = (responseHeaders: Record<string, string[]>): unknown => {
    let answered: unknown
    ask('headers', { responseHeaders }, (answer: { responseHeaders: unknown }) => {
      answered = answer.responseHeaders
    })
    return answered
  }
  expect(headersOf({})).toEqual({ 'Content-Security-Policy': ["default-src 'none'"] })
  const own = { 'content-security-policy': ["default-src 'self'"] }
  expect(headersOf(own)).toEqual(own)
})

test('downloads, permissions and devices are refused; only a desk may listen', () => {
  const isGiven = (permission: string, details: object): boolean => {
    let answered = true
    const tell = (it: boolean): void => {
      answered = it
    }
    ask('permission', null, permission, tell, { requestingUrl: URL_OF_PAGE, ...details })
    return answered
  }
  open()
  const [session] = fake.sessions.values()
  expect(session && happens(session, 'will-download')).toBe(true)
  expect(ask('device')).toBe(false)
  for (const name of [
    'media',
    'geolocation',
    'notifications',
    'fullscreen',
    'openExternal',
    'clipboard-read',
    'serial',
  ])
    expect(isGiven(name, { mediaTypes: ['audio'] }), name).toBe(false)
  expect(ask('check', null, 'media', URL_OF_PAGE, { mediaType: 'audio' })).toBe(false)
  open({ isScreen: false, mayListen: true })
  expect(isGiven('media', { mediaTypes: ['audio'] })).toBe(true)
  expect(isGiven('media', { mediaTypes: ['audio', 'video'] })).toBe(false)
  expect(isGiven('media', { mediaTypes: [] })).toBe(false)
  expect(isGiven('media', { mediaTypes: ['audio'], requestingUrl: 'https://example.org/' })).toBe(false)
  expect(isGiven('geolocation', { mediaTypes: ['audio'] })).toBe(false)
})

test('ten thousand messages to the main process are answered with nothing', () => {
  const { page } = open()
  const before = fake.calls.length
  for (let count = 0; count < 10_000; count += 1) {
    const event = { returnValue: 'unanswered', senderFrame: { url: 'https://example.org/' } }
    page.emit(
      (count % 2 === 0 ? 'ipc-message' : 'ipc-message-sync') as never,
      ...([event, `c${count}`, count] as never[]),
    )
    expect(event.returnValue).toBe(count % 2 === 0 ? 'unanswered' : null)
  }
  expect(fake.calls.length).toBe(before)
})

test('a screen is closed by nobody and hears no key of the machine; what people and scanners type, it hears', () => {
  const { window, page, options } = open()
  expect(options).toMatchObject({ kiosk: true, closable: false })
  expect(happens(window, 'close')).toBe(true)
  const reaches = (key: string, more: object = {}): boolean =>
    !happens(page, 'before-input-event', { key, control: false, meta: false, alt: false, ...more })
  for (const name of ['w', 'n', 't', 'r', 'p', 'o', 's', 'u', '+', 'Tab'])
    for (const modifier of ['control', 'meta', 'alt', ''])
      expect(reaches(name, { [modifier]: true }), name).toBe(modifier === '')
  for (const name of ['F1', 'F5', 'F11', 'F12', 'BrowserBack', 'ContextMenu']) expect(reaches(name), name).toBe(false)
  expect(reaches('F9')).toBe(true)
  expect(reaches('4', { alt: true })).toBe(true)
})

test('a page that crashes is loaded again, one that hangs is ended, and what never heals starts the program anew', async () => {
  vi.useFakeTimers()
  try {
    let startCount = 0
    let isFrozen = false
    const { window, page } = open()
    const loads = (): number => fake.calls.filter((it) => it.startsWith('page.loadURL')).length
    const ends = (): number => fake.calls.filter((it) => it.startsWith('page.forcefullyCrash')).length
    healWindow(window as never, {
      ...{ url: URL_OF_PAGE, log, isFrozen: async () => isFrozen },
      startAgain: () => {
        startCount += 1
      },
    })
    expect(loads()).toBe(1)
    page.emit('render-process-gone')
    // The load that was under way ends with its process: one failure, not two.
    page.emit('did-fail-load' as never, ...([{}, -2, '', '', true] as never[]))
    await vi.advanceTimersByTimeAsync(500)
    expect(loads()).toBe(2)
    page.emit('did-fail-load' as never, ...([{}, -3, '', '', true] as never[]))
    page.emit('unresponsive')
    page.emit('responsive')
    await vi.advanceTimersByTimeAsync(20_000)
    expect([loads(), ends()]).toEqual([2, 0])
    page.emit('unresponsive')
    await vi.advanceTimersByTimeAsync(10_000)
    expect(ends()).toBe(1)
    isFrozen = true
    await vi.advanceTimersByTimeAsync(35_000)
    expect(ends()).toBe(2)
    isFrozen = false
    for (let count = 0; count < 20; count += 1) {
      page.emit('render-process-gone')
      await vi.advanceTimersByTimeAsync(9_000)
    }
    expect(startCount).toBeGreaterThan(0)
    window.emit('closed')
  } finally {
    vi.useRealTimers()
  }
})
