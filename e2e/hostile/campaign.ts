import type { Dice } from '../../branch-server/testing/dice.ts'
import type { openHostileCloud } from './cloud-target.ts'
import { exchange } from './raw-line.ts'
import { faultOf, throwAt } from './throw-at.ts'

/** As long as an answer out of the database takes on a busy machine. */
const END_MS = 500

export interface Thrown {
  readonly faults: readonly string[]
  /** How many answers of each status; `none`: the line was cut before one came. */
  readonly statuses: Readonly<Record<string, number>>
}

/** Lines are cut on purpose, and requests are sent by halves: more answers than these that never came are a server's own silence. */
const EMPTY_SHARE_MAX = 0.06
/** Of what is bad most is told so: were it not, it was not bad, or nobody looked. */
const REFUSED_SHARE_MIN = 0.7

/** @returns what is wrong with the answers taken together */
export function doubtsOf(statuses: Thrown['statuses']): readonly string[] {
  const countOf = (isMeant: (status: string) => boolean): number =>
    Object.entries(statuses).reduce((sum, [status, count]) => sum + (isMeant(status) ? count : 0), 0)
  const all = countOf(() => true)
  const [empty, refused] = [countOf((status) => status === 'none'), countOf((status) => status.startsWith('4'))]
  return [
    ...(empty > all * EMPTY_SHARE_MAX ? [`${empty} of ${all} were not answered at all`] : []),
    ...(refused < all * REFUSED_SHARE_MIN ? [`${refused} of ${all} alone were refused`] : []),
  ]
}

export interface Tally {
  readonly statuses: Readonly<Record<string, number>>
  note(text: string): void
}

/** Counts answers by their status. */
export function createTally(): Tally {
  const statuses: Record<string, number> = {}
  return {
    statuses,
    note(text: string): void {
      const status = /^HTTP\/1\.1 (\d{3})/.exec(text)?.[1] ?? 'none'
      statuses[status] = (statuses[status] ?? 0) + 1
    },
  }
}

/** @returns what came back that should not have */
export async function throwAtCloud(
  cloud: Awaited<ReturnType<typeof openHostileCloud>>,
  count: number,
  dice: Dice,
): Promise<Thrown> {
  const tally = createTally()
  const faults = await throwAt(count, async () => {
    const { route, bytes } = cloud.badRequest(dice)
    const answer = await exchange(cloud.port, [bytes], dice.isOneIn(50) ? 'abort' : 'end', END_MS)
    tally.note(answer.text)
    // The sign-in and its pages speak as browsers and OpenID Connect do.
    const fault = faultOf(answer, / \/api\/|openapi|metrics|docs/.test(route))
    return fault === null ? null : `${route}: ${fault}\n${bytes.toString('latin1').slice(0, 600)}`
  })
  return { faults, statuses: tally.statuses }
}
