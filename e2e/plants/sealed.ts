import type { ServerPlant } from './server.ts'

const stolen = 'branch-server/access/stolen-box.test.ts'
const old = 'branch-server/store/seal-old-rows.test.ts'

/** Bugs planted in what keeps names, phones and notes from whoever carries a box away. */
export const sealedPlants: readonly ServerPlant[] = [
  {
    name: 'a note stands in the open beside its seal',
    file: 'branch-server/store/notes.ts',
    find: 'box.seal(noteOwner(ticketId), text), atMs))',
    replace:
      "box.seal(noteOwner(ticketId), text), atMs) && db.prepare('update note set text = ? where ticket_id = ?').run(text, ticketId))",
    testFile: stolen,
    testName: 'a box that was carried away',
  },
  {
    name: 'what was in the open leaves its pages as they were',
    file: 'branch-server/store/seal-old-rows.ts',
    find: '  wiping(db, () => all.immediate())',
    replace: '  all.immediate()',
    testFile: old,
    testName: 'what a version before has left',
  },
  {
    name: 'what was in the open stays in the write-ahead log',
    file: 'branch-server/store/seal-old-rows.ts',
    find: '  forgetLog(db)\n',
    replace: '',
    testFile: old,
    testName: 'a write-ahead log in which it stands',
  },
  {
    name: 'what is sealed anew is told to the cloud as erased and written',
    file: 'branch-server/store/seal-old-rows.ts',
    find: '  for (const trigger of triggers) db.exec(',
    replace: '  for (const trigger of triggers.splice(0)) void (',
    testFile: old,
    testName: 'what a version before has left',
  },
  {
    name: 'a kiosk leaves in the open what a version before has kept',
    file: 'kiosk/kiosk-store.ts',
    find: '    details.sealOld()\n    return',
    replace: '    return',
    testFile: 'kiosk/kiosk-store.test.ts',
    testName: 'a kiosk that was carried away',
  },
]
