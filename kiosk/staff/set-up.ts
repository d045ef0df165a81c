import type { Language } from '#shared/domain/ids.ts'
import type { Result } from '#shared/domain/result.ts'
import type { HostLog } from '#shared/host/host-log.ts'
import { ownAddresses } from '#shared/network/own-addresses.ts'
import { type PrinterProfile, profileNamed } from '#shared/slip/profile.ts'
import type { ProblemCode } from '#shared/wire/problem.ts'
import type { ChosenPrinter, SetUpTask, TriedPrinter } from '#shared/wire/staff.ts'
import { openPrinter } from '../devices/open-printer.ts'
import type { TicketPrinter } from '../devices/printer.ts'
import { BAUDS, type PrinterPlace } from '../devices/printer-address.ts'
import type { PrintQueue } from '../print-queue.ts'
import { findPrinters, neighboursOf, PRINTER_PORT, type SearchPlaces } from './find-printers.ts'
import { codePagesBytes, testPageBytes } from './set-up-pages.ts'
import { typedPlace } from './typed-place.ts'

/** A printer to be tried: where, and how wide its paper is. */
export interface TriedPlace {
  readonly address: string
  readonly paperMm: PrinterProfile['paperMm']
  readonly language: Language
}

/** The guided set-up of a printer: one thing is done at a time, for a printer has one owner. */
export interface PrinterSetUp {
  task(): SetUpTask
  /** The printer's place that was typed or chosen, or why there can be none. */
  place(address: string): Promise<Result<PrinterPlace, ProblemCode>>
  /** Each @returns false while another is under way; the same key again is the same act. */
  search(key: string): boolean
  testPage(key: string, said: TriedPlace, place: PrinterPlace): boolean
  codePages(key: string, said: TriedPlace, place: PrinterPlace): boolean
}

export interface SetUpParts {
  readonly queue: Pick<PrintQueue, 'aside'>
  readonly logo: () => string | null
  readonly log: HostLog
  /** Where a search looks; left out: beside this kiosk. */
  readonly places?: () => SearchPlaces
}

const placesHere = (): SearchPlaces => ({ hosts: neighboursOf(ownAddresses()), port: PRINTER_PORT, devices: '/dev' })

/** As a printer of that width is before anything more is known of it. */
const plainProfile = (paperMm: PrinterProfile['paperMm'], more: Partial<PrinterProfile> = {}): PrinterProfile => ({
  ...profileNamed(paperMm === 58 ? 'paper-58' : 'paper-80'),
  ...more,
})

/** The profile that the person's answers make. */
export const chosenProfile = ({ paperMm, codePages, qr, receipt, automaticStatus }: ChosenPrinter): PrinterProfile =>
  plainProfile(paperMm, { name: `set-up-${paperMm}`, codePages, qr, receipt, automaticStatus })

/** The same place at each speed it may have, the one that was said first. */
const speedsOf = (place: PrinterPlace): readonly PrinterPlace[] =>
  place.type === 'serial'
    ? [place, ...BAUDS.filter((it) => it !== place.baud).map((baud) => ({ ...place, baud }))]
    : [place]

async function withPrinter<Result>(
  place: PrinterPlace,
  profile: PrinterProfile,
  task: (printer: TicketPrinter, address: string) => Promise<Result>,
): Promise<Result> {
  const { printer, address } = openPrinter(place, profile)
  try {
    return await task(printer, address)
  } finally {
    await printer.close()
  }
}

/** Which speed a serial printer answers at; the one that was said when it never answers. */
async function placeThatAnswers(place: PrinterPlace, profile: PrinterProfile): Promise<PrinterPlace> {
  if (place.type !== 'serial') return place
  for (const speed of speedsOf(place)) {
    const status = await withPrinter(speed, profile, (printer) => printer.status())
    if (status.capability !== 'blind') return speed
  }
  return place
}

/**
 * Prints a test page. Whether the printer gives receipts is found out by asking for one: one that does not know the
 * question leaves the page unconfirmed, and is taken for one that only tells its status.
 */
async function tryPlace(place: PrinterPlace, said: TriedPlace, logo: string | null): Promise<TriedPrinter> {
  const plain = plainProfile(said.paperMm)
  const found = await placeThatAnswers(place, plain)
  const before = await withPrinter(found, plain, (printer) => printer.status())
  const isAnswering = before.capability !== 'blind' && place.type !== 'os' && place.type !== 'pretend'
  const profile = isAnswering ? { ...plain, receipt: 'process-id' as const } : plain
  return withPrinter(found, profile, async (printer, address) => {
    const outcome = await printer.print(await testPageBytes({ ...said, address, logo }, profile))
    const gives = isAnswering && outcome === 'confirmed'
    const status = await printer.status()
    return {
      address,
      outcome,
      status:
        gives || status.capability !== 'confirmed' || !isAnswering ? status : { ...status, capability: 'status-only' },
      receipt: gives ? 'process-id' : 'none',
      // Whoever gives receipts tells of paper by itself, too; of others nobody knows.
      automaticStatus: gives ? 'offered' : 'none',
    }
  })
}

export function createPrinterSetUp({ queue, logo, log, places = placesHere }: SetUpParts): PrinterSetUp {
  let task: SetUpTask = { type: 'idle' }
  let lastKey = ''

  function start(key: string, run: () => Promise<SetUpTask>): boolean {
    if (key === lastKey) return true
    if (task.type === 'running') return false
    lastKey = key
    task = { type: 'running' }
    run().then(
      (done) => {
        task = done
      },
      (error: unknown) => {
        log.error({ err: error }, 'the set-up of a printer threw')
        task = { type: 'idle' }
      },
    )
    return true
  }

  /** The kiosk's own printer may be the one that is tried: it is let go of meanwhile. */
  const printing = (key: string, run: () => Promise<SetUpTask>): boolean => start(key, () => queue.aside(run))

  return {
    task: () => task,
    search: (key) => start(key, async () => ({ type: 'found', printers: await findPrinters(places()) })),
    place: (address) => typedPlace(address, places()),
    testPage: (key, said, place) =>
      printing(key, async () => ({ type: 'tried', printer: await tryPlace(place, said, logo()) })),
    codePages: (key, said, place) =>
      printing(key, () => {
        const profile = plainProfile(said.paperMm)
        return withPrinter(place, profile, async (printer) => ({
          type: 'lettered',
          outcome: await printer.print(await codePagesBytes(said.language, profile)),
        }))
      }),
  }
}
