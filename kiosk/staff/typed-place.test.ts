import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { typedPlace } from './typed-place.ts'

const NAMES: { readonly [name: string]: readonly string[] } = {
  'printer.lan': ['192.168.1.50', 'fe80::1'],
  'printer.example': ['203.0.113.9'],
  'two-faced.example': ['192.168.1.50', '203.0.113.9'],
}

let folder = ''
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'smartqueue-typed-'))
  mkdirSync(join(folder, 'dev/usb'), { recursive: true })
  writeFileSync(join(folder, 'dev/ttyUSB0'), '')
  writeFileSync(join(folder, 'dev/usb/lp0'), '')
  writeFileSync(join(folder, 'secret'), '')
  symlinkSync(join(folder, 'secret'), join(folder, 'dev/ttyUSB1'))
  symlinkSync('/dev/null', join(folder, 'dev/ttyUSB2'))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

async function fault(address: string, devices = join(folder, 'dev')): Promise<string | null> {
  const place = await typedPlace(address, { port: 9100, devices }, async (name) => NAMES[name] ?? [])
  return place.ok ? null : place.refusal
}

test('printers of the own network are spoken to, by address or by name, at the ports where printers listen', async () => {
  const good = [
    '10.1.2.3',
    '172.31.0.9',
    '192.168.1.50:9109',
    '169.254.7.7',
    '127.0.0.1',
    '[fe80::1]',
    '[fd00::5]',
    '[::1]',
  ]
  for (const host of [...good, 'printer.lan']) expect([host, await fault(`tcp://${host}`)]).toEqual([host, null])
})

test('nobody has the kiosk speak to a host elsewhere, or to something that is no printer', async () => {
  const elsewhere = ['8.8.8.8', '172.32.0.1', '0.0.0.0', '[2001:db8::1]', '[::ffff:8.8.8.8]', '100.64.0.1']
  for (const host of [...elsewhere, 'printer.example', 'two-faced.example', 'nobody.example'])
    expect([host, await fault(`tcp://${host}`)]).toEqual([host, 'PrinterOutsideNetwork'])
  for (const port of [22, 80, 7070, 7071, 9099, 9110])
    expect([port, await fault(`tcp://127.0.0.1:${port}`)]).toEqual([port, 'PrinterPortUnusual'])
})

test('nobody has the kiosk write into a file, into memory or onto a disk', async () => {
  const files = ['dev/ttyUSB0', 'dev/ttyUSB1', 'dev/ttyUSB2', 'dev/ttyUSB3', 'secret', 'dev/../secret', 'dev']
  for (const name of files)
    expect([name, await fault(`serial:${folder}/${name}`)]).toEqual([name, 'PrinterDeviceMissing'])
  expect(await fault(`usb:${folder}/dev/usb/lp0`)).toBe('PrinterDeviceMissing')
  // Real devices, of another kind.
  for (const path of ['/dev/null', '/dev/tty', '/dev/urandom', '/dev/../dev/zero'])
    for (const type of ['serial', 'usb'])
      expect([path, await fault(`${type}:${path}`, '/dev')]).toEqual([path, 'PrinterDeviceMissing'])
})

test('what cannot be read is said to be no address, and nobody has tickets painted into a folder', async () => {
  for (const address of [
    '',
    'tcp://',
    'x',
    'tcp://a,tcp://b',
    'serial:relative',
    'pretend:/tmp/x',
    'file:///etc/passwd',
  ])
    expect([address, await fault(address)]).toEqual([address, 'PrinterAddressInvalid'])
  expect(await fault('os:Front_Desk')).toBeNull()
})
