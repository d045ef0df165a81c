import { expect, test } from 'vitest'
import { composeSlip } from '#shared/slip/compose.ts'
import { profileNamed } from '#shared/slip/profile.ts'
import { PLAIN_SLIP } from '#shared/slip/slip.ts'
import { slipBytes } from './bytes.ts'
import { paintPaper } from './paint-paper.ts'
import { decodePaper, paperText } from './paper.ts'

const PROFILE = profileNamed('paper-80')
const decode = (...parts: readonly (string | number)[]) =>
  decodePaper(
    Buffer.concat(parts.map((part) => (typeof part === 'string' ? Buffer.from(part, 'latin1') : Buffer.of(part)))),
    PROFILE,
  )

test('Styles, sizes and places are read from the commands', () => {
  const paper = decode('\x1b@\x1ba\x01\x1bE\x01\x1d!\x11Big\n\x1b!\x00small\n\x1ba\x02\x1dB\x01no\n')
  expect(paper.faults).toEqual([])
  const plain = { isBold: false, isInverted: false, widthScale: 1, heightScale: 1 }
  expect(paper.elements).toMatchObject([
    { text: 'Big', align: 'center', spans: [{ isBold: true, widthScale: 2, heightScale: 2 }] },
    { text: 'small', align: 'center', spans: [plain] },
    { text: 'no', align: 'right', spans: [{ ...plain, isInverted: true }] },
  ])
})

test('Letters are read in the code page the printer was set to, by the number of its profile', () => {
  expect(paperText(decode('\x1bt', 19, 'caf', 0x82, '\n\x1bt', 16, 'caf', 0xe9, '\n'))).toBe('café\ncafé')
  expect(decode('\x1bt', 99, 'caf', 0x82, '\n').faults).toMatchObject([{ type: 'unknown-code-page', offset: 3 }])
})

test('A command nobody knows is reported with its place, and what follows is still read', () => {
  const paper = decode('ok\n\x1bZ\x07then\n')
  expect(paperText(paper)).toBe('ok\nthen')
  expect(paper.faults).toEqual([
    { type: 'unknown-command', offset: 3, hex: '1b5a' },
    { type: 'unknown-command', offset: 5, hex: '07' },
  ])
})

test('A status question inside a job leaves no mark on the paper', () => {
  expect(decode('a\x10\x04\x01b\n')).toMatchObject({ faults: [], elements: [{ text: 'ab' }] })
})

test('A job cut off at any byte is decoded without a crash, and never cuts the paper early', async () => {
  const content = {
    branchName: 'Agence',
    serviceName: 'Caisse',
    number: 'A042',
    language: 'fr',
    issuedAtMs: 0,
    timezone: 'Africa/Dakar',
    aheadCount: 1,
    wait: null,
    thenNames: [],
    offline: true,
    copyNumber: 2,
    qrData: 'https://q.example.sn/t/7F3K9Q2M',
    ...PLAIN_SLIP,
  } as const
  const bytes = await slipBytes(composeSlip(content, PROFILE), PROFILE)
  const cutAt = bytes.lastIndexOf(Buffer.from('\x1dV', 'latin1')) + 3
  for (let length = 0; length < cutAt; length += 1) {
    const paper = decodePaper(bytes.subarray(0, length), PROFILE)
    expect(paper.elements.some((element) => element.type === 'cut')).toBe(false)
    expect(paper.faults.every((fault) => fault.type === 'unfinished-command')).toBe(true)
  }
})

test('Any bytes at all become a picture', () => {
  let seed = 42
  const noise = Uint8Array.from({ length: 4000 }, () => {
    seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648
    return seed % 256
  })
  for (let start = 0; start < 4000; start += 200) {
    const picture = paintPaper(decodePaper(noise.subarray(start), PROFILE))
    expect(picture.subarray(1, 4).toString()).toBe('PNG')
  }
})
