import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { LANE } from '../../../cloud-sync/testing/postgres-of-run.ts'
import { CHECKOUT } from '../plant.ts'
import type { PlantedOrder, PlantedOutcome } from './planted-run.ts'

/** Tests of a planted copy, run one after the other by a process that stays. */
export interface PlantedTests extends AsyncDisposable {
  /** @throws when the process that runs them ends */
  run(order: PlantedOrder): Promise<PlantedOutcome>
}

/**
 * @param root - the copy, with its own `vitest.config.ts`
 * @param lane - nobody else's: its tests have a Postgres of their own
 */
export async function plantedTests(root: string, lane: string): Promise<PlantedTests> {
  const child = fork(join(CHECKOUT, 'e2e/plants/run/planted-run.ts'), [root], {
    cwd: root,
    env: { ...process.env, PLANTED: 'yes', [LANE]: lane },
  })
  const said = async (): Promise<unknown> => {
    // Whichever comes first, the other is not waited for any more.
    const heard = new AbortController()
    const ended = once(child, 'exit', heard).then(() => Promise.reject(new Error('The planted tests ended')))
    ended.catch(() => {})
    try {
      const [message] = (await Promise.race([once(child, 'message', heard), ended])) as unknown[]
      return message
    } finally {
      heard.abort()
    }
  }
  await said()
  return {
    run(order) {
      child.send(order)
      return said() as Promise<PlantedOutcome>
    },
    [Symbol.asyncDispose]: () => end(child),
  }
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const gone = once(child, 'exit')
  child.disconnect()
  await gone
}
