import type { ServerPlant } from './server.ts'

const pure = 'shared/audit/audit.test.ts'
const anchors = 'shared/audit/anchor.test.ts'

/** Bugs planted in the audit: what holds it together, what is held against it, and what must not be in it. */
export const auditPlants: readonly ServerPlant[] = [
  {
    name: 'an entry does not hold the hash of the one before it',
    file: 'shared/audit/walk.ts',
    find: "  if (entry.prev !== head.hash) return 'unchained'\n",
    replace: '',
    testFile: pure,
    testName: 'a byte is flipped and its hash mended',
  },
  {
    name: 'the bytes of an entry are not hashed again',
    file: 'shared/audit/walk.ts',
    find: " || auditHash(body) !== hash) return 'changed'",
    replace: ") return 'changed'",
    testFile: pure,
    testName: 'a byte is flipped',
  },
  {
    name: 'what others hold of a chain is not compared',
    file: 'shared/audit/walk.ts',
    find: 'return held === null || hashAt === held.hash ? null',
    replace: 'return held === null || hashAt !== undefined ? null',
    testFile: pure,
    testName: 'the tail is cut off',
  },
  {
    name: 'a newer head is held without a proof',
    file: 'shared/audit/anchor.ts',
    find: "  if (trouble !== null)\n    return { kind: 'contradicts'",
    replace: "  if (trouble === 'cut-back')\n    return { kind: 'contradicts'",
    testFile: anchors,
    testName: 'a branch that was cut back',
  },
  {
    name: 'whatever is told as a fact is written',
    file: 'shared/audit/facts.ts',
    find: 'value === null || FORMS[form](value) ? value : WITHHELD',
    replace: 'value === null || form !== undefined ? value : WITHHELD',
    testFile: pure,
    testName: 'what somebody is called',
  },
  {
    name: 'whatever is told as an id is written',
    file: 'shared/audit/facts.ts',
    find: 'id === null || ID.test(id) ? id : WITHHELD',
    replace: 'id === null || id !== WITHHELD ? id : WITHHELD',
    testFile: pure,
    testName: 'what somebody is called',
  },
  {
    name: 'a route says nothing of the audit',
    file: 'branch-server/routes/devices.ts',
    find: "config: { ...INSTALLER, audit: 'DeviceRemoved' }",
    replace: 'config: INSTALLER',
    testFile: 'e2e/audit/routes.test.ts',
    testName: 'each route of a branch',
  },
  {
    name: 'a branch does not look whether it still has what the cloud holds of it',
    file: 'branch-server/audit/anchor-post.ts',
    find: 'held === null ? null : troubleOf(held, audit.hashAt(held.seq))',
    replace: 'held === null ? null : troubleOf(held, held.hash)',
    testFile: 'e2e/audit/anchor.test.ts',
    testName: 'a branch whose audit was cut back',
  },
  {
    name: 'a device’s token lies beside its hash',
    file: 'branch-server/routes/devices.ts',
    find: 'const fresh = { kind, name, tokenHash',
    replace: 'const fresh = { kind, name: name + token, tokenHash',
    testFile: 'branch-server/access/stolen-box.test.ts',
    testName: 'a box that was carried away',
  },
  {
    name: 'what customers said of themselves stays when their day is over',
    file: 'branch-server/store/store.ts',
    find: 'details.eraseAllBut(stillHere(state))',
    replace: 'details.eraseAllBut(() => true)',
    testFile: 'branch-server/access/stolen-box.test.ts',
    testName: 'a box that was carried away',
  },
  {
    name: 'a first answer that is given again is audited again',
    file: 'cloud-sync/store/answers.ts',
    find: '      request.audit.settle()\n      return { status: first.status',
    replace: '      return { status: first.status',
    testFile: 'cloud-sync/audit/audit.test.ts',
    testName: 'what changes a tenant',
  },
  {
    name: 'two changes at once follow on the same entry',
    file: 'cloud-sync/audit/entries.ts',
    find: "pg_advisory_xact_lock(hashtextextended('audit:' || $1, 0))",
    replace: "hashtextextended('audit:' || $1, 0)",
    testFile: 'cloud-sync/audit/audit.test.ts',
    testName: 'a change that comes to nothing',
  },
]
