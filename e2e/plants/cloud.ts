import type { ServerPlant } from './server.ts'

const database = 'cloud-sync/store/database.ts'
const guard = 'cloud-sync/store/migrations/0001-guard.sql'
const isolation = 'cloud-sync/store/isolation.test.ts'

/** Bugs planted in what keeps tenants apart. */
export const cloudPlants: readonly ServerPlant[] = [
  {
    name: 'a connection goes on as the tenant before',
    file: database,
    find: "set_config('app.tenant_id', $1, true)",
    replace: "set_config('app.tenant_id', $1, false)",
    testFile: isolation,
    testName: 'a connection that is given back',
  },
  {
    name: 'the owner of a table passes its rule',
    file: guard,
    find: "    execute format('alter table %s force row level security', guarded);\n",
    replace: '',
    testFile: isolation,
    testName: 'of every table, by every role',
  },
  {
    name: 'who names nobody is an error instead of nobody',
    file: guard,
    find: "nullif(current_setting(''app.tenant_id'', true), '''')::uuid",
    replace: "current_setting(''app.tenant_id'', true)::uuid",
    testFile: isolation,
    testName: 'nothing in the catalogue',
  },
  {
    name: 'work goes on in the transaction of another',
    file: database,
    find: "          if (isOver) throw new Error('The transaction of this work is over')\n",
    replace: '          void isOver\n',
    testFile: isolation,
    testName: 'work that goes on after',
  },
  {
    name: 'a connection that is lost under a work ends the cloud',
    file: database,
    find: "  pool.on('connect', (client) => client.on('error', onLost))\n",
    replace: '',
    testFile: 'e2e/tenants/mixed.test.ts',
    testName: 'whatever is cut off',
  },
  {
    name: 'what overlaps is taken for the same',
    file: 'cloud-sync/inbox/judge-upload.ts',
    find: "  if (last !== undefined && last.hash !== hashAt(last.seq)) return { kind: 'fork' }\n",
    replace: '  void hashAt\n',
    testFile: 'cloud-sync/store/inbox.test.ts',
    testName: 'of two holders',
  },
  {
    name: 'a gap is taken in',
    file: 'cloud-sync/inbox/judge-upload.ts',
    find: "  if (first.seq > ackedSeq + 1) return { kind: 'gap', expectedSeq: ackedSeq + 1 }\n",
    replace: '',
    testFile: 'cloud-sync/store/inbox.test.ts',
    testName: 'what leaves a gap',
  },
  {
    name: 'a signature is of the address alone',
    file: 'cloud-sync/plugins/doors.ts',
    find: '    if (contentHashOf(request.rawBody ?? Buffer.alloc(0)) === signed) return undefined\n',
    replace: '    if (signed !== undefined) return undefined\n',
    testFile: 'cloud-sync/routes/sync.test.ts',
    testName: 'only the key that enrolled',
  },
  {
    name: 'a code works for ever',
    file: 'cloud-sync/store/branches.ts',
    find: 'where name = $1 and expires_at > $2 for update',
    replace: 'where name = $1 and $2::timestamptz is not null for update',
    testFile: 'cloud-sync/routes/sync.test.ts',
    testName: 'a code works once',
  },
  {
    name: 'a cloud that is told twice to end leaves its Postgres',
    file: 'cloud-sync/run.ts',
    find: '    if (isEnding) return\n    isEnding = true\n',
    replace: '    isEnding = true\n',
    testFile: 'cloud-sync/main.test.ts',
    testName: 'it says that it is well',
  },
]
