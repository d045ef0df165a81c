import type { ServerPlant } from './server.ts'

const shape = 'cloud-sync/routes/shape.test.ts'
const tricks = 'e2e/sync/down-tricks.test.ts'

/** Bugs planted in what comes down to a branch, on both sides of the line. */
export const downPlants: readonly ServerPlant[] = [
  {
    name: 'a shape is read by what has come last',
    file: 'cloud-sync/store/shapes.ts',
    find: '       and log.xid < pg_snapshot_xmin(pg_current_snapshot())\n',
    replace: '',
    testFile: shape,
    testName: 'what an older transaction still holds back',
  },
  {
    name: 'rows come in the order of their texts',
    file: 'cloud-sync/store/shapes.ts',
    find: '{shape.table}.',
    replace: "{''}",
    testFile: shape,
    testName: 'a shape comes in parts',
  },
  {
    name: 'a branch says itself which rows it gets',
    file: 'cloud-sync/routes/shape.ts',
    find: 'const question = { branch, shape, place,',
    replace: 'const question = { branch: { ...branch, ...(query as object) } as typeof branch, shape, place,',
    testFile: shape,
    testName: 'whatever a branch asks for',
  },
  {
    name: 'Electric is asked for what the branch says',
    file: 'cloud-sync/shapes/forward.ts',
    find: "const PASSED_ON = ['offset',",
    replace: "const PASSED_ON = ['replica', 'database_id', 'subset__where', 'secret', 'offset',",
    testFile: shape,
    testName: 'with ELECTRIC_URL',
  },
  {
    name: 'whoever stands before what was pruned goes on',
    file: 'cloud-sync/shapes/read-shape.ts',
    find: '(floor !== null && isBefore(place, floor)) || ',
    replace: '(floor !== null && isBefore(place, place)) || ',
    testFile: shape,
    testName: 'whoever stands before',
  },
  {
    name: 'clouds do not tell each other',
    file: 'cloud-sync/shapes/open-shapes.ts',
    find: '{ heard: waiters.wake, ',
    replace: '{ heard: () => {}, ',
    testFile: shape,
    testName: 'whoever waits is woken',
  },
  {
    name: 'an older catalogue takes the place of a newer one',
    file: 'branch-server/sync/catalogue-sink.ts',
    find: 'read.version > Math.max(versionInForce(), newest?.version ?? 0)',
    replace: 'read.version !== versionInForce()',
    testFile: tricks,
    testName: 'whatever somebody between them answers',
  },
  {
    name: 'what nobody signed is believed',
    file: 'branch-server/sync/read-document.ts',
    find: "  if (!isDocumentOf(documentKey, document, signature)) return 'it is not signed by our tenant'\n",
    replace: '  void [isDocumentOf, documentKey, signature]\n',
    testFile: tricks,
    testName: 'whatever somebody between them answers',
  },
  {
    name: 'the catalogue of another branch is taken',
    file: 'branch-server/sync/read-document.ts',
    find: "  if (of?.['tenantId'] !== tenantId || of['branchId'] !== branchId) return 'it is of another branch'\n",
    replace: '  void [of, tenantId, branchId]\n',
    testFile: tricks,
    testName: 'whatever somebody between them answers',
  },
  {
    name: 'the cloud is asked as often as it answers',
    file: 'branch-server/sync/pace.ts',
    find: '      if (waitMs > 0) await pause(waitMs, signal)\n',
    replace: '      void [pause, waitMs]\n',
    testFile: tricks,
    testName: 'whatever somebody between them answers',
  },
  {
    name: 'a message that was left out is passed over',
    file: 'branch-server/sync/inbox-sink.ts',
    find: 'told.get(Math.max(lastDone() + 1, keptFrom)) ?? null',
    replace: 'told.get(Math.max(Math.min(...told.keys()), keptFrom)) ?? null',
    testFile: tricks,
    testName: 'each message is done once',
  },
  {
    name: 'a branch that has joined is set up by hand',
    file: 'branch-server/routes/catalogue.ts',
    find: "      if (parts.sync.isManaged()) return reply.code(409).send(problem('CatalogueManagedByCloud'))\n",
    replace: '',
    testFile: 'e2e/sync/down.test.ts',
    testName: 'a branch that stood alone',
  },
]
