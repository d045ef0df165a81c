/** The kiosk's own sounds: two soft notes, made here, that tell nobody anything about anybody. */

const NOTES_HZ = [659, 523]
const NOTE_SECONDS = 0.3
/** −12 dB under speech. */
const LOUDNESS = 0.12

let kept: AudioContext | null = null

/** The page's one way to its loudspeaker. */
export function audio(): AudioContext {
  kept ??= new AudioContext()
  // Without a touch a browser may have stopped it; the kiosk's own window never does.
  if (kept.state === 'suspended') void kept.resume()
  return kept
}

/** Somebody is to look up. */
export function ringSoftly(): void {
  const context = audio()
  NOTES_HZ.forEach((frequencyHz, at) => {
    const startSeconds = context.currentTime + at * NOTE_SECONDS
    const note = context.createOscillator()
    const envelope = context.createGain()
    note.frequency.value = frequencyHz
    envelope.gain.setValueAtTime(0, startSeconds)
    envelope.gain.linearRampToValueAtTime(LOUDNESS, startSeconds + 0.03)
    envelope.gain.exponentialRampToValueAtTime(0.001, startSeconds + NOTE_SECONDS)
    note.connect(envelope).connect(context.destination)
    note.start(startSeconds)
    note.stop(startSeconds + NOTE_SECONDS)
  })
}
