import type { Post } from '#shared/project/counter-desk.ts'

/** Whoever did not hear it is told again, a few times; then the screen alone says it. */
export const RING_AGAIN_MS = 60_000
export const RINGS_MAX = 3

/** Since when somebody waits for a free counter, and how often that was said. */
export interface Ringing {
  readonly rungMs: number
  readonly count: number
}

/** Somebody could be called, and the agent does nothing else: no sound while she serves, calls or is away. */
export const isWaitedFor = (post: Post | null): boolean =>
  post !== null && post.current === null && post.onBreak === null && post.canCallNext

/** Whether it rings now. Pure. @param nowMs - a steady clock */
export function stepRinging(
  before: Ringing | null,
  isWaited: boolean,
  nowMs: number,
): { readonly ringing: Ringing | null; readonly rings: boolean } {
  if (!isWaited) return { ringing: null, rings: false }
  if (before === null) return { ringing: { rungMs: nowMs, count: 1 }, rings: true }
  if (before.count >= RINGS_MAX || nowMs - before.rungMs < RING_AGAIN_MS) return { ringing: before, rings: false }
  return { ringing: { rungMs: nowMs, count: before.count + 1 }, rings: true }
}

/** A fourth, upwards: not the lobby's chime, which falls. */
const NOTES_HZ = [523.25, 698.46]
const NOTE_SECONDS = 0.22
/** Softer than the lobby: it is meant for one person. */
const LOUDNESS = 0.08
const RISE_SECONDS = 0.03
const SILENCE = 0.001

let context: AudioContext | null = null

/** Two soft notes. A browser that allows no sound before a touch stays silent: the screen says the same. */
export async function ringForWaiting(): Promise<void> {
  try {
    context ??= new AudioContext()
    if (context.state === 'suspended') await context.resume()
    const startSeconds = context.currentTime
    for (const [at, frequency] of NOTES_HZ.entries()) {
      const from = startSeconds + at * NOTE_SECONDS
      const until = from + 2 * NOTE_SECONDS
      const tone = new OscillatorNode(context, { type: 'sine', frequency })
      const volume = new GainNode(context, { gain: 0 })
      volume.gain.setValueAtTime(SILENCE, from)
      volume.gain.exponentialRampToValueAtTime(LOUDNESS, from + RISE_SECONDS)
      volume.gain.exponentialRampToValueAtTime(SILENCE, until)
      tone.connect(volume).connect(context.destination)
      tone.start(from)
      tone.stop(until)
    }
  } catch {
    // No sound card, or the browser forbids it: there is nobody here who could be told.
    context = null
  }
}
