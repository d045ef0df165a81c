import { hash } from 'node:crypto'
import { expect, test } from 'vitest'
import { isPlainWav, loudness, secondsOf, trimmed } from '../speech/wav.ts'
import { CLIP_BYTES_MAX, CLIP_MS_MAX, CLIP_RATES } from '../wire/voice.ts'
import { base64Of, CLIP_HERTZ, oneChannel, shapeClip, wavOf } from './shape-clip.ts'

/** Stretches of silence (height 0) and of a voice, one after the other; a little hiss of the room lies under all. */
function said(...stretches: readonly (readonly [ms: number, height: number])[]): Float32Array {
  const samples: number[] = []
  let seed = 7
  for (const [ms, height] of stretches)
    for (let at = 0; at < (ms * CLIP_HERTZ) / 1_000; at += 1) {
      seed = (seed * 16_807) % 2_147_483_647
      const hiss = (seed / 2_147_483_647 - 0.5) * 0.002
      // A voice swells and sinks.
      samples.push(Math.max(-1, Math.min(1, height * Math.sin(at / 9) * (0.7 + 0.3 * Math.sin(at / 900)) + hiss)))
    }
  return Float32Array.from(samples)
}

const shaped = (samples: Float32Array) => {
  const clip = shapeClip(samples, CLIP_HERTZ)
  if (!clip.ok) throw new Error(clip.fault)
  return clip
}
const faultOf = (samples: Float32Array): string => {
  const clip = shapeClip(samples, CLIP_HERTZ)
  return clip.ok ? 'none' : clip.fault
}

test('the silence around a word is cut off, but for a breath; a knock before it, too', () => {
  expect(shaped(said([800, 0], [500, 0.3], [900, 0])).ms).toBeCloseTo(620, -1.7)
  expect(shaped(said([300, 0], [30, 0.4], [700, 0], [500, 0.3], [500, 0])).ms).toBeCloseTo(620, -1.7)
  // A word has silences of its own.
  expect(shaped(said([300, 0], [300, 0.3], [200, 0], [300, 0.3], [500, 0])).ms).toBeCloseTo(920, -1.7)
})

test('who speaks softly and who speaks loudly are heard alike, and nothing is cut off by it', () => {
  const heard = [0.03, 0.1, 0.4, 0.9].map((height) => {
    const { samples } = shaped(said([200, 0], [600, height], [200, 0]))
    expect(samples.every((sample) => Math.abs(sample) <= 0.9)).toBe(true)
    return loudness(Buffer.from(wavOf(samples, CLIP_HERTZ)))
  })
  expect(Math.max(...heard) / Math.min(...heard)).toBeLessThan(1.15)
})

test('what is of no use is told by its name', () => {
  expect(faultOf(new Float32Array())).toBe('unreadable')
  expect(faultOf(Float32Array.of(0, Number.NaN))).toBe('unreadable')
  expect(faultOf(said([2_000, 0]))).toBe('too-quiet')
  expect(faultOf(said([500, 0], [600, 0.004], [500, 0]))).toBe('too-quiet')
  expect(faultOf(said([500, 0], [40, 0.3], [500, 0]))).toBe('too-short')
  expect(faultOf(said([200, 0], [4_500, 0.3], [200, 0]))).toBe('too-long')
  expect(faultOf(said([200, 0], [800, 2.5], [200, 0]))).toBe('clipped')
  expect(faultOf(said([200, 0], [3_800, 0.3], [200, 0]))).toBe('none')
})

test('every clip is one that a branch keeps, and the branch finds nothing more to cut off', () => {
  for (const ms of [100, 700, 3_850]) {
    const wav = Buffer.from(wavOf(shaped(said([900, 0], [ms, 0.2], [900, 0])).samples, CLIP_HERTZ))
    expect(isPlainWav(wav, { msMax: CLIP_MS_MAX, rates: CLIP_RATES })).toBe(true)
    expect(wav.length).toBeLessThanOrEqual(CLIP_BYTES_MAX)
    expect(secondsOf(trimmed(wav))).toBeGreaterThan(secondsOf(wav) - 0.15)
  }
})

test('a file is sent as it is, whatever its length', () => {
  for (const length of [0, 1, 2, 3, 500]) {
    const bytes = Uint8Array.from({ length }, (_, at) => (at * 37) % 256)
    expect(hash('sha256', Buffer.from(base64Of(bytes), 'base64'))).toBe(hash('sha256', bytes))
  }
})

test('a recording of two channels is heard as one', () => {
  expect([...oneChannel([Float32Array.of(1, 0.5), Float32Array.of(0, -0.5)])]).toEqual([0.5, 0])
  expect(oneChannel([]).length).toBe(0)
})
