import type { ServerPlant } from './server.ts'

const record = 'branch-server/routes/record.test.ts'
const appointments = 'branch-server/routes/appointments.test.ts'

/** What somebody says, or has, is taken for more than it is. */
export const believedPlants: readonly ServerPlant[] = [
  {
    name: 'a kiosk is believed however long ago it says that its customer came',
    file: 'shared/domain/told-time.ts',
    find: 'isExplained ? ms :',
    replace: 'isExplained || ms >= 0 ? ms :',
    testFile: 'shared/domain/adoption.test.ts',
    testName: 'is no older than two minutes',
  },
  {
    name: 'a caller where nobody has signed in enters marks',
    file: 'shared/domain/decide-record.ts',
    find: "  if (!isStaffed(state, origin)) return no('CallerNotStaffed', origin.deviceId)\n",
    replace: '',
    testFile: record,
    testName: 'a caller where nobody has signed in',
  },
  {
    name: 'a number that no kiosk has printed is taken without a question',
    file: 'shared/domain/decide-adopt.ts',
    find: 'command.isConfirmed !== true && isFarAhead(',
    replace: 'command.isConfirmed === null && isFarAhead(',
    testFile: 'shared/domain/adoption.test.ts',
    testName: 'a number that staff type from paper far above',
  },
  {
    name: 'a mark that was noted before the paper was printed is taken for the paper’s',
    file: 'shared/domain/decide-adopt.ts',
    find: '  if (typed !== undefined && !isTypedBefore(typed, paper))',
    replace: '  if (typed !== undefined)',
    testFile: 'shared/domain/adoption.test.ts',
    testName: 'a number that staff noted before it was printed is the paper’s',
  },
  {
    name: 'a kiosk hands over the papers of another',
    file: 'shared/domain/decide-adopt.ts',
    find: '  if (paper.isOfOtherBlock === true)',
    replace: '  if (paper.isOfOtherBlock === null)',
    testFile: 'branch-server/routes/tickets.test.ts',
    testName: 'a kiosk hands over the papers of its own block alone',
  },
  {
    name: 'a caller speaks for a counter that it never held',
    file: 'shared/domain/decide-record.ts',
    find: 'return isItsOwn || isManager(state, origin) ?',
    replace: 'return isItsOwn || isManager(state, origin) || !isItsOwn ?',
    testFile: record,
    testName: 'no figure of an agent changes',
  },
  {
    name: 'an absence is believed to whoever makes it up',
    file: 'shared/domain/decide-record.ts',
    find: ' &&\n  absences.some((absence) => absence.fromSteadyMs <= endedMs && isWithin(noted, absence))',
    replace: ' && absences !== null',
    testFile: record,
    testName: 'an absence that the branch knows nothing of',
  },
  {
    name: 'marks have no end of days',
    file: 'branch-server/store/tickets.ts',
    find: 'const EARLIER_DATES_MAX = 2\n',
    replace: 'const EARLIER_DATES_MAX = 200\n',
    testFile: record,
    testName: 'after two more days',
  },
  {
    name: 'whoever has the port is told the installer’s token',
    file: 'branch-server/own-branch.ts',
    find: '        await prove(base, agent, key)\n',
    replace: '        void [prove, key]\n',
    testFile: 'branch-server/own-branch.test.ts',
    testName: 'whoever has taken the branch’s port at 127.0.0.1',
  },
  {
    name: 'codes of appointments are tried without end',
    file: 'branch-server/routes/appointments.ts',
    find: 'if (!isTold && !tries.mayTry(origin.deviceId))',
    replace: 'if (!isTold && origin.deviceId === null)',
    testFile: appointments,
    testName: 'nobody finds a code by trying',
  },
  {
    name: 'a kiosk books whom it likes',
    file: 'branch-server/routes/tickets.ts',
    find: "isKiosk ? problem('Forbidden') : nobodyIsIn(parts, request)",
    replace: 'isKiosk ? null : nobodyIsIn(parts, request)',
    testFile: appointments,
    testName: 'a booked time without a code',
  },
  {
    name: 'what is erased on request stays in the write-ahead log',
    file: 'branch-server/store/store.ts',
    find: '      else setImmediate(() => store.forgetErased())\n',
    replace: '',
    testFile: 'branch-server/routes/notes.test.ts',
    testName: 'what was erased, or written over',
  },
]
