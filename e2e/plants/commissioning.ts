import type { Plant } from './plant.ts'
import type { ServerPlant } from './server.ts'

/** The hand-over is answered as if it had been taken in. */
export const forgetsPaper: Plant = {
  name: 'the branch forgets what a kiosk gave alone',
  file: 'shared/domain/decide-adopt.ts',
  find: '...(fault === null ? adopt(state, paper, origin, now) : [])',
  replace: '...(fault === null ? adopt(state, paper, origin, now).slice(0, 0) : [])',
}

/** Bugs planted in what an installer is told of the branch she set up. */
export const commissioningPlants: readonly ServerPlant[] = [
  {
    name: 'a report is taken for signed whatever was changed in it',
    file: 'branch-server/commissioning/seal.ts',
    find: "createHash('sha256').update(document)",
    replace: "createHash('sha256').update(document.subarray(0, 4))",
    testFile: 'branch-server/commissioning/seal.test.ts',
    testName: 'whatever single bit',
  },
  {
    name: 'a ticket that the branch lost is not missed',
    file: 'branch-server/commissioning/compare-taps.ts',
    find: 'numberById.get(ticketId) !== number',
    replace: '(numberById.get(ticketId) ?? number) !== number',
    testFile: 'branch-server/commissioning/compare-taps.test.ts',
    testName: 'one that the branch does not know',
  },
  {
    name: 'a yes is taken for what is on the paper',
    file: 'branch-server/commissioning/person.ts',
    find: 'if (plainDigits(typed) === code)',
    replace: "if (typed !== '' && code !== '')",
    testFile: 'branch-server/commissioning/person.test.ts',
    testName: 'only who has read',
  },
]
