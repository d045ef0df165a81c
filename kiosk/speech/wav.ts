/** What of a WAV file matters here: 16 bits, one channel. */
const RIFF_BYTES = 8
const HEADER_BYTES = 44

/**
 * A program that writes to a pipe cannot know how long its file will be: the two lengths in the head are set right.
 * @returns null when this is no sound at all
 */
export function wholeWav(piped: Buffer): Buffer | null {
  const isWav = piped.length > HEADER_BYTES && piped.toString('latin1', 0, 4) === 'RIFF'
  if (!isWav || piped.toString('latin1', 36, 40) !== 'data') return null
  const wav = Buffer.from(piped)
  wav.writeUInt32LE(wav.length - RIFF_BYTES, 4)
  wav.writeUInt32LE(wav.length - HEADER_BYTES, 40)
  return wav
}

/** How loud it is on the whole: 0 is silence, 1 the most there can be. */
export function loudness(wav: Buffer): number {
  const count = Math.floor((wav.length - HEADER_BYTES) / 2)
  if (count <= 0) return 0
  let sum = 0
  for (let at = 0; at < count; at += 1) sum += (wav.readInt16LE(HEADER_BYTES + at * 2) / 32_768) ** 2
  return Math.sqrt(sum / count)
}

/** How long it is heard, in seconds. */
export const secondsOf = (wav: Buffer): number => (wav.length - HEADER_BYTES) / wav.readUInt32LE(28)
