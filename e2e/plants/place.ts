import type { ServerPlant } from './server.ts'

const place = 'e2e/sync/place.test.ts'
const border = 'cloud-sync/routes/border.test.ts'
const strange = 'cloud-sync/store/strange-log.test.ts'

/** Bugs planted in who may be a branch, and in how a box gets its place. */
export const placePlants: readonly ServerPlant[] = [
  {
    name: 'a restore that was cut off is started as a branch',
    file: 'branch-server/waist/open-branch.ts',
    find: '  refuseUnfinished(folder)\n',
    replace: '  void refuseUnfinished\n',
    testFile: place,
    testName: 'a box whose restore was cut off',
  },
  {
    name: 'a box that begins from nothing is given the place of a branch',
    file: 'cloud-sync/store/enrolment-code.ts',
    find: 'if (firstEpoch !== null && (await isLogHeld',
    replace: "if (firstEpoch === '' && (await isLogHeld",
    testFile: place,
    testName: 'a box that begins from nothing',
  },
  {
    name: 'a log without a beginning in common takes the place of the one that is held',
    file: 'cloud-sync/store/inbox.ts',
    find: 'if (held === null && (await isStrange',
    replace: "if (epoch === '' && (await isStrange",
    testFile: strange,
    testName: 'a box that begins from nothing beside',
  },
  {
    name: 'a branch that lost its file loses what is held of it',
    file: 'cloud-sync/store/inbox.ts',
    find: 'await goOnFromHeld(db, branch, epoch, fresh)\n',
    replace: '',
    testFile: strange,
    testName: 'a branch that lost its file',
  },
  {
    name: 'an answer that is lost costs the code',
    file: 'cloud-sync/store/enrolment-code.ts',
    find: 'found.used_by === publicKey &&',
    replace: "found.used_by === '' &&",
    testFile: 'cloud-sync/routes/sync.test.ts',
    testName: 'whoever lost the answer',
  },
  {
    name: 'a place that is kept goes before another code',
    file: 'branch-server/sync/find-place.ts',
    find: 'if (code !== null && isOtherCode(place, code)) {',
    replace: "if (code !== null && isOtherCode(place, code) && place.kind !== 'kept') {",
    testFile: place,
    testName: 'a branch that was revoked',
  },
  {
    name: 'a file of its place that is torn keeps the branch from starting',
    file: 'branch-server/sync/place-file.ts',
    find: "  } catch {\n    return { kind: 'unreadable' }\n",
    replace: '  } catch (error) {\n    throw error\n',
    testFile: place,
    testName: 'a file of its place',
  },
  {
    name: 'one read that fails ends the upload',
    file: 'branch-server/sync/uploader.ts',
    find: "      parts.log.error({ err: error }, 'what is to be told to the cloud cannot be read; it is tried again')\n",
    replace: '      if (error instanceof Error) throw error\n',
    testFile: 'branch-server/sync/upload-goes-on.test.ts',
    testName: 'a file that cannot be read once',
  },
  {
    name: 'what no table holds is a fault of the software',
    file: 'cloud-sync/open-app.ts',
    find: '  registerPlainText(app)\n',
    replace: '  void registerPlainText\n',
    testFile: border,
    testName: 'what no table can hold',
  },
  {
    name: 'a full disk is a fault of the software',
    file: 'cloud-sync/app.ts',
    find: 'ofStorage = storageProblem(error)',
    replace: "ofStorage = error.code === '' ? storageProblem(error) : null",
    testFile: border,
    testName: 'a disk that is full',
  },
  {
    name: 'what Postgres says of its tidying up hides why it ended',
    file: 'cloud-sync/postgres/last-words.ts',
    find: '[fault, ...last]',
    replace: 'last',
    testFile: 'cloud-sync/postgres/last-words.test.ts',
    testName: 'a Postgres that finds no room',
  },
]
