import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { profileNamed } from '#shared/slip/profile.ts'
import { openPrinter, parsePrinterAddress } from './open-printer.ts'
import { isStatusByte, statusOf } from './printer-status.ts'

const PROFILE = profileNamed('paper-80')
const JOB = Buffer.from('\x1b@A042\n\x1dV\x01\x1b@', 'latin1')

function sentenceOf(value: string): string {
  const opened = openPrinter(value, PROFILE)
  return opened.ok ? 'opened' : opened.refusal.sentence
}

test('A printer is found by its address', () => {
  const network = (host: string, port: number) => ({ ok: true, value: { type: 'network', host, port } })
  expect(parsePrinterAddress('tcp://192.168.1.50:9101')).toEqual(network('192.168.1.50', 9101))
  expect(parsePrinterAddress('tcp://printer.lan')).toEqual(network('printer.lan', 9100))
  expect(parsePrinterAddress('tcp://[::1]:9100')).toEqual(network('::1', 9100))
  expect(parsePrinterAddress('pretend:/tmp/slips')).toEqual({
    ok: true,
    value: { type: 'pretend', folder: '/tmp/slips' },
  })
})

test('A printer that is not built yet is refused by name', () => {
  for (const value of ['serial:/dev/ttyS0', 'usb:04b8:0e15', 'os:Kitchen']) {
    expect(sentenceOf(value)).toMatch(
      /^KIOSK_PRINTER is ".*", but .* not built yet: use tcp:\/\/host:9100 or pretend:folder\.$/,
    )
  }
})

test('A wrong address is one sentence that names the setting', () => {
  const wrong = [
    '',
    'tcp:',
    'tcp://',
    'tcp://host:99999',
    'tcp://host:0',
    'tcp://u:p@host',
    'tcp://h/x',
    'pretend:',
    'COM1',
    'constructor:x',
  ]
  for (const value of wrong) {
    expect(sentenceOf(value)).toBe(
      `KIOSK_PRINTER is "${value}", which is no printer: use tcp://host:9100 or pretend:folder.`,
    )
  }
})

test('The pretend printer keeps its last thousand papers', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'slips-'))
  const fileOf = (number: number) => `${String(number).padStart(4, '0')}.bin`
  for (let number = 9_001; number <= 10_005; number += 1) writeFileSync(join(folder, fileOf(number)), '')
  const opened = openPrinter(`pretend:${folder}`, PROFILE)
  if (!opened.ok) throw new Error(opened.refusal.sentence)
  expect(await opened.value.print(JOB)).toBe('confirmed')
  const jobs = readdirSync(folder).filter((file) => file.endsWith('.bin'))
  expect(jobs.length).toBe(1_000)
  expect(jobs).toContain(fileOf(10_006))
  expect(jobs).not.toContain(fileOf(9_006))
})

test('The pretend printer keeps each job and its picture, in order, and says that it is simulated', async () => {
  const folder = join(mkdtempSync(join(tmpdir(), 'slips-')), 'new')
  const opened = openPrinter(`pretend:${folder}`, PROFILE)
  if (!opened.ok) throw new Error(opened.refusal.sentence)
  const printer = opened.value
  expect(await Promise.all([printer.print(JOB), printer.print(JOB)])).toEqual(['confirmed', 'confirmed'])
  expect(readdirSync(folder).sort()).toEqual(['0001.bin', '0001.png', '0002.bin', '0002.png'])
  expect(readFileSync(join(folder, '0001.bin'))).toEqual(JOB)
  expect(printer.isSimulated).toBe(true)
  expect((await printer.status()).hint).toBe('simulated')
  expect(await printer.print(JOB, AbortSignal.abort())).toBe('failed')
  await printer.close()
})

test('A pretend printer without a folder to write to fails as a printer does', async () => {
  const file = join(mkdtempSync(join(tmpdir(), 'slips-')), 'file')
  writeFileSync(file, '')
  const opened = openPrinter(`pretend:${file}`, PROFILE)
  if (!opened.ok) throw new Error(opened.refusal.sentence)
  expect(await opened.value.print(JOB)).toBe('failed')
  expect(await opened.value.status()).toMatchObject({ online: false, hint: 'check-printer' })
})

test('Staff are told the most useful thing first', () => {
  const hint = (printer: number | null, offlineCause: number | null, paper: number | null) =>
    statusOf({ printer, offlineCause, paper }, false).hint
  expect(hint(0x12, 0x12, 0x12)).toBe('ready')
  expect(hint(0x12, 0x12, 0x1e)).toBe('paper-low')
  expect(hint(0x1a, 0x32, 0x72)).toBe('load-paper')
  expect(hint(0x1a, 0x36, 0x72)).toBe('close-cover')
  expect(hint(0x1a, 0x52, 0x12)).toBe('check-printer')
  expect(hint(0x1a, 0x12, 0x12)).toBe('check-printer')
  expect(hint(null, null, null)).toBe('status-unknown')
})

test('Flow control and automatic status are not taken for answers', () => {
  expect([0x12, 0x1a, 0x72, 0x7e].every(isStatusByte)).toBe(true)
  expect([0x11, 0x13, 0x10, 0x0f, 0x92].some(isStatusByte)).toBe(false)
})
