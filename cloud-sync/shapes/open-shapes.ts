import { setTimeout as pause } from 'node:timers/promises'
import type { Database } from '../store/database.ts'
import type { BranchIdentity } from '../store/inbox.ts'
import { isHeldBack, SHAPE_CHANNEL } from '../store/shapes.ts'
import { readShape, type ShapeAnswer, type ShapeQuestion } from './read-shape.ts'
import { createWaiters } from './waiters.ts'

/** Answers those who follow a shape, and wakes them when there is news, whichever cloud made it. */
export interface Shapes {
  read(question: ShapeQuestion): Promise<ShapeAnswer>
  /**
   * Waits until there is something to tell, or long enough.
   * @param gone - whoever asked has hung up
   * @returns null when too many wait already
   */
  follow(question: ShapeQuestion, gone: AbortSignal): Promise<ShapeAnswer | null>
  /** Answers all who wait. */
  endWaits(): void
  close(): Promise<void>
}

/** As long as Electric itself holds an answer back. */
const LIVE_MS = 20_000
/** An older transaction that is still open holds back what was committed: nobody tells when it ends. */
const HELD_BACK_MS_MIN = 20
const HELD_BACK_MS_MAX = 1_000

const topicOf = ({ branch, shape }: { branch: BranchIdentity; shape: { table: string } }): string =>
  `${shape.table} ${branch.branchId}`

/** @param liveMs - how long an answer with nothing in it is held back */
export function openShapes(database: Database, liveMs = LIVE_MS): Shapes {
  const waiters = createWaiters()
  const notices = database.listen(SHAPE_CHANNEL, { heard: waiters.wake, listening: waiters.wakeAll })

  const isNothing = (answer: ShapeAnswer): boolean => answer.kind === 'rows' && answer.messages.length <= 1

  /** What was committed shows itself as soon as what is older has ended. */
  async function readHeldBack(question: ShapeQuestion, answer: ShapeAnswer, gone: AbortSignal): Promise<ShapeAnswer> {
    let last = answer
    for (let waitMs = HELD_BACK_MS_MIN; isNothing(last) && !gone.aborted; waitMs *= 2) {
      const at = last.kind === 'rows' ? last.upToDateAt : null
      if (
        at === null ||
        waitMs > HELD_BACK_MS_MAX * 8 ||
        !(await isHeldBack(database, question.branch, question.shape, at))
      )
        return last
      await pause(Math.min(waitMs, HELD_BACK_MS_MAX))
      last = await readShape(database, question)
    }
    return last
  }

  return {
    read: (question) => readShape(database, question),
    async follow(question, gone) {
      // First the ear, then the look: what is said between them is heard.
      const waiting = waiters.wait(topicOf(question), liveMs)
      if (waiting === null) return null
      gone.addEventListener('abort', waiting.end, { once: true })
      try {
        const first = await readHeldBack(question, await readShape(database, question), gone)
        if (!isNothing(first) || (await waiting.over) !== 'news') return first
        return await readHeldBack(question, await readShape(database, question), gone)
      } finally {
        waiting.end()
        gone.removeEventListener('abort', waiting.end)
      }
    },
    endWaits: () => waiters.close(),
    async close() {
      waiters.close()
      await notices.close()
    },
  }
}
