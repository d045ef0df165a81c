import { createCanvas } from '@napi-rs/canvas'
import { describe, expect, test } from 'vitest'
import { composeSlip } from '#shared/slip/compose.ts'
import { PROFILE_NAMES, profileNamed } from '#shared/slip/profile.ts'
import { PLAIN_SLIP, type SlipContent, type TextLine } from '#shared/slip/slip.ts'
import { slipBytes } from './bytes.ts'
import { drawTextLine } from './draw-line.ts'
import { decodePaper, type Paper, paperText } from './paper.ts'

const FRENCH: SlipContent = {
  branchName: 'Hôpital Cœur de l’Île',
  serviceName: 'Prélèvements à jeun',
  number: 'A042',
  language: 'fr',
  issuedAtMs: Date.UTC(2026, 10, 23, 10, 42),
  timezone: 'Africa/Dakar',
  aheadCount: 7,
  wait: { form: 'between', lowMinutes: 10, highMinutes: 20 },
  thenNames: [],
  offline: true,
  copyNumber: 1,
  qrData: 'https://q.example.sn/t/7F3K9Q2M',
  ...PLAIN_SLIP,
}
/** 24 by 12 dots, grey. */
const LOGO = createCanvas(24, 12).toDataURL('image/png')
const ARABIC: SlipContent = { ...FRENCH, language: 'ar', branchName: 'فرع الهضبة', serviceName: 'فتح حساب' }

async function printed(content: SlipContent, name: (typeof PROFILE_NAMES)[number]): Promise<Paper> {
  const profile = profileNamed(name)
  return decodePaper(await slipBytes(composeSlip(content, profile), profile), profile)
}

/** Columns of the leftmost and rightmost black dot, and whether the outermost rows are white. */
function inkOf(line: TextLine, widthDots: number): { left: number; right: number; count: number; isClipped: boolean } {
  const canvas = drawTextLine(line, widthDots)
  const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height)
  const ink = { left: canvas.width, right: -1, count: 0, isClipped: false }
  for (let dot = 0; dot < canvas.width * canvas.height; dot += 1) {
    if ((data[dot * 4] ?? 255) >= 128) continue
    const column = dot % canvas.width
    const row = Math.floor(dot / canvas.width)
    ink.left = Math.min(ink.left, column)
    ink.right = Math.max(ink.right, column)
    ink.count += 1
    if (row === 0 || row === canvas.height - 1 || column === 0 || column === canvas.width - 1) ink.isClipped = true
  }
  return ink
}

const LINE: TextLine = {
  type: 'text',
  text: '',
  size: 'normal',
  weight: 'regular',
  align: 'left',
  direction: 'ltr',
  ground: 'paper',
}

describe('a slip as bytes', () => {
  for (const name of ['paper-80', 'paper-58'] as const) {
    test(`says in French on ${name} what the slip says, accents and all`, async () => {
      const profile = profileNamed(name)
      const slip = composeSlip(FRENCH, profile)
      const native = slip.lines.flatMap((line) => (line.type === 'text' && line.size !== 'huge' ? [line.text] : []))
      expect(paperText(await printed(FRENCH, name))).toBe(native.join('\n'))
    })
  }

  for (const name of PROFILE_NAMES) {
    test(`holds only commands that the printer of ${name} knows, and cuts at most once, at the end`, async () => {
      const { cutter } = profileNamed(name)
      for (const content of [FRENCH, ARABIC, { ...ARABIC, copyNumber: 2 }]) {
        const { elements, faults } = await printed(content, name)
        expect(faults).toEqual([])
        expect(elements.filter((element) => element.type === 'cut')).toHaveLength(cutter === 'none' ? 0 : 1)
        if (cutter !== 'none') expect(elements.at(-1)?.type).toBe('cut')
      }
    })
  }

  test('sends Arabic as pictures and the ticket number also as letters', async () => {
    const paper = await printed(ARABIC, 'paper-80')
    expect(paperText(paper)).toBe('A042')
    expect(paper.elements.filter((element) => element.type === 'image').length).toBeGreaterThan(8)
  })

  test('never sends a picture higher than 64 rows or other than the paper is wide', async () => {
    for (const element of (await printed(ARABIC, 'paper-58-raster')).elements) {
      if (element.type !== 'image') continue
      expect(element.heightDots).toBeLessThanOrEqual(64)
      expect(element.widthDots).toBe(384)
    }
  })

  for (const name of ['paper-80', 'paper-58'] as const)
    test(`puts the logo and the sign in the middle of ${name}, in black dots alone`, async () => {
      const profile = profileNamed(name)
      const slip = composeSlip({ ...FRENCH, sign: { pictogram: 'cash', colour: 'green' } }, profile, LOGO)
      const { elements, faults } = decodePaper(await slipBytes(slip, profile), profile)
      const pictures = elements.filter((element) => element.type === 'image' && element.align === 'center')
      const widths = new Set(pictures.map((element) => element.type === 'image' && element.widthDots))
      expect(faults).toEqual([])
      // Its sides are as the sign's share of the paper, and the logo's is the file's own or less.
      expect(widths).toContain({ 80: 176, 58: 120 }[profile.paperMm])
      expect([...widths].every((width) => Number(width) <= profile.widthDots)).toBe(true)
    })

  test('goes without a logo that cannot be read', async () => {
    const profile = profileNamed('paper-80')
    const broken = LOGO.slice(0, 60)
    const bytesWith = (logo: string | null) => slipBytes(composeSlip(FRENCH, profile, logo), profile)
    const { elements, faults } = decodePaper(await bytesWith(broken), profile)
    expect(faults).toEqual([])
    expect(elements.at(-1)?.type).toBe('cut')
    expect((await bytesWith(broken)).length - (await bytesWith(null)).length).toBeLessThan(8)
  })

  test('draws a line that no code page of the printer can write', async () => {
    const paper = await printed({ ...FRENCH, branchName: 'Ŋaay Ɓuki' }, 'paper-80')
    expect(paperText(paper)).not.toContain('aay')
  })

  test('makes a long address a smaller QR code rather than a clipped one', async () => {
    const qrData = `https://q.example.sn/t/${'x'.repeat(400)}`
    const qr = (await printed({ ...FRENCH, qrData }, 'paper-58')).elements.find((element) => element.type === 'qr')
    expect(qr).toMatchObject({ data: qrData, moduleDots: 4 })
  })
})

describe('a drawn line', () => {
  test('of Arabic stands at the right edge and is not empty', () => {
    for (const widthDots of [384, 576]) {
      const ink = inkOf({ ...LINE, text: 'يرجى الاحتفاظ', align: 'right', direction: 'rtl' }, widthDots)
      expect(ink.count).toBeGreaterThan(300)
      expect(ink.right).toBeGreaterThan(widthDots - 8)
      expect(ink.left).toBeGreaterThan(widthDots / 3)
    }
  })

  test('of Arabic is shaped: the letters of a word hang together', () => {
    const inkColumns = (text: string) => {
      const canvas = drawTextLine({ ...LINE, text, align: 'right', direction: 'rtl' }, 384)
      const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height)
      const hasInk = (column: number) =>
        Array.from({ length: canvas.height }, (_, row) => data[(row * canvas.width + column) * 4] ?? 255).some(
          (grey) => grey < 128,
        )
      return Array.from({ length: canvas.width }, (_, column) => (hasInk(column) ? '#' : '.')).join('')
    }
    expect(inkColumns('محمد').split(/\.+/).filter(Boolean)).toHaveLength(1)
    expect(inkColumns('دار').split(/\.+/).filter(Boolean).length).toBeGreaterThan(1)
  })

  test('is never cut off, however deep or wide its letters', () => {
    for (const text of ['ÀÉÎÕÜŷgjpqy', 'إِخْـجّحٍيٍّ', 'A'.repeat(200)]) {
      for (const size of ['normal', 'large', 'huge'] as const) {
        const direction = text.startsWith('إ') ? 'rtl' : 'ltr'
        if (size === 'huge' && direction === 'rtl') continue
        const shown = size === 'huge' ? 'VIP-1042' : text
        const look = { size, weight: 'bold', align: 'center', direction } as const
        expect([shown, size, inkOf({ ...LINE, ...look, text: shown }, 384).isClipped]).toEqual([shown, size, false])
      }
    }
  })

  test('of the ticket number fills most of the paper', () => {
    for (const widthDots of [384, 576]) {
      const ink = inkOf({ ...LINE, text: 'A042', size: 'huge', weight: 'bold', align: 'center' }, widthDots)
      expect(ink.right - ink.left).toBeGreaterThan(widthDots * 0.8)
    }
  })
})
