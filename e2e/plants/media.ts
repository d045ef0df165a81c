import type { ServerPlant } from './server.ts'

const putBack = 'branch-server/restore/put-back.test.ts'
const media = 'branch-server/routes/media.test.ts'

/** What would be lost, heard or played wrong of what people bring: recorded voices, pictures and films. */
export const mediaPlants: readonly ServerPlant[] = [
  {
    name: 'the words of a recorded voice are not in the backup',
    file: 'branch-server/voice/copy-packs.ts',
    find: 'await cp(from, beside, { recursive: true })',
    replace: "await cp(from, beside, { recursive: true, filter: (it) => !it.endsWith('.wav') })",
    testFile: putBack,
    testName: 'on a new disk the recorded voices',
  },
  {
    name: 'a film of a stick is put back whatever it is',
    file: 'branch-server/restore/put-back.ts',
    find: 'if ((await hashOfFile(beside)) !== mediaId) {',
    replace: "if ((await hashOfFile(beside)) === '') {",
    testFile: putBack,
    testName: 'where there is no room files are in the backup by name',
  },
  {
    name: 'what a manager has put on displays is not in the backup',
    file: 'branch-server/media/copy-media.ts',
    find: 'if (names.has(PROGRAMMES_NAME))',
    replace: "if (names.has(''))",
    testFile: putBack,
    testName: 'on a new disk the recorded voices',
  },
  {
    name: 'a voice of the wrong shape is taken as it comes',
    file: 'branch-server/voice/packs.ts',
    find: 'if (isVoicePack(kept) && kept.tag === tag)',
    replace: 'if (isVoicePack(kept))',
    testFile: 'branch-server/voice/packs.test.ts',
    testName: 'a voice of the wrong shape',
  },
  {
    name: 'a lobby hears a voice that is still being recorded',
    file: 'branch-server/routes/voice.ts',
    find: 'isDisplay ? packs.filter((pack) => pack.isPublished) : packs',
    replace: 'packs',
    testFile: 'branch-server/routes/voice.test.ts',
    testName: 'what is still being recorded is nothing for a lobby',
  },
  {
    name: 'a word that nobody said is kept',
    file: 'shared/voice/shape-clip.ts',
    find: "  if (stretch === null) return no('too-quiet')\n",
    replace: '  if (stretch === null) return { ok: true, samples, ms: 0 }\n',
    testFile: 'shared/voice/shape-clip.test.ts',
    testName: 'what is of no use is told by its name',
  },
  {
    name: 'an upload is what it says that it is',
    file: 'branch-server/media/media-shelf.ts',
    find: 'if (type === null || (await hashOfFile(part)) !== mediaId) {',
    replace: 'if (type === null) {',
    testFile: media,
    testName: 'a file is what its bytes say',
  },
  {
    name: 'a catalogue’s new programme never gets past a manager’s old one',
    file: 'branch-server/media/programmes.ts',
    find: 'put !== undefined && put.instead === saidOf(catalogue, name) ?',
    replace: 'put !== undefined ?',
    testFile: media,
    testName: 'a manager puts files on a display in their order',
  },
  {
    name: 'a damaged film is played from the display’s own disk',
    file: 'display/media/mirror.ts',
    find: 'if ((await hashOfFile(file)) !== mediaId) {',
    replace: "if ((await hashOfFile(file)) === '') {",
    testFile: 'display/media/mirror.test.ts',
    testName: 'a file that was changed on the disk',
  },
]
