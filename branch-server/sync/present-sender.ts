import type { PresentBody } from '#shared/wire/sync.ts'
import type { Log } from '../log.ts'
import type { CloudDoor } from './cloud-door.ts'
import type { TurnedAway } from './turned-away.ts'
import { UNKNOWN_BRANCH } from './unknown-branch.ts'

/** While something changes, head office is told this often at most; a branch with a month behind it, too. */
const CHANGED_MS = 15_000
/** While nothing does: it is seen that the branch is there. */
const STILL_MS = 60_000
const PATH = '/api/v1/sync/now'

export interface PresentParts {
  readonly log: Log
  readonly door: CloudDoor
  /** The branch as it is now; null: there is nothing to tell. */
  readonly present: () => PresentBody | null
  /** The catalogue of the cloud's that is in force; left out, or 0: none. */
  readonly catalogueVersion?: () => number
  readonly monotonicMs: () => number
}

export type PresentOutcome = 'told' | 'away' | 'refused' | TurnedAway

/** Tells the cloud how the branch is, ahead of its history. */
export interface PresentSender {
  /** null: it need not be told now. */
  step(): Promise<PresentOutcome | null>
  /** When it is due next, if nothing happens before. */
  dueInMs(): number
  /** Contact was lost: whatever comes after is told first. */
  lose(): void
}

export function createPresentSender(parts: PresentParts): PresentSender {
  const { log, door, present, catalogueVersion = () => 0, monotonicMs } = parts
  let toldAtMs: number | null = null
  let toldChange = ''

  const dueInMs = (change: string | null): number => {
    if (change === null) return STILL_MS
    if (toldAtMs === null) return 0
    const limitMs = change === toldChange ? STILL_MS : CHANGED_MS
    return Math.max(0, toldAtMs + limitMs - monotonicMs())
  }
  const changeOf = (body: PresentBody | null): string | null =>
    body === null ? null : JSON.stringify([body.epoch, body.seq, body.devices, catalogueVersion()])

  return {
    async step() {
      const body = present()
      const change = changeOf(body)
      if (body === null || dueInMs(change) > 0) return null
      try {
        const { status, turnedAway } = await door.post(`${PATH}?catalogue=${catalogueVersion()}`, body)
        // It is heard as soon as there is room, and nothing goes before it.
        if (turnedAway !== null) return turnedAway
        if (status === 401 || status === 403) {
          // It is asked before the log, which is then not even tried.
          log.error({ status }, UNKNOWN_BRANCH)
          return 'refused'
        }
        // Whatever is wrong with this must not hold back the log: a cloud of the version before has no such address.
        if (status !== 200) log.warn({ status }, 'the cloud does not take how the branch is now')
      } catch (error) {
        log.info({ err: error }, 'the cloud cannot be reached; it is tried again')
        return 'away'
      }
      toldAtMs = monotonicMs()
      toldChange = change ?? ''
      return 'told'
    },
    dueInMs: () => dueInMs(changeOf(present())),
    lose() {
      toldAtMs = null
    },
  }
}
