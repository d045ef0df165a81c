/**
 * What somebody said into a microphone becomes a clip that a lobby can use: the silence around it is cut off, it is made
 * as loud as all others, and written as the WAV that a branch keeps.
 */

/** Enough for speech: 4 s of it are just below the most that a clip may weigh. */
export const CLIP_HERTZ = 22_050
/** Longer than a clip may be, so that whoever was slow to begin is not cut off. */
export const LISTEN_MS_MAX = 7_000
const CLIP_MS_MAX = 4_000
/** A word is longer than a knock on the desk. */
const VOICE_MS_MIN = 90

/** Why a recording is of no use; each can be mended by saying it again. */
export const CLIP_FAULTS = ['unreadable', 'too-quiet', 'too-short', 'too-long', 'clipped'] as const
export type ClipFault = (typeof CLIP_FAULTS)[number]

const FRAME_MS = 10
/** Nobody speaks as quietly as this: half a hundredth of the most there can be. */
const QUIET = 0.005
/** Against the loudest moment: what is below is the room, not the voice. */
const VOICE_SHARE = 0.08
const MARGIN_MS = 60
/** A dip within a word, as before a `t`, is shorter. */
const GAP_MS_MAX = 350
/** −20 dB of the most there can be, over what is spoken: as loud as what `espeak-ng` says. */
const LOUD = 0.1
/** Room above, so that nothing is cut off. */
const PEAK_MAX = 0.89
/** More than this makes the room loud, not the voice. */
const GAIN_MAX = 12
/** At the very top; several in a row were cut off by the sound card. */
const TOP = 0.985
const TOP_RUN_MIN = 3
/** So large a share of the spoken samples that it is heard. */
const CLIPPED_SHARE_MAX = 0.002
const FADE_MS = 5

const samplesIn = (ms: number, hertz: number): number => Math.round((ms * hertz) / 1_000)

/** A sound card's zero is seldom quite zero. */
function centred(samples: Float32Array): Float32Array {
  let sum = 0
  for (const sample of samples) sum += sample
  const middle = samples.length === 0 ? 0 : sum / samples.length
  return samples.map((sample) => sample - middle)
}

/** How loud it is, frame by frame. */
function loudnessOf(samples: Float32Array, frame: number): readonly number[] {
  const levels: number[] = []
  for (let from = 0; from + frame <= samples.length; from += frame) {
    let sum = 0
    for (let at = from; at < from + frame; at += 1) sum += (samples[at] ?? 0) ** 2
    levels.push(Math.sqrt(sum / frame))
  }
  return levels
}

interface Stretch {
  /** Frames; `to` is the first that is no longer in it. */
  readonly from: number
  readonly to: number
}

/** What is said: from the first to the last loud stretch, but for knocks far from it. */
function spokenStretch(levels: readonly number[]): Stretch | null {
  const threshold = Math.max(QUIET, Math.max(0, ...levels) * VOICE_SHARE)
  const stretches: Stretch[] = []
  for (const [at, level] of levels.entries()) {
    if (level < threshold) continue
    const last = stretches.at(-1)
    if (last !== undefined && (at - last.to) * FRAME_MS <= GAP_MS_MAX) stretches.splice(-1, 1, { ...last, to: at + 1 })
    else stretches.push({ from: at, to: at + 1 })
  }
  const long = stretches.filter(({ from, to }) => (to - from) * FRAME_MS >= VOICE_MS_MIN)
  const [first, last] = [long[0], long.at(-1)]
  if (first !== undefined && last !== undefined) return { from: first.from, to: last.to }
  return stretches[0] ?? null
}

function isClipped(samples: Float32Array): boolean {
  let [run, cutOff] = [0, 0]
  for (const sample of samples) {
    run = Math.abs(sample) >= TOP ? run + 1 : 0
    if (run === TOP_RUN_MIN) cutOff += TOP_RUN_MIN
    else if (run > TOP_RUN_MIN) cutOff += 1
  }
  return cutOff > samples.length * CLIPPED_SHARE_MAX
}

/** As loud as all clips, with ends that do not click. */
function levelled(samples: Float32Array, spoken: readonly number[], hertz: number): Float32Array {
  const loud = Math.sqrt(spoken.reduce((sum, level) => sum + level ** 2, 0) / spoken.length)
  const peak = samples.reduce((most, sample) => Math.max(most, Math.abs(sample)), 0)
  const gain = Math.min(LOUD / loud, PEAK_MAX / peak, GAIN_MAX)
  const fade = Math.max(1, samplesIn(FADE_MS, hertz))
  return samples.map((sample, at) => sample * gain * Math.min(1, at / fade, (samples.length - 1 - at) / fade))
}

export type ShapedClip =
  | { readonly ok: true; readonly samples: Float32Array; readonly ms: number }
  | { readonly ok: false; readonly fault: ClipFault }

const no = (fault: ClipFault): ShapedClip => ({ ok: false, fault })

/**
 * @param recorded - one channel, -1 … 1, as it came from the microphone
 * @param hertz - samples in a second
 * @returns what is said of it, or why it is of no use
 */
export function shapeClip(recorded: Float32Array, hertz: number): ShapedClip {
  if (recorded.length === 0 || !recorded.every(Number.isFinite)) return no('unreadable')
  const samples = centred(recorded)
  const frame = samplesIn(FRAME_MS, hertz)
  const levels = loudnessOf(samples, frame)
  const stretch = spokenStretch(levels)
  if (stretch === null) return no('too-quiet')
  if ((stretch.to - stretch.from) * FRAME_MS < VOICE_MS_MIN) return no('too-short')
  const margin = samplesIn(MARGIN_MS, hertz)
  const cut = samples.subarray(Math.max(0, stretch.from * frame - margin), stretch.to * frame + margin)
  if ((cut.length / hertz) * 1_000 > CLIP_MS_MAX) return no('too-long')
  if (isClipped(recorded.subarray(stretch.from * frame, stretch.to * frame))) return no('clipped')
  const spoken = levels.slice(stretch.from, stretch.to).filter((level) => level >= QUIET)
  return { ok: true, samples: levelled(cut, spoken, hertz), ms: Math.round((cut.length / hertz) * 1_000) }
}

const HEADER_BYTES = 44

/** A WAV file as a branch keeps it: 16 bits, one channel. */
export function wavOf(samples: Float32Array, hertz: number): Uint8Array {
  const bytes = new Uint8Array(HEADER_BYTES + samples.length * 2)
  const view = new DataView(bytes.buffer)
  const text = (at: number, word: string): void => {
    for (const [index, letter] of [...word].entries()) bytes[at + index] = letter.charCodeAt(0)
  }
  text(0, 'RIFF')
  view.setUint32(4, bytes.length - 8, true)
  text(8, 'WAVEfmt ')
  for (const [at, value] of [16, 0x1_0001, hertz, hertz * 2, 0x10_0002].entries())
    view.setUint32(16 + at * 4, value, true)
  text(36, 'data')
  view.setUint32(40, samples.length * 2, true)
  for (const [at, sample] of samples.entries())
    view.setInt16(HEADER_BYTES + at * 2, Math.round(Math.max(-1, Math.min(1, sample)) * 32_767), true)
  return bytes
}

const BASE64 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'

/** As it is sent in JSON. */
export function base64Of(bytes: Uint8Array): string {
  const parts: string[] = []
  for (let at = 0; at < bytes.length; at += 3) {
    const [a = 0, b = 0, c = 0] = bytes.subarray(at, at + 3)
    const three = (a << 16) | (b << 8) | c
    const letters = [18, 12, 6, 0].map((shift) => BASE64[(three >> shift) & 63] ?? '')
    const count = Math.min(3, bytes.length - at)
    parts.push(letters.slice(0, count + 1).join('') + '='.repeat(3 - count))
  }
  return parts.join('')
}

/** The mean of all channels. */
export function oneChannel(channels: readonly Float32Array[]): Float32Array {
  const [first = new Float32Array()] = channels
  return first.map((_, at) => channels.reduce((sum, channel) => sum + (channel[at] ?? 0), 0) / channels.length)
}
