import { makePlatformKey } from '../store/platform-keys.ts'

const HOUR_MS = 3_600_000

/** A key that opens the cloud of a test to its end, whatever its clock does meanwhile. */
export const testKey = (administratorUrl: string, nowMs: number): Promise<string> =>
  makePlatformKey(administratorUrl, 'setup', nowMs + HOUR_MS)
