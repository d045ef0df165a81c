import { hash } from 'node:crypto'
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { MEDIA_FREE_BYTES_MIN } from '#shared/wire/media.ts'
import { copyMedia } from '../media/copy-media.ts'
import { openMediaShelf } from '../media/media-shelf.ts'
import { copyPacks } from '../voice/copy-packs.ts'
import { openPacks } from '../voice/packs.ts'
import { putBack } from './put-back.ts'

const silent = { info: () => {}, warn: () => {}, error: () => {} }
const ROOM = 10 * MEDIA_FREE_BYTES_MIN

let root: string
let [old, stick, fresh] = ['', '', '']
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'smartqueue-put-back-'))
  ;[old, stick, fresh] = ['old', 'stick', 'new'].map((name) => join(root, name)) as [string, string, string]
  for (const folder of [old, stick, fresh]) mkdirSync(folder)
  writeFileSync(join(stick, 'branch-1.db'), 'a copy')
})
afterEach(() => rmSync(root, { recursive: true }))

/** A picture, as far as its head tells. */
function picture(mark: number): Buffer {
  const file = Buffer.alloc(3_000, mark)
  file.set([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 13])
  file.write('IHDR', 12, 'latin1')
  file.writeUInt32BE(2, 16)
  file.writeUInt32BE(2, 20)
  return file
}

async function bring(mark: number, name: string): Promise<string> {
  const bytes = picture(mark)
  const mediaId = hash('sha256', bytes)
  const shelf = openMediaShelf(join(old, 'media'), () => ROOM)
  expect((await shelf.take({ mediaId, from: 0, of: bytes.length, name, bytes })).ok).toBe(true)
  return mediaId
}

/** A tone that a branch takes for a word. */
function word(): Buffer {
  const wav = Buffer.alloc(44 + 16_000)
  wav.write('RIFF....WAVEfmt ', 'latin1')
  wav.writeUInt32LE(36 + 16_000, 4)
  for (const [at, value] of [16, 0x1_0001, 16_000, 32_000, 0x10_0002].entries()) wav.writeUInt32LE(value, 16 + at * 4)
  wav.write('data', 36, 'latin1')
  wav.writeUInt32LE(16_000, 40)
  for (let at = 0; at < 8_000; at += 1) wav.writeInt16LE(Math.round(9_000 * Math.sin(at / 3)), 44 + at * 2)
  return wav
}

function record(tag: string, isPublished = true): void {
  const packs = openPacks(join(old, 'voice', 'packs'), silent)
  packs.set(tag, { name: tag, isPublished })
  expect(packs.putClip(tag, 'n-1', word())).toMatchObject({ clipId: 'n-1' })
}

const night = (freeBytes = ROOM, withFiles = true) =>
  copyMedia({ dataFolder: old, backupFolder: stick, withFiles, freeBytes: () => freeBytes })

test('on a new disk the recorded voices and the files of the displays are as they were that night', async () => {
  record('wo')
  record('fr', false)
  const mediaId = await bring(1, 'Tabaski')
  const programmes = JSON.stringify({ Hall: { playlist: [{ mediaId, seconds: 8 }], instead: 'x' } })
  writeFileSync(join(old, 'media', 'programmes.json'), programmes)
  await copyPacks(old, stick)
  expect(await night()).toBe(0)
  // A file of the backup, or the folder it lies in: both mean the stick.
  expect(await putBack(fresh, [join(stick, 'branch-1.db'), stick])).toEqual({
    ...{ packTags: ['fr', 'wo'], mediaCount: 1, awaited: [] },
  })
  const [before, after] = [old, fresh].map((folder) => openPacks(join(folder, 'voice', 'packs'), silent))
  expect(after?.all()).toEqual(before?.all())
  expect(await after?.clip(after.all()[0]?.clips[0]?.hash ?? '')).toBeInstanceOf(Buffer)
  expect(openMediaShelf(join(fresh, 'media')).all()).toEqual([
    { mediaId, type: 'image/png', bytes: 3_000, name: 'Tabaski' },
  ])
  expect(readdirSync(join(fresh, 'media'))).toContain('programmes.json')
  expect(readFileSync(join(fresh, 'media', 'programmes.json'), 'utf8')).toBe(programmes)
})

test('each file is copied once, and goes from the stick once it is gone from the branch', async () => {
  const [first, second] = [await bring(1, 'first'), await bring(2, 'second')]
  await night()
  writeFileSync(join(stick, 'media', first), Buffer.alloc(3_000))
  await night()
  // It was there already; only a restore looks whether it is what its name says.
  expect(readFileSync(join(stick, 'media', first))).toEqual(Buffer.alloc(3_000))
  openMediaShelf(join(old, 'media')).remove(first)
  await night()
  expect(readdirSync(join(stick, 'media')).toSorted()).toEqual([second, `${second}.json`].toSorted())
})

test('where there is no room files are in the backup by name, and a restore says which are to be brought again', async () => {
  await bring(1, 'first')
  const whole = await bring(2, 'second')
  const damaged = await bring(3, 'third')
  expect(await night(ROOM, false)).toBe(3)
  expect(await night(MEDIA_FREE_BYTES_MIN)).toBe(3)
  for (const [mediaId, bytes] of [
    [whole, picture(2)],
    [damaged, picture(9)],
  ] as const)
    writeFileSync(join(stick, 'media', mediaId), bytes)
  const { mediaCount, awaited } = await putBack(fresh, [stick])
  expect([mediaCount, awaited.toSorted()]).toEqual([1, ['first', 'third']])
  expect(readdirSync(join(fresh, 'media')).toSorted()).toEqual([whole, `${whole}.json`].toSorted())
})

test('what is still in the folder stays, and a stick cannot bring anything but voices and files', async () => {
  record('wo')
  await copyPacks(old, stick)
  writeFileSync(join(root, 'secret'), 'a key')
  symlinkSync(join(root, 'secret'), join(stick, 'voice-packs', 'wo', 'n-2.wav'))
  writeFileSync(join(stick, 'voice-packs', 'wo', 'branch-key.pem'), 'another key')
  mkdirSync(join(stick, 'voice-packs', '..x'))
  expect((await putBack(fresh, [stick])).packTags).toEqual(['wo'])
  const kept = join(fresh, 'voice', 'packs', 'wo')
  expect(readdirSync(kept).toSorted()).toEqual(['n-1.wav', 'pack.json'])
  writeFileSync(join(kept, 'pack.json'), 'newer')
  expect((await putBack(fresh, [stick])).packTags).toEqual([])
  expect(readFileSync(join(kept, 'pack.json'), 'utf8')).toBe('newer')
  expect(existsSync(join(fresh, 'media'))).toBe(false)
})
