import { join } from 'node:path'
import { createVitest } from 'vitest/node'

// Runs tests of a planted copy, one order after the other, in one process: what the test runner has made of the copy's
// other files serves every plant. @see planted-tests.ts

/** One test of the copy, and what has changed since the order before. */
export interface PlantedOrder {
  readonly file: string
  /** The beginning of the test's name. */
  readonly name: string
  /** Paths within the copy. */
  readonly changed: readonly string[]
}

/** What became of it. */
export interface PlantedOutcome {
  /** Tests that came to an end. */
  readonly ended: number
  /** What each that failed said first. */
  readonly failures: readonly string[]
  /** The copy could not even be loaded, or threw beside its tests. */
  readonly faults: readonly string[]
}

const say = ({ name, message }: { readonly name?: string; readonly message: string }): string => `${name}: ${message}`

const root = process.argv[2] ?? ''
const vitest = await createVitest({ root, watch: false, reporters: [{}] })

async function run({ file, name, changed }: PlantedOrder): Promise<PlantedOutcome> {
  for (const path of changed) vitest.invalidateFile(join(root, path))
  vitest.setGlobalTestNamePattern(new RegExp(`^${name}`))
  const specifications = await vitest.globTestSpecifications([file])
  const { testModules, unhandledErrors } = await vitest.runTestSpecifications(specifications)
  const tests = testModules.flatMap(({ children }) => [...children.allTests()])
  const failed = tests.filter((test) => test.result().state === 'failed')
  return {
    ended: tests.filter((test) => test.result().state === 'passed').length + failed.length,
    failures: failed.map((test) => (test.result().errors ?? []).map(say).join('\n')),
    faults: [
      ...testModules.flatMap((module) => module.errors().map(say)),
      ...unhandledErrors.map((error) => say(error as Error)),
    ],
  }
}

process.on('message', (order: PlantedOrder) => {
  void run(order).then((outcome) => process.send?.(outcome))
})
// Whoever gives the orders is gone.
process.on('disconnect', () => void vitest.close().finally(() => process.exit()))
process.send?.('ready')
