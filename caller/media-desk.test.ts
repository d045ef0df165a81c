import { expect, test } from 'vitest'
import type { MediaId } from '#shared/domain/ids.ts'
import { MEDIA_BYTES_MAX } from '#shared/wire/media.ts'
import {
  type MediaShelfNews,
  megabytes,
  movedIn,
  readShelf,
  readToSend,
  secondsIn,
  sentBefore,
  whyNotToSend,
} from './media-desk.ts'

const PNG = Uint8Array.from([
  ...[0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 13, 0x49, 0x48, 0x44, 0x52],
  ...[0, 0, 0, 2, 0, 0, 0, 2, 8, 2, 0, 0, 0, 0, 0, 0, 0],
])
const shelf: MediaShelfNews = {
  ...{ media: [], displays: [], limits: { bytesMax: 1, bytesSumMax: 1, countMax: 1 } },
  ...{ uploads: [{ mediaId: 'a', receivedBytes: 900 }], programmes: [] },
}

test('what displays cannot play is told before a byte of it is sent', () => {
  expect(whyNotToSend(PNG.length, PNG)).toBeNull()
  expect(whyNotToSend(20, Uint8Array.from({ length: 20 }))).toBe('MediaRefused')
  expect(whyNotToSend(0, new Uint8Array())).toBe('MediaRefused')
  expect(whyNotToSend(MEDIA_BYTES_MAX + 1, PNG)).toBe('RequestTooLarge')
})

test('a file that is gone is told, and a film that is longer than the memory is not read', async () => {
  const png = { size: PNG.length, arrayBuffer: () => Promise.resolve(PNG.buffer) }
  expect(await readToSend(png)).toBe(PNG.buffer)
  const gone = { size: 33, arrayBuffer: () => Promise.reject(new DOMException('gone', 'NotReadableError')) }
  expect(await readToSend(gone)).toBe('FileUnreadable')
  let readCount = 0
  const arrayBuffer = () => {
    readCount += 1
    return Promise.reject(new RangeError('no room'))
  }
  expect(await readToSend({ size: MEDIA_BYTES_MAX + 1, arrayBuffer })).toBe('RequestTooLarge')
  expect(readCount).toBe(0)
})

test('a file that was broken off goes on where it was', () => {
  expect(sentBefore(shelf, 'a')).toBe(900)
  expect(sentBefore(shelf, 'b')).toBe(0)
})

test('what is no list of files is none', () => {
  expect(readShelf(shelf)).toBe(shelf)
  for (const json of [
    null,
    3,
    {},
    { ...shelf, media: {} },
    { ...shelf, limits: null },
    { ...shelf, programmes: undefined },
  ])
    expect(readShelf(json)).toBeNull()
})

test('a file moves one place on a programme, and no further than its ends', () => {
  const three = ['a', 'b', 'c'].map((mediaId) => ({ mediaId: mediaId as MediaId, seconds: 9 }))
  const order = (at: number, by: -1 | 1) => movedIn(three, at, by).map(({ mediaId }) => mediaId)
  expect(order(0, 1)).toEqual(['b', 'a', 'c'])
  expect(order(2, -1)).toEqual(['a', 'c', 'b'])
  for (const [at, by] of [
    [0, -1],
    [2, 1],
    [7, 1],
  ] as const)
    expect(order(at, by)).toEqual(['a', 'b', 'c'])
})

test('a picture stands for the seconds that are typed, where a display can', () => {
  expect(['3', '020', '3600'].map(secondsIn)).toEqual([3, 20, 3_600])
  for (const typed of ['', '0', '2', '3601']) expect([typed, secondsIn(typed)]).toEqual([typed, null])
})

test('sizes are told in megabytes, and nothing is none', () => {
  expect([0, 2_000, 3_460_000, 25_500_000].map((bytes) => megabytes(bytes, 'en'))).toEqual(['0.0', '0.1', '3.5', '26'])
  expect(megabytes(3_460_000, 'fr')).toBe('3,5')
  expect(megabytes(3_460_000, 'ar')).toMatch(/^3[.٫]5$/)
})
