import type { ServerPlant } from './server.ts'

const holders = 'cloud-sync/store/holders.ts'
const uploader = 'branch-server/sync/uploader.ts'
const ofOne = 'cloud-sync/store/holders.test.ts'
const ofBoxes = 'e2e/sync/two-holders.test.ts'

/** Bugs planted in what tells the box that is the branch from a copy of it. */
export const holderPlants: readonly ServerPlant[] = [
  {
    name: 'of two that each begin an epoch both are believed',
    file: holders,
    find: '  if (other === null || !isProof) return',
    replace: '  if (other === null || isProof) return',
    testFile: ofOne,
    testName: 'of two that each begin an epoch',
  },
  {
    name: 'what was under way proves that there are two',
    file: holders,
    find: 'signedAtMs > other.begunAtMs && !isPast',
    replace: 'signedAtMs > 0 && !isPast',
    testFile: ofOne,
    testName: 'what was under way',
  },
  {
    name: 'what is set aside is given to whoever replaces the box',
    file: 'cloud-sync/store/history.ts',
    find: 'and branch_id = $2 and quarantined_at is null order by',
    replace: 'and branch_id = $2 order by',
    testFile: ofOne,
    testName: 'of two that each begin an epoch',
  },
  {
    name: 'what is set aside stays in the figures',
    file: 'cloud-sync/store/fold-on.ts',
    find: 'and branch_id = $2 and quarantined_at is null order by',
    replace: 'and branch_id = $2 order by',
    testFile: ofBoxes,
    testName: '3 times a branch is copied',
  },
  {
    name: 'a code leaves what was set aside where it is',
    file: holders,
    find: "db.query('update branch_log set quarantined_at = null where",
    replace: "db.query('update branch_log set quarantined_at = now() where quarantined_at is not null and",
    testFile: ofOne,
    testName: 'a code of head office',
  },
  {
    name: 'a past that the cloud holds otherwise stops the log',
    file: uploader,
    find: "    if (code === 'LogForked' && isPast) {",
    replace: "    if (code === 'LogForked' && isPast && status === 200) {",
    testFile: ofBoxes,
    testName: 'a branch whose disk is put back',
  },
  {
    name: 'of what a second box did only its last event is kept',
    file: 'branch-server/sync/bring-aside.ts',
    find: '    if (bodies.length > 0) await',
    replace: '    if (bodies.length < 0) await',
    testFile: ofBoxes,
    testName: 'a branch whose disk is put back',
  },
  {
    name: 'whoever takes its place keeps the key that a copy has, too',
    file: 'branch-server/restore/take-place.ts',
    find: '    made.use()\n',
    replace: '',
    testFile: ofBoxes,
    testName: 'a branch whose disk is put back',
  },
  {
    name: 'PINs and devices stay with the box that died',
    file: 'branch-server/sync/role-courier.ts',
    find: '      if (text !== told) {',
    replace: '      if (text < told) {',
    testFile: 'e2e/sync/swap.test.ts',
    testName: 'a dead box is swapped',
  },
  {
    name: 'messages of head office begin anew at a box that replaces another',
    file: 'branch-server/restore/cloud-side.ts',
    find: "cloud.move('inbox', cloudBranchId, inboxNumber)",
    replace: "cloud.move('inbox', cloudBranchId, 0 * inboxNumber)",
    testFile: 'e2e/sync/swap.test.ts',
    testName: 'a dead box is swapped',
  },
  {
    name: 'a device follows nobody to another key',
    file: 'shared/host/seek-branch.ts',
    find: '        if (next !== null) return next',
    replace: '        if (next === paired) return next',
    testFile: 'e2e/sync/swap.test.ts',
    testName: 'a dead box is swapped',
  },
  {
    name: 'a branch that waits for an answer says that it is up to date',
    file: uploader,
    find: "state === 'up to date' && behind > 0 ?",
    replace: "state === 'up to date' && behind < 0 ?",
    testFile: 'branch-server/sync/uploader.test.ts',
    testName: 'a branch whose cloud is slow',
  },
  {
    name: 'a catalogue is published below what the branch has',
    file: 'cloud-sync/store/down.ts',
    find: 'Math.max(before?.version ?? 0, done, floor) + 1',
    replace: 'Math.max(before?.version ?? 0, 0 * done, 0 * floor) + 1',
    testFile: 'e2e/sync/down.test.ts',
    testName: 'a cloud that was put back',
  },
]
