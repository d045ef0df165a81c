/** A count and a sum that fade with time: what happened a while ago weighs less, and nothing has to be kept. */
export interface Fading {
  count: number
  sum: number
  atMs: number
}

export const emptyFading = (): Fading => ({ count: 0, sum: 0, atMs: 0 })

const fade = ({ atMs }: Fading, nowMs: number, memoryMs: number): number =>
  Math.exp(-Math.max(0, nowMs - atMs) / memoryMs)

export function addFading(fading: Fading, value: number, nowMs: number, memoryMs: number): void {
  const kept = fade(fading, nowMs, memoryMs)
  fading.count = fading.count * kept + 1
  fading.sum = fading.sum * kept + value
  fading.atMs = nowMs
}

/** How many there were lately: about those of the last `memoryMs`. */
export const recentCount = (fading: Fading, nowMs: number, memoryMs: number): number =>
  fading.count * fade(fading, nowMs, memoryMs)

/** The mean of late, or `otherwise` when nothing was seen. */
export const recentMean = ({ count, sum }: Fading, otherwise: number): number =>
  count > 1e-9 ? sum / count : otherwise
