import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { CallRule } from './call-reason.ts'
import type { Command } from './commands.ts'
import { plantedBugs } from './testing/simulation/planted-bugs.ts'
import type { Cast } from './testing/simulation/random-parts.ts'
import { newTally, type Tally, tallyText } from './testing/simulation/tally.ts'
import { type Core, playStory, soundCore } from './testing/simulation/two-branches.ts'

/**
 * Random stories, told to the branch and to its slow twin.
 * SIMULATION_RUNS: how many. SIMULATION_SEED, SIMULATION_PATH: one story again. PLANT: a planted bug, to see it red.
 */
const { SIMULATION_RUNS = '7000', SIMULATION_SEED, SIMULATION_PATH, PLANT } = process.env

const number = fc.noBias(fc.nat({ max: 1_000_000 }))
const stories: fc.Arbitrary<Cast[]> = fc.array(fc.tuple(number, number, number, number), {
  minLength: 5,
  maxLength: 50,
  size: 'max',
})
const told = (core: Core, tally: Tally): fc.IProperty<[Cast[]]> =>
  fc.property(stories, (casts) => playStory(casts, core, tally))

/** How often twenty thousand stories must have met what they test; far less than they do. */
const acceptedMin = {
  ...{
    IssueTicket: 1_000,
    ServeNow: 100,
    AdoptTickets: 100,
    WithdrawTickets: 100,
    AdoptNumber: 100,
    RecordTicket: 100,
    CallNext: 1_000,
    CallTicket: 100,
  },
  ...{ RecallTicket: 10, StartService: 100, ReturnTicket: 10, MarkNoShow: 100, CancelTicket: 100, ReinstateTicket: 10 },
  ...{ HoldTicket: 10, ResumeTicket: 10, CompleteTicket: 100, TransferTicket: 100, ReserveTicket: 100 },
  ...{ OpenCounter: 100, CloseCounter: 10, StartBreak: 100, EndBreak: 10, RemoveDevice: 10 },
  ...{ PauseQueue: 10, ResumeQueue: 1, CloseQueue: 10, OpenQueue: 1, ApplyCatalogue: 1_000, CloseDay: 10 },
  ...{ StopIntake: 10, ResumeIntake: 10, ShowMessage: 10, ClearMessage: 10, ConfirmClock: 10, KeepTime: 100 },
  ...{ SignInManager: 100, SignOutManager: 10, TellPower: 10, PrintWaitingList: 10 },
  ...{ SuspendAgent: 10, RestoreAgent: 10, AddAgent: 10, ResetPin: 10, ConfirmRights: 10 },
} satisfies Record<Command['type'], number>
const ruleMin = {
  ...{ only: 1_000, picked: 100, reserved: 100, profile: 100, 'queue-order': 100, 'longest-wait': 10 },
  ...{ 'put-first': 100, passed: 1, appointment: 100, late: 10, priority: 100, arrival: 1_000 },
} satisfies Record<CallRule, number>
const COUNTED_RUNS = 20_000
/** Fewer stories are too few to count. */
const COUNTED_RUNS_MIN = 5_000
const unmet = (
  counts: ReadonlyMap<string, number>,
  min: { readonly [name: string]: number },
  numRuns: number,
): readonly string[] =>
  Object.keys(min).filter((name) => (counts.get(name) ?? 0) < ((min[name] ?? 0) * numRuns) / COUNTED_RUNS)

test('I1 to I19: whatever happens, the branch does as its slow twin does and breaks no invariant', () => {
  const core = PLANT === undefined ? soundCore : plantedBugs[PLANT]
  if (core === undefined) throw new Error(`PLANT is one of: ${Object.keys(plantedBugs).join(', ')}`)
  const again = SIMULATION_SEED === undefined ? {} : { seed: Number(SIMULATION_SEED) }
  const place = SIMULATION_PATH === undefined ? {} : { path: SIMULATION_PATH }
  const tally = newTally()
  const details = fc.check(told(core, tally), { numRuns: Number(SIMULATION_RUNS), ...again, ...place })
  const { seed, counterexamplePath, numRuns, failed, errorInstance } = details
  console.info(`seed ${seed}: ${numRuns} stories\n${tallyText(tally)}`)
  const command = `SIMULATION_SEED=${seed} SIMULATION_PATH=${counterexamplePath} node tools/run.mjs vitest run --project unit shared/domain/simulation`
  if (failed) throw new Error(`Once more: ${command}`, { cause: errorInstance })
  if (numRuns < COUNTED_RUNS_MIN) return
  expect(unmet(tally.accepted, acceptedMin, numRuns), 'commands that were hardly ever accepted').toEqual([])
  expect(unmet(tally.rules, ruleMin, numRuns), 'rules that hardly ever decided').toEqual([])
}, 3_600_000)

/** A bug of the planter's making is in no event, so folding always betrays it; the stories must find it without. */
function isFound(casts: readonly Cast[], core: Core): boolean {
  try {
    playStory(casts, core)
    return false
  } catch (error) {
    return !(error instanceof Error && error.message.startsWith('I8'))
  }
}

for (const [name, core] of Object.entries(plantedBugs))
  test(`the stories find a planted bug: ${name}`, () => {
    const isHidden = fc.property(stories, (casts) => !isFound(casts, core))
    const details = fc.check(isHidden, { numRuns: 2_000, seed: 1, endOnFailure: true })
    expect(details.failed, `after ${details.numRuns} stories`).toBe(true)
  })
