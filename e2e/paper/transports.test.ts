import { spawnSync } from 'node:child_process'
import {
  chmodSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, test } from 'vitest'
import { clearingBytes, slipBytes } from '../../kiosk/devices/bytes.ts'
import { devicePrinter } from '../../kiosk/devices/device-file.ts'
import { PRINTER_WAITS } from '../../kiosk/devices/escpos-printer.ts'
import { osPrinter } from '../../kiosk/devices/os-queue.ts'
import type { TicketPrinter } from '../../kiosk/devices/printer.ts'
import { serialPrinter } from '../../kiosk/devices/serial.ts'
import { composeSlip } from '../../shared/slip/compose.ts'
import { profileNamed } from '../../shared/slip/profile.ts'
import { PLAIN_SLIP } from '../../shared/slip/slip.ts'
import { CHECKOUT } from '../plants/plant.ts'
import { startPtyPrinter } from './pty-printer.ts'
import { readPaper } from './read-paper.ts'
import { PRINTER_MODELS } from './virtual-printer.ts'

const PROFILE = profileNamed('paper-80')
const bytes = await slipBytes(
  composeSlip(
    {
      branchName: 'Agence',
      serviceName: 'Caisse',
      number: 'A042',
      language: 'fr',
      issuedAtMs: 0,
      timezone: 'Africa/Dakar',
      aheadCount: 2,
      wait: null,
      thenNames: [],
      offline: false,
      copyNumber: 1,
      qrData: 'smartqueue:ticket:1',
      ...PLAIN_SLIP,
    },
    PROFILE,
  ),
  PROFILE,
)

const closing: (() => unknown)[] = []
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close()
})

function folderOfOwn(): string {
  const folder = mkdtempSync(join(tmpdir(), 'smartqueue-transport-'))
  closing.push(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

/** What is awaited here comes; a machine that does other work beside may be late with it. */
const waits = { ...PRINTER_WAITS, connectMs: 5_000, statusMs: 1_500 }
const lines = {
  serial: (path: string, receipt: 'none' | 'process-id') => serialPrinter({ path, baud: 115_200, receipt, waits }),
  usb: (path: string, receipt: 'none' | 'process-id') => devicePrinter({ path, receipt, waits }),
} as const

describe.for(['serial', 'usb'] as const)('a printer on %s', (kind) => {
  async function plugged(model: keyof typeof PRINTER_MODELS) {
    const device = await startPtyPrinter({}, PRINTER_MODELS[model])
    const receipt = PRINTER_MODELS[model].givesReceipts ? 'process-id' : 'none'
    const printer: TicketPrinter = lines[kind](device.path, receipt)
    closing.push(device.close, printer.close)
    return { device, printer }
  }

  test('prints, confirms, and tells what it lacks', async () => {
    const { device, printer } = await plugged('confirming')
    expect(await printer.print(bytes)).toBe('confirmed')
    expect(await printer.print(bytes)).toBe('confirmed')
    for (const job of device.jobs()) {
      const reading = await readPaper(job, PROFILE)
      expect([reading.qr, reading.faults]).toEqual(['smartqueue:ticket:1', []])
    }
    expect(device.jobs()).toHaveLength(2)
    device.become({ paper: 'out' })
    expect(await printer.print(bytes)).toBe('failed')
    expect(await printer.status()).toMatchObject({ paper: 'out', hint: 'load-paper' })
    device.become({ paper: 'ok' })
    expect(await printer.print(bytes)).toBe('confirmed')
    expect(device.jobs()).toHaveLength(3)
  })

  test('without receipts has sent, and leaves no doubt unsaid when it falls silent', async () => {
    const { device, printer } = await plugged('status-only')
    expect(await printer.print(bytes)).toBe('sent')
    device.become({ afterCut: { isMute: true } })
    expect(await printer.print(bytes)).toBe('uncertain')
    expect(await printer.print(bytes)).toBe('failed')
    expect(device.jobs()).toHaveLength(2)
  })

  test('that stops taking bytes in the middle is given up, and the next ticket is whole', async () => {
    const device = await startPtyPrinter({ paperBytes: 2_000 }, { ...PRINTER_MODELS.confirming, bufferBytes: 4_096 })
    const printer = lines[kind](device.path, 'process-id')
    closing.push(device.close, printer.close)
    expect(await printer.print(bytes)).toBe('uncertain')
    expect(device.jobs()).toHaveLength(0)
    device.become({ paper: 'ok' })
    await device.drained()
    expect(await printer.print(bytes, { clearing: clearingBytes(PROFILE) })).toBe('confirmed')
    const reading = await readPaper(device.jobs().at(-1) ?? Buffer.alloc(0), PROFILE)
    expect([reading.qr, reading.faults]).toEqual(['smartqueue:ticket:1', []])
  })

  test('whose cable is pulled is away, and back when it is plugged in again', async () => {
    const folder = folderOfOwn()
    const path = join(folder, 'printer')
    const first = await startPtyPrinter()
    closing.push(first.close)
    symlinkSync(first.path, path)
    const printer = lines[kind](path, 'none')
    closing.push(printer.close)
    expect(await printer.print(bytes)).toBe('sent')
    await first.pull()
    expect(await printer.print(bytes)).toBe('failed')
    expect(await printer.status()).toMatchObject({ online: false, hint: 'not-reachable' })
    rmSync(path)
    const second = await startPtyPrinter()
    closing.push(second.close)
    symlinkSync(second.path, path)
    expect(await printer.print(bytes)).toBe('sent')
    expect(second.jobs()).toHaveLength(1)
  })
})

describe('a printer on usb', () => {
  test('that takes nothing at all is let go of, however long its write would last', async () => {
    const path = join(folderOfOwn(), 'stuck')
    expect(spawnSync('mkfifo', [path]).status).toBe(0)
    const printer = devicePrinter({ path, receipt: 'none' })
    expect(await printer.print(bytes)).toBe('failed')
    await printer.close()
  })
})

/** Programs that stand in for CUPS: what they are told is in `told`, what they answer in files beside it. */
function standInQueue(state: 'prints' | 'holds' | 'refuses' | 'is off'): string {
  const folder = folderOfOwn()
  const answers = {
    lp:
      state === 'refuses'
        ? 'exit 1'
        : 'for file; do :; done; cp "$file" "$0.pdf"; echo "request id is Front-7 (1 file(s))"',
    lpstat: `case "$1" in
-p) echo "printer Front ${state === 'is off' ? 'disabled since today' : 'is idle.  enabled since today'}";;
-W) ${state === 'prints' ? 'echo "Front-7 root 1024 today"' : 'echo "Front-71 root 1024 today"'};;
esac`,
    cancel: 'true',
  }
  for (const [name, answer] of Object.entries(answers)) {
    const file = join(folder, name)
    writeFileSync(file, `#!/bin/sh\necho "${name} $*" >> "${join(folder, 'told')}"\n${answer}\n`)
    chmodSync(file, 0o755)
  }
  const path = process.env['PATH']
  process.env['PATH'] = `${folder}:${path}`
  closing.push(() => {
    process.env['PATH'] = path
  })
  return folder
}

describe('a queue of the operating system', () => {
  const printer = osPrinter({ queue: 'Front', profile: PROFILE, doneMs: 900 })

  test('is given a page, and has sent it when it says that it is done; it never confirms', async () => {
    const folder = standInQueue('prints')
    expect(await printer.print(bytes)).toBe('sent')
    expect(readFileSync(join(folder, 'lp.pdf')).subarray(0, 5).toString()).toBe('%PDF-')
    expect(await printer.status()).toMatchObject({ capability: 'blind', online: true })
  })

  test('that holds a ticket back is told to forget it, and the ticket is uncertain', async () => {
    const folder = standInQueue('holds')
    expect(await printer.print(bytes)).toBe('uncertain')
    expect(readFileSync(join(folder, 'told'), 'utf8')).toMatch(/cancel Front-7\n$/)
  })

  test('that is switched off is given nothing', async () => {
    const folder = standInQueue('is off')
    expect(await printer.print(bytes)).toBe('failed')
    expect(existsSync(join(folder, 'lp.pdf'))).toBe(false)
    expect(await printer.status()).toMatchObject({ online: false, hint: 'check-printer' })
  })

  test('whose answer nobody can use leaves the ticket uncertain: the page is with it, and goes to no other printer', async () => {
    const folder = standInQueue('holds')
    // A request of that name cannot even be called back: what throws after the hand-over is no failure to print.
    writeFileSync(join(folder, 'lp'), "#!/bin/sh\nprintf 'request id is F\\0000t-7 (1 file)'\n")
    expect(await printer.print(bytes)).toBe('uncertain')
  })

  test('whose program fails leaves the ticket uncertain, and no page behind', async () => {
    standInQueue('refuses')
    const before = readdirSync(tmpdir()).filter((name) => name.startsWith('smartqueue-slip-')).length
    expect(await printer.print(bytes)).toBe('uncertain')
    expect(readdirSync(tmpdir()).filter((name) => name.startsWith('smartqueue-slip-')).length).toBe(before)
  })
})

test('a kiosk whose printer is written wrongly says which setting is wrong, and does not start', () => {
  const { status, stderr, stdout } = spawnSync(process.execPath, [join(CHECKOUT, 'kiosk/host-main.ts')], {
    encoding: 'utf8',
    env: { ...process.env, KIOSK_DATA_DIR: folderOfOwn(), KIOSK_PORT: '0', KIOSK_PRINTER: 'lpt1:' },
  })
  expect(status).toBe(2)
  expect(`${stdout}${stderr}`.trim().split('\n')).toHaveLength(1)
  expect(`${stdout}${stderr}`).toContain('KIOSK_PRINTER is "lpt1:", which is no printer')
})
