import { BRANCH_ORIGIN } from '#shared/domain/step.ts'
import type { Store } from '../store/store.ts'
import type { Waist } from './execute.ts'
import type { Reply } from './settle.ts'

/** What the branch asks of itself: the clock is kept, the day rolls. @param writes - rows that go with it */
export function keepTime(waist: Waist, writes?: (store: Store) => void): Promise<Reply> {
  return waist.execute({
    origin: BRANCH_ORIGIN,
    command: { type: 'KeepTime' },
    answer: () => ({ status: 200, body: {} }),
    idempotency: null,
    bookmark: null,
    ...(writes === undefined ? {} : { writes }),
  })
}

/** Writes rows in a commit of their own. */
export const writer =
  (waist: Waist) =>
  async (writes: (store: Store) => void): Promise<boolean> =>
    (await keepTime(waist, writes)).status === 200
