// Thousands of tickets on printers that fail at random. The truth is what came out of the virtual printers, piece by
// piece; the kiosk's journal is held against it.
import { createHash } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { v7 as newTicketId } from 'uuid'
import { slipBytes } from '../../kiosk/devices/bytes.ts'
import type { PrinterWaits } from '../../kiosk/devices/escpos-printer.ts'
import { networkPrinter } from '../../kiosk/devices/network.ts'
import { decodePaper } from '../../kiosk/devices/paper.ts'
import { type KioskStore, openKioskStore } from '../../kiosk/kiosk-store.ts'
import type { PrintState, StoredJob } from '../../kiosk/print-job.ts'
import { createPrintQueue, type PrintQueue } from '../../kiosk/print-queue.ts'
import type { TicketId } from '../../shared/domain/ids.ts'
import { signPaper, tokenDigest } from '../../shared/network/paper-signature.ts'
import { composePaper } from '../../shared/slip/compose-list.ts'
import { type PrinterProfile, profileNamed } from '../../shared/slip/profile.ts'
import { PLAIN_SLIP, type SlipContent } from '../../shared/slip/slip.ts'
import { random } from '../power/clients.ts'
import { SAMPLE_LOGO, SAMPLE_SIGN } from './sample-slip.ts'
import { startTcpPrinter, type TcpPrinter } from './tcp-printer.ts'
import { GOOD, PRINTER_MODELS, type PrinterBehaviour, type PrinterModelName } from './virtual-printer.ts'

const PROFILES = [profileNamed('paper-58'), profileNamed('paper-80')] as const
/** Time is short here, so that silence costs little; too short only makes the kiosk doubt more. */
const WAITS: PrinterWaits = { connectMs: 150, statusMs: 80, sendMs: 150, receiptMs: 400, lookMs: 40, closeMs: 60 }
const FINAL: readonly PrintState[] = ['confirmed', 'sent', 'failed', 'uncertain', 'expired']
/** A third of a second's work; at low priority beside twenty busy programs it was seen to take more than ten. */
const FINAL_WAIT_MS_MAX = 60_000
const [JOB_BYTES, CLEARING_BYTES] = [16_000, 4_600]
const FAULTY_SHARE = 0.6
const MENDED_SHARE = 0.7
const REPRINT_SHARE = 0.5
const KILL_SHARE = 0.03
const SECOND_PRINTER_SHARE = 0.5
const SIGNING_DIGEST = tokenDigest('the token of this campaign')
/** A kiosk is set up anew after so many jobs, with printers of another kind. */
const JOBS_PER_KIOSK = 10
const JOBS_PER_LINE = 500

export interface CampaignOutcome {
  readonly jobs: number
  readonly countByState: { readonly [state: string]: number }
  readonly papers: number
  /** Papers that are no whole ticket. */
  readonly scraps: number
  /** Said to be sent by a printer that cannot confirm, and never came out: what `sent` warns of. */
  readonly sentAndLost: { readonly [model: string]: number }
  readonly failures: readonly string[]
}

interface Made {
  readonly job: StoredJob
  readonly model: PrinterModelName
}

/** All that was printed and promised in one campaign. */
interface Books {
  readonly draw: () => number
  readonly madeById: Map<string, Made>
  readonly idByPaper: Map<string, string>
  readonly stateById: Map<string, PrintState>
  readonly countById: Map<string, number>
  readonly sentAndLost: { [model: string]: number }
  readonly failures: string[]
  papers: number
  scraps: number
}

interface Kiosk {
  readonly profile: PrinterProfile
  readonly model: PrinterModelName
  readonly devices: readonly TcpPrinter[]
  readonly folder: string
  store: KioskStore
  queue: PrintQueue
}

const LOG = { info: () => {}, warn: () => {}, error: () => {} }

/** What a paper shows, as one word: two papers are the same when a person could not tell them apart. */
function looksOf(bytes: Uint8Array, profile: PrinterProfile): string {
  const { elements, faults } = decodePaper(bytes, profile)
  const hash = createHash('sha256').update(JSON.stringify(faults))
  for (const element of elements) {
    hash.update(JSON.stringify({ ...element, bits: null }))
    if (element.type === 'image') hash.update(element.bits)
  }
  return hash.digest('hex')
}

function slipFor(ticketId: TicketId, number: string): SlipContent {
  return {
    branchName: 'Agence',
    serviceName: 'Caisse',
    number,
    language: 'fr',
    issuedAtMs: 0,
    timezone: 'Africa/Dakar',
    aheadCount: 3,
    wait: null,
    thenNames: [],
    offline: false,
    copyNumber: 1,
    qrData: signPaper({ ticketId, slot: 1 }, SIGNING_DIGEST),
    ...PLAIN_SLIP,
    sign: SAMPLE_SIGN,
  }
}

/** What can go wrong with a printer, before a job or in the middle of it. */
function fault(draw: () => number): Partial<PrinterBehaviour> | 'unplugged' {
  const upTo = (count: number) => 1 + Math.floor(draw() * count)
  const faults: readonly (() => Partial<PrinterBehaviour> | 'unplugged')[] = [
    () => ({ paper: 'out' }),
    () => ({ paper: 'near-end' }),
    () => ({ cover: 'open' }),
    () => ({ isMute: true }),
    () => ({ givesReceipts: false }),
    () => ({ paperBytes: upTo(JOB_BYTES) }),
    () => ({ dieAfterBytes: upTo(JOB_BYTES + CLEARING_BYTES) }),
    () => ({ powerFailsAfterBytes: upTo(JOB_BYTES + CLEARING_BYTES) }),
    () => ({ bytesPerMs: 5 + draw() * 100 }),
    () => ({ bytesPerMs: 20 + draw() * 50, powerFailsAfterBytes: upTo(JOB_BYTES) }),
    () => ({ bytesPerMs: 20 + draw() * 50, paperBytes: upTo(JOB_BYTES) }),
    () => ({ afterCut: { paper: 'out', afterCut: null } }),
    () => ({ afterCut: { isMute: true, afterCut: null } }),
    () => ({ afterCut: { cover: 'open', afterCut: null } }),
    () => 'unplugged',
  ]
  return faults[Math.floor(draw() * faults.length)]?.() ?? {}
}

async function mend(device: TcpPrinter): Promise<void> {
  device.restorePower()
  device.become(GOOD)
  await device.listen()
}

async function spoil(device: TcpPrinter, draw: () => number): Promise<void> {
  const what = fault(draw)
  if (what === 'unplugged') await device.refuse()
  else device.become(what)
}

function open({ folder, devices, model, profile }: Omit<Kiosk, 'store' | 'queue'>) {
  const store = openKioskStore(join(folder, 'kiosk.db'), Date.now, LOG)
  const receipt = PRINTER_MODELS[model].givesReceipts ? 'process-id' : 'none'
  const automaticStatus = PRINTER_MODELS[model].pushesStatus ? 'offered' : 'none'
  const printers = devices.map(({ host, port, address }) => ({
    address,
    printer: networkPrinter({ host, port, receipt, automaticStatus, waits: WAITS }),
    profile,
  }))
  return {
    store,
    queue: createPrintQueue({
      printers,
      store,
      log: LOG,
      monotonicMs: () => performance.now(),
      logo: () => SAMPLE_LOGO,
    }),
  }
}

async function openKiosk(folder: string, { draw }: Books): Promise<Kiosk> {
  const models: readonly PrinterModelName[] = ['confirming', 'status-only', 'blind']
  const model = models[Math.floor(draw() * models.length)] ?? 'confirming'
  const profile = draw() < 0.5 ? PROFILES[0] : PROFILES[1]
  const kind = { ...PRINTER_MODELS[model], hasKnife: profile.cutter !== 'none' }
  const count = draw() < SECOND_PRINTER_SHARE ? 2 : 1
  const devices = await Promise.all(Array.from({ length: count }, () => startTcpPrinter({}, kind)))
  const setUp = { profile, model, devices, folder }
  return { ...setUp, ...open(setUp) }
}

/** As kill -9: the connections end and nobody writes anything any more; then it starts again on the same file. */
async function killKiosk(kiosk: Kiosk): Promise<void> {
  kiosk.store.close()
  await Promise.all(kiosk.devices.map((device) => device.refuse()))
  await kiosk.queue.close()
  await Promise.all(kiosk.devices.map((device) => device.listen()))
  Object.assign(kiosk, open(kiosk))
}

async function book({ madeById, idByPaper }: Books, job: StoredJob, { model, profile }: Kiosk): Promise<void> {
  madeById.set(job.id, { job, model })
  idByPaper.set(looksOf(await slipBytes(composePaper(job.slip, profile, SAMPLE_LOGO), profile), profile), job.id)
}

/** Waits until the journal is done with a job. */
async function settled(kiosk: Kiosk, jobId: string, books: Books): Promise<PrintState> {
  const startedMs = performance.now()
  for (;;) {
    const state = kiosk.store.job(jobId)?.state ?? 'queued'
    if (FINAL.includes(state)) return state
    if (performance.now() - startedMs > FINAL_WAIT_MS_MAX) {
      books.failures.push(`${jobId} is ${state} for ever`)
      return state
    }
    await new Promise((resolve) => setTimeout(resolve, 2))
  }
}

async function oneJob(kiosk: Kiosk, books: Books, number: number): Promise<void> {
  const { draw } = books
  for (const device of kiosk.devices) {
    if (draw() < MENDED_SHARE) await mend(device)
    if (draw() < FAULTY_SHARE) await spoil(device, draw)
  }
  const ticketId = newTicketId() as TicketId
  const job = kiosk.queue.draft(ticketId, slipFor(ticketId, `A${String(number).padStart(5, '0')}`))
  await book(books, job, kiosk)
  kiosk.store.addJob(job, number)
  kiosk.queue.start(job)
  if (draw() < KILL_SHARE) {
    await new Promise((resolve) => setTimeout(resolve, draw() * 100))
    await killKiosk(kiosk)
  }
  const state = await settled(kiosk, job.id, books)
  if (state === 'confirmed' || state === 'sent' || draw() > REPRINT_SHARE) return
  const told = kiosk.queue.reprint(job.id, number)
  const copy = told === null ? null : kiosk.store.job(told.id)
  if (copy === null) return
  await book(books, copy, kiosk)
  await settled(kiosk, copy.id, books)
}

/** What came out of a kiosk's printers in the end, and what its journal says of it. */
async function readKiosk(kiosk: Kiosk, books: Books): Promise<void> {
  await kiosk.queue.close()
  for (const device of kiosk.devices) await mend(device)
  for (const device of kiosk.devices) await device.drained()
  for (const paper of kiosk.devices.flatMap((device) => device.jobs())) {
    const jobId = books.idByPaper.get(looksOf(paper, kiosk.profile))
    books.papers += 1
    if (jobId === undefined) books.scraps += 1
    else books.countById.set(jobId, (books.countById.get(jobId) ?? 0) + 1)
  }
  for (const { job } of books.madeById.values()) {
    const kept = kiosk.store.job(job.id)
    if (kept !== null) books.stateById.set(job.id, kept.state)
  }
  kiosk.store.close()
  for (const device of kiosk.devices) await device.close()
}

/** Holds each promise against the paper. */
function judge({ madeById, stateById, countById, sentAndLost, failures }: Books): void {
  for (const [id, { job, model }] of madeById) {
    const state = stateById.get(id)
    const count = countById.get(id) ?? 0
    const what = `${job.number} copy ${job.copy} on a ${model} printer is ${state} and came out ${count} times`
    if (count > 1) failures.push(`unmarked duplicate: ${what}`)
    if (state === 'confirmed' && count === 0) failures.push(`silent loss: ${what}`)
    if (state === 'sent' && model === 'confirming') failures.push(`sent without a receipt: ${what}`)
    if ((state === 'failed' || state === 'expired') && count > 0) failures.push(`printed all the same: ${what}`)
    if (state === 'sent' && count === 0) sentAndLost[model] = (sentAndLost[model] ?? 0) + 1
  }
  madeById.clear()
}

function countsOf(states: Iterable<PrintState>): { readonly [state: string]: number } {
  const counts: { [state: string]: number } = {}
  for (const state of states) counts[state] = (counts[state] ?? 0) + 1
  return counts
}

/** Prints that many tickets, and copies of some, and compares what is said with what is there; stops at a kiosk that lied. */
export async function runCampaign(
  { jobs, seed }: { jobs: number; seed: number },
  tell: (line: string) => void = () => {},
): Promise<CampaignOutcome> {
  const books: Books = {
    draw: random(seed),
    madeById: new Map(),
    idByPaper: new Map(),
    stateById: new Map(),
    countById: new Map(),
    sentAndLost: {},
    failures: [],
    papers: 0,
    scraps: 0,
  }
  for (let first = 0; first < jobs && books.failures.length === 0; first += JOBS_PER_KIOSK) {
    const folder = mkdtempSync(join(tmpdir(), 'smartqueue-printers-'))
    const kiosk = await openKiosk(folder, books)
    for (let number = first; number < Math.min(jobs, first + JOBS_PER_KIOSK); number += 1)
      await oneJob(kiosk, books, number)
    await readKiosk(kiosk, books)
    judge(books)
    rmSync(folder, { recursive: true })
    if (first % JOBS_PER_LINE === 0) tell(`${first} of ${jobs} tickets, ${books.failures.length} untrue`)
  }
  const { papers, scraps, sentAndLost, failures, stateById } = books
  return { jobs: stateById.size, countByState: countsOf(stateById.values()), papers, scraps, sentAndLost, failures }
}
