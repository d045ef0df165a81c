import type { ServerPlant } from './server.ts'

const sync = 'cloud-sync/routes/sync.test.ts'
const database = 'cloud-sync/store/database.test.ts'

/** Bugs planted in what keeps strangers out of the cloud, and one from holding up all others. */
export const holdPlants: readonly ServerPlant[] = [
  {
    name: 'a key is known by its id alone',
    file: 'cloud-sync/store/platform-keys.ts',
    find: 'row !== undefined && isSecret(given.secret, row.secret_hash)',
    replace: 'row !== undefined',
    testFile: 'cloud-sync/routes/interface.test.ts',
    testName: 'what is no key',
  },
  {
    name: 'what a stranger has folded is unfolded',
    file: 'cloud-sync/plugins/bodies.ts',
    find: "isCompressed && door === 'open'",
    replace: "isCompressed && door === ''",
    testFile: sync,
    testName: 'nothing is unfolded',
  },
  {
    name: 'a connection that went dark is waited for',
    file: 'cloud-sync/store/transactions.ts',
    find: 'query_timeout: answerMsMax',
    replace: 'query_timeout: 100 * answerMsMax',
    testFile: database,
    testName: 'connections that go dark',
  },
  {
    name: 'one branch takes all connections',
    file: 'cloud-sync/admission/in-order.ts',
    find: 'if (inside.length >= 2) return null',
    replace: 'if (inside.length >= 200) return null',
    testFile: sync,
    testName: 'a branch that repeats itself',
  },
  {
    // The row of the epoch keeps uploads of one epoch apart, too: no story of the simulation sees it.
    name: 'whoever changes what is held of a branch takes no turn',
    file: 'cloud-sync/store/inbox.ts',
    find: `db.often("select pg_advisory_xact_lock(hashtextextended('log:' || $1, 0))", [branchId])`,
    replace: `db.query('select $1::text', [branchId])`,
    testFile: sync,
    testName: 'a branch whose line breaks',
  },
  {
    name: 'an upload does not wait for the one it follows on',
    file: 'cloud-sync/plugins/admission.ts',
    find: '    await before?.hasBegun\n',
    replace: '',
    testFile: sync,
    testName: 'an upload that follows on one',
  },
  {
    name: 'a commit that undid the work is taken for one that did it',
    file: 'cloud-sync/store/transactions.ts',
    find: "command !== 'COMMIT'",
    replace: "command === ''",
    testFile: database,
    testName: 'work that swallows a failure',
  },
  {
    name: 'a code outlives the revocation',
    file: 'cloud-sync/store/branches.ts',
    find: "    await db.query('delete from enrolment_directory where branch_id = $1', [branchId])\n",
    replace: '',
    testFile: sync,
    testName: 'a branch that was revoked',
  },
  {
    name: 'what a dead branch told of its customers stays',
    file: 'cloud-sync/jobs/retention.ts',
    find: '    await forgetOldSide(db, tenantId)\n',
    replace: '    void forgetOldSide\n',
    testFile: 'cloud-sync/store/side.test.ts',
    testName: 'what no branch has told again',
  },
]
