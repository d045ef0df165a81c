import { hash } from 'node:crypto'
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { UnreachableError } from '#shared/host/unreachable.ts'
import { FETCH_BYTES, type MediaMirror, type MirrorParts, openMediaMirror } from './mirror.ts'

function picture(mark: number, bytes = 5_000): Buffer {
  const file = Buffer.alloc(bytes, mark)
  file.set([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 13])
  file.write('IHDR', 12, 'latin1')
  file.writeUInt32BE(2, 16)
  file.writeUInt32BE(2, 20)
  return file
}
const idOf = (file: Uint8Array): string => hash('sha256', file)
const [ONE, TWO] = [picture(1), picture(2, FETCH_BYTES * 2 + 7)]
const log = { info() {}, warn() {}, error() {} } as unknown as MirrorParts['log']

let folder = ''
let wanted: readonly string[] | null
let files: Map<string, Buffer>
let isAway: (mediaId: string, from: number) => boolean
let asked: string[]
let freeBytes: number
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'smartqueue-mirror-'))
  wanted = [idOf(ONE), idOf(TWO)]
  files = new Map([ONE, TWO].map((file) => [idOf(file), file]))
  isAway = () => false
  asked = []
  freeBytes = 10 ** 12
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const open = (): MediaMirror =>
  openMediaMirror({
    folder,
    log,
    wanted: () => wanted,
    async fetchRange(mediaId, from, to) {
      asked.push(`${mediaId === idOf(ONE) ? 'one' : 'two'} ${from}`)
      if (isAway(mediaId, from)) throw new UnreachableError('away')
      const file = files.get(mediaId)
      return file === undefined ? null : { bytes: file.subarray(from, to + 1), of: file.length }
    },
    onChange() {},
    freeBytes: () => freeBytes,
  })
const states = (mirror: MediaMirror): readonly string[] => mirror.list().map(({ state }) => state)

test('what the playlist needs comes onto this disk, and what it no longer needs leaves it', async () => {
  const mirror = open()
  expect(states(mirror)).toEqual(['missing', 'missing'])
  await mirror.keepUp()
  expect(states(mirror)).toEqual(['ready', 'ready'])
  writeFileSync(join(folder, 'notes.txt'), 'left by somebody')
  wanted = [idOf(TWO)]
  await mirror.keepUp()
  expect(readdirSync(folder)).toEqual([idOf(TWO)])
  expect(mirror.fileOf(idOf(ONE))).toBeNull()
})

test('a line that breaks costs one part; without the branch it goes on with what it has', async () => {
  isAway = (mediaId, from) => mediaId === idOf(TWO) && from >= FETCH_BYTES
  const mirror = open()
  await mirror.keepUp()
  expect(states(mirror)).toEqual(['ready', 'missing'])
  // A cold boot without the branch, and then without even a catalogue.
  isAway = () => true
  asked = []
  const later = open()
  await later.keepUp()
  expect(asked).toEqual([`two ${FETCH_BYTES}`])
  expect(states(later)).toEqual(['ready', 'missing'])
  wanted = null
  await later.keepUp()
  expect(states(later)).toEqual(['ready'])
  wanted = [idOf(ONE), idOf(TWO)]
  isAway = () => false
  await later.keepUp()
  expect(states(later)).toEqual(['ready', 'ready'])
})

test('a file that was changed on the disk is fetched anew; one damaged at the branch is not asked for again and again', async () => {
  await open().keepUp()
  writeFileSync(join(folder, idOf(ONE)), picture(9))
  const mirror = open()
  await mirror.keepUp()
  expect(states(mirror)).toEqual(['ready', 'ready'])
  writeFileSync(join(folder, idOf(ONE)), picture(9))
  files.set(idOf(ONE), picture(9))
  await mirror.doubt(idOf(ONE))
  asked = []
  for (let turn = 0; turn < 10; turn += 1) await mirror.keepUp()
  expect(states(mirror)).toEqual(['missing', 'ready'])
  expect(asked).toEqual(['one 0'])
})

test('what the page cannot show although it is whole is left alone and told', async () => {
  const mirror = open()
  await mirror.keepUp()
  await mirror.doubt(idOf(ONE))
  expect(states(mirror)).toEqual(['broken', 'ready'])
  expect(mirror.fileOf(idOf(ONE))).toBeNull()
  asked = []
  await mirror.keepUp()
  expect(asked).toEqual([])
})

test('a file that the branch does not have, or for which there is no room, holds nothing up', async () => {
  files.delete(idOf(ONE))
  const mirror = open()
  await mirror.keepUp()
  expect(states(mirror)).toEqual(['missing', 'ready'])
  files.set(idOf(ONE), ONE)
  freeBytes = 1_000
  await mirror.keepUp()
  expect(existsSync(join(folder, idOf(ONE)))).toBe(false)
})
