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

/** Quieter than one hundredth of the most there can be: the breath before and after a word. */
const QUIET = 328
const MARGIN_SECONDS = 0.06

/** Takes the silence away before and after what is said, but for a breath: it would be waited for with each call. */
export function trimmed(wav: Buffer): Buffer {
  const bytesPerSecond = wav.readUInt32LE(28)
  const count = Math.floor((wav.length - HEADER_BYTES) / 2)
  const isQuiet = (at: number): boolean => Math.abs(wav.readInt16LE(HEADER_BYTES + at * 2)) < QUIET
  let from = 0
  while (from < count && isQuiet(from)) from += 1
  let to = count
  while (to > from && isQuiet(to - 1)) to -= 1
  if (from === to) return wav
  const margin = Math.floor((MARGIN_SECONDS * bytesPerSecond) / 2)
  const first = HEADER_BYTES + Math.max(0, from - margin) * 2
  const last = HEADER_BYTES + Math.min(count, to + margin) * 2
  const short = Buffer.concat([wav.subarray(0, HEADER_BYTES), wav.subarray(first, last)])
  short.writeUInt32LE(short.length - RIFF_BYTES, 4)
  short.writeUInt32LE(short.length - HEADER_BYTES, 40)
  return short
}

const PCM = 1

/** What a recording may be. */
export interface WavLimits {
  readonly msMax: number
  readonly rates: { readonly min: number; readonly max: number }
}

/** Whether this is a whole recording that every browser plays: 16 bits, one channel, and it says how long it is. */
export function isPlainWav(wav: Buffer, { msMax, rates }: WavLimits): boolean {
  if (wav.length <= HEADER_BYTES || wav.length % 2 !== 0) return false
  const isWav = wav.toString('latin1', 0, 4) === 'RIFF' && wav.toString('latin1', 8, 16) === 'WAVEfmt '
  if (!isWav || wav.toString('latin1', 36, 40) !== 'data') return false
  const hertz = wav.readUInt32LE(24)
  const isPlain =
    wav.readUInt32LE(16) === 16 &&
    wav.readUInt16LE(20) === PCM &&
    wav.readUInt16LE(22) === 1 &&
    wav.readUInt16LE(34) === 16 &&
    wav.readUInt32LE(28) === hertz * 2
  const isWhole = wav.readUInt32LE(4) === wav.length - RIFF_BYTES && wav.readUInt32LE(40) === wav.length - HEADER_BYTES
  return isPlain && isWhole && hertz >= rates.min && hertz <= rates.max && secondsOf(wav) * 1_000 <= msMax
}
