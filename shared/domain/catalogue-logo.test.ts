import { deflateSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { LOGO_SIDE_DOTS_MAX, LOGO_START, logoFault } from './catalogue-logo.ts'

function chunk(name: string, data: Uint8Array, spoil = 0): Buffer {
  const body = Buffer.concat([Buffer.from(name), data])
  let sum = 0xffffffff
  for (const byte of body) {
    sum ^= byte
    for (let bit = 0; bit < 8; bit += 1) sum = sum & 1 ? (sum >>> 1) ^ 0xedb88320 : sum >>> 1
  }
  const ends = Buffer.alloc(8)
  ends.writeUInt32BE(data.length, 0)
  ends.writeUInt32BE((~sum ^ spoil) >>> 0, 4)
  return Buffer.concat([ends.subarray(0, 4), body, ends.subarray(4)])
}

function png(width: number, height: number, spoil = 0): Buffer {
  const header = Buffer.alloc(13)
  header.writeUInt32BE(width, 0)
  header.writeUInt32BE(height, 4)
  header[8] = 1
  const rows = deflateSync(Buffer.alloc(16))
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])
  return Buffer.concat([signature, chunk('IHDR', header), chunk('IDAT', rows, spoil), chunk('IEND', Buffer.alloc(0))])
}

const urlOf = (file: Uint8Array): string => LOGO_START + Buffer.from(file).toString('base64')

test('a PNG of any length in base64 is a logo', () => {
  expect(logoFault(urlOf(png(8, 8)))).toBeNull()
  expect(logoFault(urlOf(png(LOGO_SIDE_DOTS_MAX, 1)))).toBeNull()
})

test('what is no PNG, or breaks off, or goes on, or was changed on the way, is told to whoever wrote it', () => {
  const good = png(8, 8)
  for (const wrong of [
    'data:image/jpeg;base64,/9j/4AAQ',
    `${LOGO_START}####`,
    `${LOGO_START}AAAA`,
    LOGO_START,
    urlOf(good.subarray(0, 40)),
    urlOf(good.subarray(0, -1)),
    urlOf(Buffer.concat([good, Buffer.from('more')])),
    urlOf(png(8, 8, 1)),
    urlOf(good.subarray(0, 33)),
  ])
    expect([wrong, logoFault(wrong)]).toEqual([wrong, expect.stringMatching(/no PNG|damaged/)])
})

test('a small file that holds a huge picture is refused before anybody draws it', () => {
  expect(logoFault(urlOf(png(LOGO_SIDE_DOTS_MAX + 1, 8)))).toContain('1601 by 8')
  expect(logoFault(urlOf(png(8, 0)))).toContain('8 by 0')
})
