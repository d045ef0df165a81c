/** Two soft notes before a call. */
export interface Chime {
  /** @returns when it is over: whether sound was made */
  readonly ring: () => Promise<boolean>
}

interface Note {
  readonly hertz: number
  readonly startsAtSeconds: number
}

const NOTES: readonly Note[] = [
  { hertz: 659.25, startsAtSeconds: 0 },
  { hertz: 523.25, startsAtSeconds: 0.22 },
]
const WHOLE_SECONDS = 0.6
const RISE_SECONDS = 0.015
/** −12 dB, so that speech stands above it. */
const LOUDNESS = 0.25
const SILENCE = 0.0001

function play(context: AudioContext, { hertz, startsAtSeconds }: Note): void {
  const startsAt = context.currentTime + startsAtSeconds
  const endsAt = context.currentTime + WHOLE_SECONDS
  const tone = new OscillatorNode(context, { type: 'sine', frequency: hertz })
  const volume = new GainNode(context, { gain: 0 })
  volume.gain.setValueAtTime(SILENCE, startsAt)
  volume.gain.exponentialRampToValueAtTime(LOUDNESS, startsAt + RISE_SECONDS)
  volume.gain.exponentialRampToValueAtTime(SILENCE, endsAt)
  tone.connect(volume).connect(context.destination)
  tone.start(startsAt)
  tone.stop(endsAt)
}

/**
 * A chime made with Web Audio. A browser that allows no sound before a touch stays silent: the screen never waits for it.
 * Calls that come while it rings do not ring again.
 */
export function createChime(): Chime {
  let context: AudioContext | null = null
  let ringsUntilSeconds = 0
  const ring = async (): Promise<boolean> => {
    try {
      context ??= new AudioContext()
      if (context.state === 'suspended') await context.resume()
      if (context.state !== 'running' || context.currentTime < ringsUntilSeconds) return false
      ringsUntilSeconds = context.currentTime + WHOLE_SECONDS
      for (const note of NOTES) play(context, note)
      await new Promise((resolve) => setTimeout(resolve, WHOLE_SECONDS * 1_000))
      return true
    } catch {
      // No sound card, or the browser forbids it: there is nobody here who could be told.
      context = null
      return false
    }
  }
  return { ring }
}
