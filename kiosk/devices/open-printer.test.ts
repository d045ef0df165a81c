import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { openPrinters } from './open-printer.ts'
import type { TicketPrinter } from './printer.ts'
import { parsePrinterAddresses } from './printer-address.ts'
import { statusOf } from './printer-status.ts'
import { isStatusByte } from './printer-voice.ts'

const JOB = Buffer.from('\x1b@A042\n\x1dV\x01\x1b@', 'latin1')

function pretendIn(folder: string): TicketPrinter {
  const opened = openPrinters(`pretend:${folder}`)
  const [first] = opened.ok ? opened.value : []
  if (first === undefined) throw new Error('no printer')
  return first.printer
}

test('A printer is found by its address', () => {
  const placesOf = (value: string) => {
    const parsed = parsePrinterAddresses(value)
    return parsed.ok ? parsed.value.map(({ place }) => place) : parsed.refusal
  }
  const network = (host: string, port: number) => [{ type: 'network', host, port }]
  expect(placesOf('tcp://192.168.1.50:9101')).toEqual(network('192.168.1.50', 9101))
  expect(placesOf('tcp://printer.lan')).toEqual(network('printer.lan', 9100))
  expect(placesOf('tcp://[::1]:9100')).toEqual(network('::1', 9100))
  expect(placesOf('pretend:/tmp/slips')).toEqual([{ type: 'pretend', folder: '/tmp/slips' }])
  expect(placesOf('serial:/dev/ttyUSB0?baud=19200')).toEqual([{ type: 'serial', path: '/dev/ttyUSB0', baud: 19_200 }])
  expect(placesOf('serial:/dev/serial/by-id/x')).toEqual([{ type: 'serial', path: '/dev/serial/by-id/x', baud: 9_600 }])
  expect(placesOf('os:Front_Desk')).toEqual([{ type: 'os', queue: 'Front_Desk' }])
  expect(placesOf('usb:/dev/usb/lp0, tcp://b')).toEqual([{ type: 'usb', path: '/dev/usb/lp0' }, ...network('b', 9100)])
})

test('The paper of each printer is said beside its address', () => {
  const parsed = parsePrinterAddresses('tcp://a?profile=paper-58,usb:/dev/usb/lp0')
  expect(parsed.ok && parsed.value.map(({ profile }) => profile)).toEqual(['paper-58', 'paper-80'])
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
    'tcp://h?baud=9600',
    'tcp://h?profile=paper-90',
    'tcp://h?profile=paper-58&profile=paper-80',
    'tcp://a,tcp://b,tcp://c',
    'tcp://a,tcp://a:9100',
    'tcp://a,',
    'serial:ttyUSB0',
    'serial:/dev/ttyUSB0?baud=12',
    'usb:04b8:0e15',
    'os:',
    'os:-d',
    'pretend:',
    'COM1',
    'constructor:x',
  ]
  for (const value of wrong) {
    const opened = openPrinters(value)
    const sentence = opened.ok ? 'opened' : opened.refusal
    expect(sentence.startsWith(`KIOSK_PRINTER is "${value}", which is no printer: use tcp://host:9100, `)).toBe(true)
    expect(sentence.endsWith('.')).toBe(true)
  }
})

test('The pretend printer keeps its last thousand papers', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'slips-'))
  const fileOf = (number: number) => `${String(number).padStart(4, '0')}.bin`
  for (let number = 9_001; number <= 10_005; number += 1) writeFileSync(join(folder, fileOf(number)), '')
  expect(await pretendIn(folder).print(JOB)).toBe('confirmed')
  const jobs = readdirSync(folder).filter((file) => file.endsWith('.bin'))
  expect(jobs.length).toBe(1_000)
  expect(jobs).toContain(fileOf(10_006))
  expect(jobs).not.toContain(fileOf(9_006))
})

test('The pretend printer keeps each job and its picture, in order, and says that it is simulated', async () => {
  const folder = join(mkdtempSync(join(tmpdir(), 'slips-')), 'new')
  const printer = pretendIn(folder)
  expect(await Promise.all([printer.print(JOB), printer.print(JOB)])).toEqual(['confirmed', 'confirmed'])
  expect(readdirSync(folder).sort()).toEqual(['0001.bin', '0001.png', '0002.bin', '0002.png'])
  expect(readFileSync(join(folder, '0001.bin'))).toEqual(JOB)
  expect(printer.isSimulated).toBe(true)
  expect((await printer.status()).hint).toBe('simulated')
  expect(await printer.print(JOB, { signal: AbortSignal.abort() })).toBe('failed')
  await printer.close()
})

test('A pretend printer without a folder to write to fails as a printer does', async () => {
  const file = join(mkdtempSync(join(tmpdir(), 'slips-')), 'file')
  writeFileSync(file, '')
  const printer = pretendIn(file)
  expect(await printer.print(JOB)).toBe('failed')
  expect(await printer.status()).toMatchObject({ online: false, hint: 'check-printer' })
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
