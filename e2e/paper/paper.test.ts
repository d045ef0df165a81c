import { isDeepStrictEqual } from 'node:util'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { clearingBytes, slipBytes } from '../../kiosk/devices/bytes.ts'
import { splitEscPos } from '../../kiosk/devices/escpos.ts'
import { networkPrinter } from '../../kiosk/devices/network.ts'
import { decodePaper } from '../../kiosk/devices/paper.ts'
import type { PrintOutcome, TicketPrinter } from '../../kiosk/devices/printer.ts'
import { composeSlip } from '../../shared/slip/compose.ts'
import { PROFILE_NAMES, profileNamed } from '../../shared/slip/profile.ts'
import { PLAIN_SLIP, type SlipContent } from '../../shared/slip/slip.ts'
import { readPaper, showsNumber } from './read-paper.ts'
import { SAMPLE_CODE, SAMPLE_LOGO, SAMPLE_SIGN } from './sample-slip.ts'
import { startTcpPrinter, type TcpPrinter } from './tcp-printer.ts'
import { PRINTER_MODELS, type PrinterBehaviour, type PrinterModelName } from './virtual-printer.ts'

const CONTENT: SlipContent = {
  branchName: 'Agence du Plateau',
  serviceName: 'Prélèvements',
  number: 'A042',
  language: 'fr',
  issuedAtMs: Date.UTC(2026, 10, 23, 10, 42),
  timezone: 'Africa/Dakar',
  aheadCount: 7,
  wait: { form: 'between', lowMinutes: 10, highMinutes: 20 },
  thenNames: [],
  offline: false,
  copyNumber: 1,
  qrData: SAMPLE_CODE,
  ...PLAIN_SLIP,
  sign: SAMPLE_SIGN,
  message: 'Préparez votre pièce d’identité.',
}
const PROFILE = profileNamed('paper-80')
const QUESTION_BYTES = 9
const TRIES_MAX = 5
const slip = (change: Partial<SlipContent> = {}, profile = PROFILE) =>
  slipBytes(composeSlip({ ...CONTENT, ...change }, profile, SAMPLE_LOGO), profile)

/** In the dots of a picture one place is as good as the next, and all of them take minutes: PAPER_STRIDE=1 tries each. */
const STRIDE = Number(process.env['PAPER_STRIDE'] ?? 13)
const PICTURE_HEAD_BYTES = 12

/** Where a ticket is cut off: at every byte of every command, and here and there among the dots of a picture. */
function cutsOf(bytes: Uint8Array): readonly number[] {
  const { tokens } = splitEscPos(bytes)
  return tokens.flatMap(({ offset, bytes: { length }, type }) => {
    const isPicture = type === 'command' && length > 2 * PICTURE_HEAD_BYTES
    const isTried = (at: number) => !isPicture || at < PICTURE_HEAD_BYTES || at > length - 4 || at % STRIDE === 0
    return Array.from({ length }, (_, at) => at + 1)
      .filter(isTried)
      .map((at) => offset + at)
  })
}

const opened: { close(): Promise<unknown> }[] = []
afterEach(async () => {
  for (const each of opened.splice(0)) await each.close()
})

async function pair(
  behaviour: Partial<PrinterBehaviour> = {},
  model: PrinterModelName = 'status-only',
): Promise<{ device: TcpPrinter; printer: TicketPrinter }> {
  const device = await startTcpPrinter(behaviour, PRINTER_MODELS[model])
  const receipt = PRINTER_MODELS[model].givesReceipts ? 'process-id' : 'none'
  const printer = networkPrinter({ host: device.host, port: device.port, receipt })
  opened.push(printer, device)
  return { device, printer }
}

describe('a printed ticket', () => {
  for (const name of PROFILE_NAMES) {
    for (const language of ['fr', 'en', 'ar'] as const) {
      test(`can be read on ${name} in ${language}: its number by people, its QR code by a phone`, async () => {
        const profile = profileNamed(name)
        for (const copyNumber of [1, 2]) {
          const reading = await readPaper(await slip({ language, copyNumber }, profile), profile)
          expect(reading.qr).toBe(CONTENT.qrData)
          expect(showsNumber(reading.paper, 'A042')).toBe(true)
          expect(showsNumber(reading.paper, 'A043')).toBe(false)
          expect(reading.faults).toEqual([])
        }
      })
    }
  }
})

describe('a ticket that broke off', () => {
  for (const name of ['paper-58', 'paper-80'] as const) {
    test(`at any byte leaves nothing behind on ${name}: the next one is perfect`, async () => {
      const profile = profileNamed(name)
      const kind = { ...PRINTER_MODELS.confirming, hasKnife: profile.cutter !== 'none' }
      const device = await startTcpPrinter({}, kind)
      const printer = networkPrinter({ host: device.host, port: device.port, receipt: 'process-id' })
      opened.push(printer, device)
      const bytes = await slip({}, profile)
      const next = await slip({ number: 'A043' }, profile)
      const perfect = decodePaper(next, profile)
      const clearing = clearingBytes(profile)
      const spoiled: object[] = []
      // The first nine bytes of a line are its questions; what is after them is the ticket.
      expect(await printer.print(bytes)).toBe('confirmed')
      for (const cutAt of cutsOf(bytes)) {
        device.become({ dieAfterBytes: QUESTION_BYTES + cutAt })
        const broken = await printer.print(bytes)
        device.become({ dieAfterBytes: null })
        // Not a byte was taken, as by a machine that stalls: that is no paper, and no lie.
        let after: PrintOutcome = 'failed'
        for (let tries = 0; after === 'failed' && tries < TRIES_MAX; tries += 1)
          after = await printer.print(next, { clearing })
        const paper = decodePaper(device.jobs().at(-1) ?? Buffer.alloc(0), profile)
        const isPerfect = isDeepStrictEqual(paper.elements, perfect.elements) && paper.faults.length === 0
        if (broken !== 'uncertain' || after !== 'confirmed' || !isPerfect)
          spoiled.push({ cutAt, broken, after, isPerfect })
      }
      expect(spoiled).toEqual([])
      // That is the clearing's merit: without it the rest of the picture swallows the next questions and the ticket.
      device.become({ dieAfterBytes: QUESTION_BYTES + Math.floor(bytes.length / 2) })
      await printer.print(bytes)
      device.become({ dieAfterBytes: null })
      expect(await printer.print(next)).not.toBe('confirmed')
    })
  }
})

describe('a network printer', () => {
  test('prints a ticket and finds it on the paper', async () => {
    const { device, printer } = await pair()
    expect(await printer.print(await slip())).toBe('sent')
    const [job, ...more] = device.jobs()
    expect(more).toEqual([])
    const reading = await readPaper(job ?? Buffer.alloc(0), PROFILE)
    expect(reading.text).toContain('Prélèvements')
    expect(reading.qr).toBe(CONTENT.qrData)
    expect(reading.cutCount).toBe(1)
    expect(await printer.status()).toEqual({
      capability: 'status-only',
      online: true,
      paper: 'ok',
      cover: 'closed',
      hint: 'ready',
    })
  })

  test('confirms only with the printer’s own receipt', async () => {
    const { device, printer } = await pair({}, 'confirming')
    expect(await printer.print(await slip())).toBe('confirmed')
    device.behaviour.givesReceipts = false
    expect(await printer.print(await slip())).toBe('uncertain')
  })

  test('whose roll ends before it could confirm leaves the ticket uncertain, and its late receipt fits no other', async () => {
    const { device, printer } = await pair({ afterCut: { paper: 'out' } }, 'confirming')
    expect(await printer.print(await slip())).toBe('uncertain')
    device.become({ afterCut: null, isMute: true, paper: 'ok' })
    device.become({ isMute: false, givesReceipts: false })
    expect(await printer.print(await slip())).toBe('uncertain')
  })

  test('that goes on when it has paper again gives its receipt late, for its own ticket alone', async () => {
    const { device, printer } = await pair({ paperBytes: 3_000 }, 'confirming')
    const heard: string[] = []
    const first = printer.print(await slip(), { onLateReceipt: () => void heard.push('first') })
    expect(await first).toBe('uncertain')
    expect(await printer.print(await slip(), { onLateReceipt: () => void heard.push('second') })).toBe('failed')
    expect([heard, device.jobs().length]).toEqual([[], 0])
    device.become({ paper: 'ok' })
    await device.drained()
    await vi.waitFor(() => expect(heard).toEqual(['first']))
    expect(device.jobs()).toHaveLength(1)
    expect(await printer.print(await slip({ number: 'A043' }))).toBe('confirmed')
    expect(heard).toEqual(['first'])
  })

  test('that offers it tells by itself of paper and cover, before and after a ticket', async () => {
    const device = await startTcpPrinter({}, PRINTER_MODELS.confirming)
    const { host, port } = device
    const printer = networkPrinter({ host, port, receipt: 'process-id', automaticStatus: 'offered' })
    opened.push(printer, device)
    let newsCount = 0
    printer.onNews?.(() => {
      newsCount += 1
    })
    /** Whether it speaks up at the next change, nobody having asked. */
    const tells = async (change: Partial<PrinterBehaviour>): Promise<void> => {
      await vi.waitFor(() => expect(device.unfinished()).toHaveLength(0))
      const before = newsCount
      device.become(change)
      await vi.waitFor(() => expect(newsCount).toBeGreaterThan(before))
    }
    expect((await printer.status()).hint).toBe('ready')
    // It answers the request at once.
    await vi.waitFor(() => expect(newsCount).toBeGreaterThan(0))
    await tells({ cover: 'open' })
    await tells({ cover: 'closed' })
    expect(await printer.print(await slip())).toBe('confirmed')
    await tells({ paper: 'near-end' })
    expect((await printer.status()).hint).toBe('paper-low')
  })

  test('that falls silent after it has spoken is out of order, not blind: nothing is sent to it', async () => {
    const { device, printer } = await pair()
    expect(await printer.print(await slip())).toBe('sent')
    device.become({ isMute: true })
    expect(await printer.print(await slip())).toBe('failed')
    expect(device.jobs()).toHaveLength(1)
    expect(await printer.status()).toMatchObject({ capability: 'status-only', online: false })
  })

  test('sends nothing to a printer without paper or with an open cover', async () => {
    const { device, printer } = await pair({ paper: 'out' })
    expect(await printer.print(await slip())).toBe('failed')
    expect((await printer.status()).hint).toBe('load-paper')
    Object.assign(device.behaviour, { paper: 'ok', cover: 'open' })
    expect(await printer.print(await slip())).toBe('failed')
    expect((await printer.status()).hint).toBe('close-cover')
    Object.assign(device.behaviour, { cover: 'closed' })
    expect(await printer.print(await slip())).toBe('sent')
    expect(device.jobs()).toHaveLength(1)
    expect(device.unfinished()).toHaveLength(0)
  })

  test('still prints when paper is near its end, and says so', async () => {
    const { printer } = await pair({ paper: 'near-end' })
    expect(await printer.print(await slip())).toBe('sent')
    expect(await printer.status()).toMatchObject({ paper: 'near-end', hint: 'paper-low' })
  })

  test('is uncertain when the paper ends with the ticket', async () => {
    const { printer } = await pair({ afterCut: { paper: 'out' } })
    expect(await printer.print(await slip())).toBe('uncertain')
  })

  test('that never answers is blind: the ticket is sent, within three seconds', async () => {
    const { device, printer } = await pair({}, 'blind')
    const startMs = performance.now()
    expect(await printer.print(await slip())).toBe('sent')
    expect(performance.now() - startMs).toBeLessThan(3000)
    expect(device.jobs()).toHaveLength(1)
    expect(await printer.status()).toMatchObject({ capability: 'blind', online: null, hint: 'status-unknown' })
  })

  test('that falls silent in the middle leaves the ticket uncertain', async () => {
    const { printer } = await pair({ afterCut: { isMute: true } })
    expect(await printer.print(await slip())).toBe('uncertain')
  })

  test('that dies at any byte never claims a ticket, and does not try again', async () => {
    const bytes = await slip()
    const { device, printer } = await pair()
    for (let dieAfterBytes = 1; dieAfterBytes < bytes.length + QUESTION_BYTES; dieAfterBytes += 97) {
      device.behaviour.dieAfterBytes = dieAfterBytes
      const connectionCount = device.connectionCount()
      const outcome = await printer.print(bytes)
      expect([dieAfterBytes, outcome]).toEqual([
        dieAfterBytes,
        dieAfterBytes <= QUESTION_BYTES ? 'failed' : 'uncertain',
      ])
      expect(device.connectionCount()).toBe(connectionCount + 1)
      device.losePower()
      device.restorePower()
    }
    device.behaviour.dieAfterBytes = null
    expect(await printer.print(bytes, { clearing: clearingBytes(PROFILE) })).toBe('sent')
    expect((await readPaper(device.jobs().at(-1) ?? Buffer.alloc(0), PROFILE)).faults).toEqual([])
  })

  test('that is blind and dies leaves the ticket uncertain', async () => {
    const { printer } = await pair({ dieAfterBytes: 1000 }, 'blind')
    expect(await printer.print(await slip())).toBe('uncertain')
  })

  test('that is switched off fails, and prints again when it is back', async () => {
    const { device, printer } = await pair()
    await device.refuse()
    expect(await printer.print(await slip())).toBe('failed')
    expect(await printer.status()).toMatchObject({ online: false, hint: 'not-reachable' })
    await device.listen()
    expect(await printer.print(await slip())).toBe('sent')
  })

  test('prints tickets one after the other, on one line', async () => {
    const { device, printer } = await pair()
    const numbers = ['A001', 'A002', 'A003', 'A004', 'A005']
    const jobs = await Promise.all(numbers.map((number) => slip({ number })))
    const outcomes = await Promise.all(jobs.map((job) => printer.print(job)))
    expect(outcomes).toEqual(['sent', 'sent', 'sent', 'sent', 'sent'])
    const readings = await Promise.all(device.jobs().map((job) => readPaper(job, PROFILE)))
    expect(readings.map(({ text }) => text.split('\n').at(-1))).toEqual(numbers)
    expect(device.connectionCount()).toBe(1)
    expect(readings.flatMap(({ faults }) => faults)).toEqual([])
  })

  test('has one owner: a second kiosk fails honestly, and its ticket does not mix with the first one’s', async () => {
    const { device, printer } = await pair({}, 'confirming')
    expect(await printer.print(await slip())).toBe('confirmed')
    const other = networkPrinter({ host: device.host, port: device.port, receipt: 'process-id' })
    opened.push(other)
    const outcomes = await Promise.all(
      [await slip(), await slip()].map((job, index) => (index === 0 ? printer : other).print(job)),
    )
    expect(outcomes).toEqual(['confirmed', 'failed'])
    for (const job of device.jobs()) expect((await readPaper(job, PROFILE)).faults).toEqual([])
    expect(device.unfinished()).toHaveLength(0)
  })

  test('gives up when told to, and knows whether bytes had left', async () => {
    const { device, printer } = await pair({}, 'blind')
    expect(await printer.print(await slip(), { signal: AbortSignal.abort() })).toBe('failed')
    expect(await printer.print(await slip(), { signal: AbortSignal.timeout(50) })).toBe('failed')
    expect(device.jobs()).toEqual([])
    expect(device.unfinished()).toHaveLength(0)
  })
})
