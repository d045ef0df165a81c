import type { DeviceId } from '#shared/domain/ids.ts'

const MINUTE_MS = 60_000
/** People mistype; nobody mistypes ten codes at one kiosk in ten minutes. */
const OF_ONE = { max: 10, ms: 10 * MINUTE_MS } as const
/**
 * Of all devices together. A code has at least six of 33 signs: 1.3 thousand million, when they are drawn at random. A
 * hundred tries an hour, day and night, where 200 people are expected, find one of them in seven years; numbers that
 * are counted up after a word, as RDV-0001, are found in days, and are for whoever makes the codes to avoid.
 */
const OF_ALL = { max: 100, ms: 60 * MINUTE_MS } as const
const DEVICES_MAX = 1_000

/** Codes that were nobody's: whoever guesses is soon told to wait, and so is whoever guesses at many kiosks. */
export interface CodeTries {
  mayTry(deviceId: DeviceId): boolean
  /** The code brought nothing. A reader in front of which one paper is held reads it again and again: that is one try. */
  failed(deviceId: DeviceId, code: string): void
  worked(deviceId: DeviceId, code: string): void
}

export function createCodeTries(monotonicMs: () => number): CodeTries {
  const ofAll: number[] = []
  const ofOne = new Map<DeviceId, number[]>()
  const lastCode = new Map<DeviceId, string>()

  /** @returns whether there is room for one more */
  function hasRoom(times: number[], { max, ms }: { readonly max: number; readonly ms: number }): boolean {
    while (times[0] !== undefined && monotonicMs() - times[0] >= ms) times.shift()
    return times.length < max
  }

  return {
    mayTry: (deviceId) => hasRoom(ofAll, OF_ALL) && hasRoom(ofOne.get(deviceId) ?? [], OF_ONE),
    failed(deviceId, code) {
      if (lastCode.get(deviceId) === code) return
      lastCode.set(deviceId, code)
      if (ofOne.size >= DEVICES_MAX) ofOne.clear()
      ofOne.set(deviceId, [...(ofOne.get(deviceId) ?? []), monotonicMs()])
      ofAll.push(monotonicMs())
    },
    worked: (deviceId, code) => void lastCode.set(deviceId, code),
  }
}
