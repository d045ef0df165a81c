import { audio } from '../sound.ts'
import type { Sentence } from './read-page.ts'

/** Each step is about twice as loud to the ear; the loudest is what the sound card is set to. */
const GAINS = [0.06, 0.12, 0.25, 0.5, 1]
const ANSWER_MS_MAX = 6_000
/** What waits to be said after what is being said. */
const QUEUE_MAX = 40
const LENGTH_MAX = 600

/** Says sentences one after the other into the kiosk's headphones. */
export interface Speaker {
  /** Breaks off whatever is being said. */
  say(sentences: readonly Sentence[], onSaid?: () => void): void
  /** After what is being said. */
  sayThen(sentences: readonly Sentence[], onSaid?: () => void): void
  stop(): void
  /** @param level - 1 … 5 */
  setVolume(level: number): void
}

interface Waiting {
  readonly sentence: Sentence
  readonly onSaid: () => void
  /** Asked for while the one before it is heard. */
  sound: Promise<AudioBuffer | null> | null
}

/**
 * @param onWhetherItCan - told after each sentence whether the host could say it
 */
export function createSpeaker(onWhetherItCan: (canSpeak: boolean) => void): Speaker {
  let queue: Waiting[] = []
  let ending = new AbortController()
  let source: AudioBufferSourceNode | null = null
  let isBusy = false
  let gain: GainNode | null = null
  let level = 1

  async function fetchSound({ text, language }: Sentence, signal: AbortSignal): Promise<AudioBuffer | null> {
    try {
      const answer = await fetch('/local/v1/speech', {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ text: text.slice(0, LENGTH_MAX), language }),
        signal: AbortSignal.any([signal, AbortSignal.timeout(ANSWER_MS_MAX)]),
      })
      if (!signal.aborted) onWhetherItCan(answer.ok)
      return answer.ok ? await audio().decodeAudioData(await answer.arrayBuffer()) : null
    } catch {
      // Broken off, or the host is away: then there is nothing to hear.
      if (!signal.aborted) onWhetherItCan(false)
      return null
    }
  }

  function output(): GainNode {
    if (gain === null) {
      gain = audio().createGain()
      gain.connect(audio().destination)
    }
    gain.gain.value = GAINS[level - 1] ?? 1
    return gain
  }

  function play(sound: AudioBuffer, signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const playing = audio().createBufferSource()
      source = playing
      playing.buffer = sound
      playing.connect(output())
      playing.onended = () => resolve()
      signal.addEventListener('abort', () => resolve(), { once: true })
      playing.start()
    })
  }

  async function run(): Promise<void> {
    if (isBusy) return
    isBusy = true
    try {
      for (let next = queue.shift(); next !== undefined; next = queue.shift()) await sayOne(next)
    } finally {
      isBusy = false
    }
  }

  async function sayOne(next: Waiting): Promise<void> {
    const { signal } = ending
    const sound = await (next.sound ?? fetchSound(next.sentence, signal))
    const after = queue[0]
    // What was broken off fetches nothing for what is said instead of it.
    if (!signal.aborted && after !== undefined && after.sound === null) after.sound = fetchSound(after.sentence, signal)
    // A sound card that refuses takes one sentence, and not the voice until the page is loaded anew.
    if (sound !== null && !signal.aborted) await play(sound, signal).catch(() => onWhetherItCan(false))
    if (!signal.aborted) next.onSaid()
  }

  function add(sentences: readonly Sentence[], onSaid: () => void): void {
    const waiting = sentences.map((sentence): Waiting => ({ sentence, onSaid, sound: null }))
    queue = [...queue, ...waiting].slice(0, QUEUE_MAX)
    void run()
  }

  function stop(): void {
    queue = []
    ending.abort()
    ending = new AbortController()
    source?.stop()
    source = null
  }

  return {
    say(sentences, onSaid = () => {}) {
      stop()
      add(sentences, onSaid)
    },
    sayThen: (sentences, onSaid = () => {}) => add(sentences, onSaid),
    stop,
    setVolume(wanted) {
      level = wanted
      if (gain !== null) output()
    },
  }
}
