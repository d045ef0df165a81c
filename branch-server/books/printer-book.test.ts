import { expect, test } from 'vitest'
import type { DeviceId } from '#shared/domain/ids.ts'
import type { PrinterState } from '#shared/wire/printers.ts'
import { createPrinterBook } from './printer-book.ts'

const BLIND: PrinterState = {
  capability: 'blind',
  online: null,
  paper: 'unknown',
  cover: 'unknown',
  hint: 'status-unknown',
}
const SIMULATED: PrinterState = { ...BLIND, capability: 'confirmed', online: true, paper: 'ok', hint: 'simulated' }
const OUT: PrinterState = { ...SIMULATED, paper: 'out', hint: 'load-paper' }

/** The kiosk whose printer the waiting list is sent to. */
function best(printers: { readonly [kiosk: string]: PrinterState }): string | null {
  const roster = { find: (deviceId: DeviceId) => ({ deviceId, name: deviceId }) }
  const book = createPrinterBook(roster as never, { wallMs: () => 0, monotonicMs: () => 0 })
  for (const [kiosk, printer] of Object.entries(printers)) book.note(kiosk as DeviceId, { printers: [printer] })
  return book.best()
}

test('pictures are nobody’s paper while any real printer may print, however little that one says', () => {
  expect(best({ pretends: SIMULATED, real: BLIND })).toBe('real')
  expect(best({ real: BLIND, pretends: SIMULATED })).toBe('real')
  expect(best({ pretends: SIMULATED, empty: OUT })).toBe('pretends')
  expect(best({ empty: OUT })).toBeNull()
})

test('a paper in trouble is told until somebody has said that she knows, and again when it comes anew', () => {
  const book = createPrinterBook({ find: () => ({ name: 'Borne 1' }) } as never, {
    wallMs: () => 0,
    monotonicMs: () => 0,
  })
  const kiosk = 'kiosk' as DeviceId
  const [first, second] = [
    { number: 'B1001', trouble: 'refused' },
    { number: 'B002', trouble: 'uncertain' },
  ] as const
  book.note(kiosk, { printers: [BLIND], papers: [first, second] })
  book.see(kiosk, first)
  book.see(kiosk, { number: 'B9999', trouble: 'refused' })
  book.note(kiosk, { printers: [BLIND], papers: [first, second] })
  expect(book.all()).toMatchObject([{ name: 'Borne 1', papers: [second] }])
  book.note(kiosk, { printers: [BLIND] })
  expect(book.all()[0]).not.toHaveProperty('papers')
  book.note(kiosk, { printers: [BLIND], papers: [first] })
  expect(book.all()).toMatchObject([{ papers: [first] }])
})
