import type { Page } from 'playwright-core'

/** One sound of a page, as its loudspeaker got it. All pages of a test read one wall clock. */
export interface LobbySound {
  readonly display: string
  readonly kind: 'chime' | 'clip'
  /** What of the voice it is: the text of a phrase, or the hash of a recorded clip. */
  readonly says: string
  readonly atMs: number
  readonly ms: number
  /** Its last moment, also where it was broken off with its page. */
  endedMs: number
}

/** A number that a page has shown as called, when it first did. */
export interface SeenNumber {
  readonly display: string
  readonly number: string
  readonly atMs: number
}

interface Told {
  readonly type: 'start' | 'end' | 'seen'
  readonly id: number
  readonly kind: 'chime' | 'clip'
  readonly says: string
  readonly atMs: number
  readonly ms: number
}

/** Runs in the page: everything that is started on the way to the loudspeaker is told at once, for a page may be killed. */
function listenIn(): void {
  const tell = (told: object): void => {
    void (window as unknown as { tellTest: (told: object) => Promise<void> }).tellTest({ atMs: Date.now(), ...told })
  }
  const pathOf = new WeakMap<object, string>()
  const fetchBytes = Response.prototype.arrayBuffer
  Response.prototype.arrayBuffer = async function () {
    const bytes = await fetchBytes.call(this)
    pathOf.set(bytes, this.url)
    return bytes
  }
  const decode = BaseAudioContext.prototype.decodeAudioData
  BaseAudioContext.prototype.decodeAudioData = async function (bytes: ArrayBuffer) {
    const path = pathOf.get(bytes) ?? ''
    const sound = await decode.call(this, bytes)
    pathOf.set(sound, path)
    return sound
  }
  let id = 0
  const note = (source: AudioScheduledSourceNode, kind: string, says: string, ms: number): void => {
    id += 1
    const own = id
    tell({ type: 'start', id: own, kind, says, ms })
    source.addEventListener('ended', () => tell({ type: 'end', id: own, kind, says, ms }))
  }
  const speak = AudioBufferSourceNode.prototype.start
  AudioBufferSourceNode.prototype.start = function (...when) {
    const url = new URL((this.buffer && pathOf.get(this.buffer)) || 'http://nowhere/')
    const says = url.searchParams.get('text') ?? url.pathname.split('/').at(-1) ?? ''
    note(this, 'clip', says, (this.buffer?.duration ?? 0) * 1_000)
    speak.apply(this, when)
  }
  const ring = OscillatorNode.prototype.start
  OscillatorNode.prototype.start = function (...when) {
    note(this, 'chime', '', 600)
    ring.apply(this, when)
  }
  const seen = new Set<string>()
  const look = (): void => {
    for (const shown of document.querySelectorAll('.call-number')) {
      const number = shown.textContent?.trim() ?? ''
      if (number === '' || seen.has(number)) continue
      seen.add(number)
      tell({ type: 'seen', id: 0, kind: 'clip', says: number, ms: 0 })
    }
  }
  new MutationObserver(look).observe(document, { subtree: true, childList: true, characterData: true })
}

export interface LobbyEar {
  readonly sounds: LobbySound[]
  readonly seen: SeenNumber[]
}

/** Listens to and looks at the pages of a lobby from now on; each is loaded anew. */
export async function listenInLobby(pages: Readonly<Record<string, Page>>): Promise<LobbyEar> {
  const ear: LobbyEar = { sounds: [], seen: [] }
  for (const [display, page] of Object.entries(pages)) {
    const open = new Map<number, LobbySound>()
    let diedMs = Number.POSITIVE_INFINITY
    page.on('crash', () => {
      diedMs = Date.now()
      for (const sound of open.values()) sound.endedMs = Math.min(sound.endedMs, diedMs)
    })
    await page.exposeFunction('tellTest', ({ type, id, kind, says, atMs, ms }: Told) => {
      if (type === 'seen') ear.seen.push({ display, number: says, atMs })
      else if (type === 'end') {
        const sound = open.get(id)
        if (sound !== undefined) sound.endedMs = atMs
        open.delete(id)
      } else {
        const sound = { display, kind, says, atMs, ms, endedMs: atMs + ms }
        open.set(id, sound)
        ear.sounds.push(sound)
      }
    })
    await page.addInitScript(listenIn)
    await page.reload()
  }
  return ear
}
