import type { ServerPlant } from './server.ts'

const database = 'cloud-sync/store/database.ts'
const guard = 'cloud-sync/store/migrations/0001-guard.sql'
const side = 'e2e/sync/side.test.ts'
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
  {
    name: 'what was erased comes back with an upload that was late',
    file: 'cloud-sync/store/side.ts',
    find: '         and (e.done_at is null or (e.done_epoch = $3 and e.done_version >= it.version)))',
    replace: '         and e.done_epoch = $3 and e.done_version < 0)',
    testFile: 'cloud-sync/store/side.test.ts',
    testName: 'what was erased here',
  },
  {
    name: 'what is erased at the branch stays at the cloud',
    file: 'branch-server/store/migrations/0012-side-travel.sql',
    find: `create trigger details_go after delete on customer_details begin
  update side_travel set version = version + 1`,
    replace: `create trigger details_go after delete on customer_details begin
  update side_travel set version = version`,
    testFile: side,
    testName: '40 phone numbers',
  },
  {
    name: 'keys of what was erased stay in the files of the database',
    file: 'cloud-sync/store/forget-erased.ts',
    find: 'vacuum full ',
    replace: 'analyze ',
    testFile: side,
    testName: '40 phone numbers',
  },
  {
    name: 'a phone is told to the log',
    file: 'branch-server/sync/side-courier.ts',
    find: '    const { status, body } = await door.post(',
    replace: "    log.warn({ kept }, 'side')\n    const { status, body } = await door.post(",
    testFile: side,
    testName: '40 phone numbers',
  },
  {
    name: 'a backup that is put back brings what was erased',
    file: 'cloud-sync/store/side.ts',
    find: '     and (done_at is null or (ticket_id = any($4) and done_epoch is distinct from $3))',
    replace: '     and (done_at is null or (ticket_id = any($4) and done_epoch < $3 and done_epoch > $3))',
    testFile: side,
    testName: 'a backup from before',
  },
]
