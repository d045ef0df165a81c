import type { Page, Request } from 'playwright-core'
import type { Language } from '../../shared/domain/ids.ts'

/** What a page asked its host to say. */
export interface Said {
  readonly text: string
  readonly language: Language
}

/** One sound that came out of a page, as its loudspeaker got it. */
export interface Played {
  readonly kind: 'speech' | 'chime'
  readonly seconds: number
  /** 0 is silence. */
  readonly loudness: number
  /** It was heard to its end, or broken off. */
  readonly hasEnded: boolean
}

export interface Ear {
  /** In the order in which it was asked for. */
  readonly said: Said[]
  played(): Promise<readonly Played[]>
}

/** Runs in the page: everything that is started on the way to the loudspeaker is written down. */
function listenIn(): void {
  const heard: { kind: string; seconds: number; loudness: number; hasEnded: boolean }[] = []
  Object.assign(window, { heard })
  const note = (source: AudioScheduledSourceNode, kind: string, seconds: number, loudness: number): void => {
    const entry = { kind, seconds, loudness, hasEnded: false }
    heard.push(entry)
    source.addEventListener('ended', () => {
      entry.hasEnded = true
    })
  }
  const speak = AudioBufferSourceNode.prototype.start
  AudioBufferSourceNode.prototype.start = function (...when) {
    const samples = this.buffer?.getChannelData(0) ?? new Float32Array(1)
    const sum = samples.reduce((before, sample) => before + sample * sample, 0)
    note(this, 'speech', this.buffer?.duration ?? 0, Math.sqrt(sum / samples.length))
    speak.apply(this, when)
  }
  const ring = OscillatorNode.prototype.start
  OscillatorNode.prototype.start = function (...when) {
    note(this, 'chime', 0, 1)
    ring.apply(this, when)
  }
}

/** Listens to a kiosk's page from now on. */
export async function listenTo(page: Page): Promise<Ear> {
  const said: Said[] = []
  page.on('request', (request: Request) => {
    if (request.url().endsWith('/local/v1/speech')) said.push(request.postDataJSON() as Said)
  })
  await page.addInitScript(listenIn)
  await page.reload()
  return {
    said,
    played: () => page.evaluate(() => (window as unknown as { heard: readonly Played[] }).heard),
  }
}
