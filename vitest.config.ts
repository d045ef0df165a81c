import { defineConfig } from 'vitest/config'
import { BaseSequencer, type TestSpecification } from 'vitest/node'

const rooms = '{shared,branch-server,cloud-sync,kiosk,display,caller,tools}'

/** They hold a time or a count against a limit, or have machines of their own: nothing runs beside them. */
const ALONE = [
  'e2e/commissioning/*',
  'e2e/desk/by-{hand,keyboard}',
  'e2e/lobby/{faults,notices,screens,voice}*',
  'e2e/network/{network,plants}*',
  'e2e/offline/{fallback,marks,plants-in-order,rush}*',
  'e2e/power/{slow-flush,wear}*',
  // Two stories at once, each with a Postgres beside it.
  'e2e/simulation/sync',
].map((name) => `${name}.test.ts`)

/** As the smallest machine has cores; whole programs that must share one miss their own limits of time. */
const LANES = 2
/** One more: there is always one that waits. */
const UNIT_LANES = LANES + 1

/** The longest first, so that in the end no lane waits long for the other. */
const LONGEST = [
  'domain/simulation',
  'domain/business-day',
  'host/feed-store',
  'power/boots',
  'offline/plants',
  'plants/faces',
  'paper/campaign',
  'power/cuts',
  'plants/server',
  'power/corruption',
  'offline/power',
]

class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const place = ({ moduleId }: TestSpecification): number => {
      const at = LONGEST.findIndex((name) => moduleId.endsWith(`/${name}.test.ts`))
      return at === -1 ? LONGEST.length : at
    }
    return (await super.sort(files)).toSorted((a, b) => place(a) - place(b))
  }
}

/** Whole programs, a browser, power cuts. */
const whole = { testTimeout: 600_000, hookTimeout: 120_000 }

export default defineConfig({
  test: {
    globalSetup: ['cloud-sync/testing/postgres-of-run.ts'],
    sequence: { sequencer: LongestFirst },
    projects: [
      {
        test: {
          name: 'unit',
          include: [`${rooms}/**/*.test.{ts,tsx}`],
          testTimeout: 60_000,
          hookTimeout: 60_000,
          maxWorkers: UNIT_LANES,
          sequence: { groupOrder: 0 },
        },
      },
      {
        // Much of their time they wait for disks, programs and browsers: once the quick tests are done.
        test: {
          ...whole,
          name: 'e2e',
          include: ['e2e/**/*.test.ts'],
          exclude: ALONE,
          maxWorkers: LANES,
          sequence: { groupOrder: 1 },
        },
      },
      {
        test: { ...whole, name: 'alone', include: ALONE, fileParallelism: false, sequence: { groupOrder: 2 } },
      },
    ],
  },
})
