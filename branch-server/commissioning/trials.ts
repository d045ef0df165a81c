import { randomUUID } from 'node:crypto'
import type { DeviceId } from '#shared/domain/ids.ts'
import type { TrialAnswer, TrialOrder, TrialReport } from '#shared/wire/trials.ts'
import type { Feed } from '../feed.ts'

/** Orders that wait for their report. */
const TRIALS_MAX = 64
/** How long a device may take over an order; paper takes its time, and so does a network that is searched. */
const LIMIT_MS: Record<TrialOrder['kind'], number> = {
  look: 5_000,
  find: 15_000,
  paint: 15_000,
  print: 60_000,
  tap: 10_000,
  'start-taps': 5_000,
  'end-taps': 10_000,
}

/** `away`: no line to the device. `silent`: it had the order and said nothing in time. `busy`: too many wait already. */
export type NoReport = 'away' | 'silent' | 'busy'

/**
 * What the installer has the devices do: an order goes down the device's feed, outside the log, and its report comes back
 * as a request. In memory alone; what a restart has interrupted is asked for again.
 */
export interface Trials {
  order(deviceId: DeviceId, order: TrialOrder): Promise<TrialAnswer | NoReport>
  /** @returns whether somebody waited for it */
  hear(deviceId: DeviceId, trialId: string, report: TrialReport): boolean
}

interface Waiting {
  readonly deviceId: DeviceId
  readonly kind: TrialOrder['kind']
  readonly resolve: (answer: TrialAnswer | NoReport) => void
  readonly sentMs: number
}

export function createTrials(
  feed: Pick<Feed, 'tell'>,
  { wallMs, monotonicMs }: { readonly wallMs: () => number; readonly monotonicMs: () => number },
): Trials {
  const waiting = new Map<string, Waiting>()
  return {
    order(deviceId, order) {
      if (waiting.size >= TRIALS_MAX) return Promise.resolve('busy')
      const { kind } = order
      const trialId = randomUUID()
      const sentMs = monotonicMs()
      if (!feed.tell(deviceId, JSON.stringify({ type: 'trial', trialId, order }))) return Promise.resolve('away')
      return new Promise((resolve) => {
        const limit = setTimeout(() => end('silent'), LIMIT_MS[kind])
        const end = (answer: TrialAnswer | NoReport): void => {
          clearTimeout(limit)
          waiting.delete(trialId)
          resolve(answer)
        }
        waiting.set(trialId, { deviceId, kind, resolve: end, sentMs })
      })
    },
    hear(deviceId, trialId, report) {
      const found = waiting.get(trialId)
      if (found === undefined || found.deviceId !== deviceId || found.kind !== report.kind) return false
      found.resolve({ report, tookMs: monotonicMs() - found.sentMs, atMs: Math.floor(wallMs()) })
      return true
    },
  }
}
