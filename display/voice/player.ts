/** The page's one way to its loudspeaker: everything that sounds goes through it, one thing at a time. */
export interface Player {
  /** Whether what is played is heard, as far as a browser knows. */
  canSound(): boolean
  /** Tries what can be tried from here when the browser has stopped the sound. */
  heal(): void
  /** Lets calls be heard for so long, and no longer: also when this page hangs. */
  openFor(ms: number): void
  /** @param isCall - heard only while calls may be. @returns when it is over: whether sound was made */
  ring(isCall: boolean): Promise<boolean>
  /** @returns when it is over: whether it was heard to its end */
  play(sound: AudioBuffer): Promise<boolean>
  /** Breaks off what is being played. */
  stop(): void
  /** @returns null when the browser cannot make a sound of it */
  decode(bytes: ArrayBuffer): Promise<AudioBuffer | null>
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
/** A browser that never says that a sound is over has lost its loudspeaker. */
const OVERDUE_MS = 800

interface Output {
  readonly context: AudioContext
  /** Shut unless this page may speak. The sound card's own clock shuts it: a page that hangs cannot. */
  readonly gate: GainNode
}

function openOutput(): Output {
  const context = new AudioContext()
  const gate = new GainNode(context, { gain: 0 })
  gate.connect(context.destination)
  return { context, gate }
}

function playNote(context: AudioContext, to: AudioNode, { hertz, startsAtSeconds }: Note): void {
  const startsAt = context.currentTime + startsAtSeconds
  const endsAt = context.currentTime + WHOLE_SECONDS
  const tone = new OscillatorNode(context, { type: 'sine', frequency: hertz })
  const volume = new GainNode(context, { gain: 0 })
  volume.gain.setValueAtTime(SILENCE, startsAt)
  volume.gain.exponentialRampToValueAtTime(LOUDNESS, startsAt + RISE_SECONDS)
  volume.gain.exponentialRampToValueAtTime(SILENCE, endsAt)
  tone.connect(volume).connect(to)
  tone.start(startsAt)
  tone.stop(endsAt)
}

const rest = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))

/** Resolves when the source has ended; false when the browser never says so. */
const ended = (source: AudioScheduledSourceNode, ms: number): Promise<boolean> =>
  Promise.race([
    new Promise<boolean>((resolve) => source.addEventListener('ended', () => resolve(true), { once: true })),
    rest(ms + OVERDUE_MS).then(() => false),
  ])

export function createPlayer(): Player {
  let output: Output | null = null
  let ringsUntilSeconds = 0
  let playing: AudioBufferSourceNode | null = null
  let wasStopped = false

  /** @returns null: no sound card, or the browser forbids it */
  function ready(): Output | null {
    try {
      if (output === null || output.context.state === 'closed') {
        output = openOutput()
        ringsUntilSeconds = 0
      }
      return output
    } catch {
      // There is nobody here who could be told; the branch hears that this page makes no sound.
      output = null
      return null
    }
  }

  /** Its loudspeaker is gone, though it says that it runs: the next sound opens another. */
  function letGo(lost: Output): void {
    if (output === lost) output = null
    // One that cannot even be closed is nobody's any more.
    void lost.context.close().catch(() => {})
  }

  function heal(): void {
    const context = ready()?.context
    // Without a touch a browser may forbid it; what it answers is seen in the state.
    if (context !== undefined && context.state !== 'running') void context.resume().catch(() => {})
  }

  return {
    canSound: () => ready()?.context.state === 'running',
    heal,
    openFor(ms) {
      const now = ready()
      if (now === null) return
      const { context, gate } = now
      gate.gain.cancelScheduledValues(0)
      gate.gain.setValueAtTime(1, context.currentTime)
      gate.gain.setValueAtTime(0, context.currentTime + Math.max(0, ms) / 1_000)
    },
    async ring(isCall) {
      const now = ready()
      if (now === null) return false
      const { context, gate } = now
      if (context.state === 'suspended') await Promise.race([context.resume().catch(() => {}), rest(OVERDUE_MS)])
      if (context.state !== 'running' || context.currentTime < ringsUntilSeconds) return false
      ringsUntilSeconds = context.currentTime + WHOLE_SECONDS
      for (const note of NOTES) playNote(context, isCall ? gate : context.destination, note)
      await rest(WHOLE_SECONDS * 1_000)
      return true
    },
    async play(sound) {
      const now = ready()
      if (now === null) return false
      const source = now.context.createBufferSource()
      source.buffer = sound
      source.connect(now.gate)
      playing = source
      wasStopped = false
      const startedAtSeconds = now.context.currentTime
      source.start()
      const isOver = await ended(source, sound.duration * 1_000)
      playing = null
      // Where its own clock went on, only the word of it is late.
      const isStuck = now.context.currentTime - startedAtSeconds < sound.duration
      if (!isOver && !wasStopped && isStuck) letGo(now)
      return isOver && !wasStopped
    },
    stop() {
      wasStopped = true
      playing?.stop()
    },
    async decode(bytes) {
      const now = ready()
      try {
        return now === null ? null : await now.context.decodeAudioData(bytes)
      } catch {
        return null
      }
    },
  }
}
