// The server dies by SIGKILL in the middle of a rush at three kiosks, again and again, while replies are lost and
// requests come late. After each death a simulated while goes by, people tap on, and the server starts among them. Then
// each paper must be one living ticket, and they must be called in the order in which people tapped.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import type { DeviceClient } from '../../branch-server/testing/client.ts'
import type { PrintJob } from '../../kiosk/print-job.ts'
import { openForReading } from '../../shared/disk/open.ts'
import { amadou, counter1 } from '../../shared/domain/testing/bank.ts'
import type { TicketJson } from '../../shared/project/ticket-json.ts'
import { random } from '../power/clients.ts'
import { type BranchBox, openBranchBox } from './branch-box.ts'
import type { Mishap } from './flaky-proxy.ts'
import { type KioskBox, openKioskBox } from './kiosk-box.ts'
import { liesOf } from './kiosk-power.ts'
import { pick } from './rounds.ts'
import { errorOf, isInContact, isUp, until } from './until.ts'

/** Two taps this far apart have an order that everybody in the room would agree on. */
const APART_MS = 40
/** Between two customers, wherever in the room they tap; the rush is as dense as three screens can be. */
const GAP_MS_MAX = 60
const TAPS_BEFORE_START = 8
const TAPS_WHILE_STARTING_MAX = 24
const TAPS_AFTER_START = 4
/** By both clocks of everybody, once nobody is at a screen and all paper is out. */
const OUTAGE_MS_MAX = 120_000
const HOUR_MS = 3_600_000
const WALL_ERRORS_MS = [-3 * HOUR_MS, 2 * HOUR_MS, 0]
const SERVICES = ['cash', 'transfers', 'cards'] as const
const MISHAPS: readonly Mishap[] = ['pass', 'pass', 'pass', 'lose-reply', 'lose-reply', 'late']
/** A line that is taken and never answered costs its customer two seconds: some, not many. */
const HANGS = 0.02

export interface Campaign {
  readonly seed: number
  readonly rounds: number
}

export interface Outcome {
  /** Deaths of the server process, each with taps before it and after it. */
  readonly kills: number
  readonly taps: number
  readonly offline: number
  readonly papers: number
  readonly lostReplies: number
  /** Requests that arrived after their kiosk had given up on them. */
  readonly late: number
  /** Tickets of lost replies, which the paper has replaced. */
  readonly ghosts: number
  /** Pairs of taps whose order was certain, and was held against the order of the calls. */
  readonly orders: number
  readonly outageMs: number
  /** One sentence for each thing that went wrong. */
  readonly failures: readonly string[]
}

interface Tap {
  readonly kiosk: KioskBox
  readonly ticketId: string
  readonly number: string
  readonly isOffline: boolean
  readonly sentMs: number
  readonly answeredMs: number
  /** Within how much its kiosk knew the branch's time: on a busy machine not even pings come back at once. */
  readonly errorMs: number
}

interface World {
  readonly folder: string
  readonly branch: BranchBox
  readonly kiosks: readonly KioskBox[]
  readonly desk: DeviceClient
  readonly draw: () => number
  readonly failures: string[]
  readonly numberById: Map<string, string>
  readonly counts: Record<'kills' | 'taps' | 'offline' | 'papers' | 'late' | 'orders' | 'outageMs', number>
}

async function openWorld(seed: number): Promise<World> {
  const folder = mkdtempSync(join(tmpdir(), 'smartqueue-rush-'))
  const draw = random(seed)
  const branch = await openBranchBox(join(folder, 'branch'))
  const kiosks: KioskBox[] = []
  for (const [index, errorMs] of WALL_ERRORS_MS.entries()) {
    const name = `kiosk-${index + 1}`
    const kiosk = await openKioskBox({
      name,
      folder: join(folder, name),
      branchPort: branch.port,
      pairingCode: await branch.invite('kiosk', name),
      aheadMs: branch.aheadMs + errorMs,
      random: draw,
    })
    await kiosk.boot()
    kiosks.push(kiosk)
  }
  for (const kiosk of kiosks) await until(`${kiosk.name} is in contact`, () => isInContact(kiosk))
  const desk = await branch.pair('caller', 'the desk')
  const opened = await desk.open(counter1, amadou)
  if (opened.status !== 200) throw new Error(`Nobody can call: ${JSON.stringify(opened.body)}`)
  // From here on the server is a process, which can be killed.
  await branch.stop()
  await branch.start('process')
  for (const kiosk of kiosks) await until(`${kiosk.name} is in contact again`, () => isInContact(kiosk))
  const counts = { kills: 0, taps: 0, offline: 0, papers: 0, late: 0, orders: 0, outageMs: 0 }
  return { folder, branch, kiosks, desk, draw, failures: [], numberById: new Map(), counts }
}

/** What happens beside the taps of a rush. @returns whether people should go on tapping */
type Beside = (place: number) => boolean

/** People tap wherever a screen is free; nobody waits for what happens at another one. */
async function rush(world: World, beside: Beside): Promise<readonly Tap[]> {
  const { kiosks, draw, failures, counts, numberById } = world
  const free = new Set(kiosks)
  const taps: Tap[] = []

  async function tap(kiosk: KioskBox): Promise<void> {
    kiosk.proxy.plan(draw() < HANGS ? 'hang' : pick(MISHAPS, draw))
    const errorMs = errorOf(kiosk)
    const sentMs = performance.now()
    const { status, body } = await kiosk.tap(pick(SERVICES, draw))
    free.add(kiosk)
    counts.taps += 1
    if (status !== 201) {
      failures.push(`${kiosk.name} answered a tap with ${status} ${body.code}`)
      return
    }
    const { ticketId, number } = body.ticket
    if (body.offline) counts.offline += 1
    numberById.set(ticketId, number)
    taps.push({ kiosk, ticketId, number, isOffline: body.offline, sentMs, answeredMs: performance.now(), errorMs })
  }

  const going: Promise<void>[] = []
  for (let place = 0; beside(place); ) {
    const [...idle] = free
    if (idle.length > 0) {
      const kiosk = pick(idle, draw)
      free.delete(kiosk)
      going.push(tap(kiosk))
      place += 1
    }
    await pause(draw() * GAP_MS_MAX)
  }
  await Promise.all(going)
  return taps
}

/** The server dies at an instant drawn from the seed, or right when it has answered one of the taps. */
async function rushIntoDeath(world: World): Promise<readonly Tap[]> {
  const { branch, kiosks, draw, counts } = world
  const at = 4 + Math.floor(draw() * 6)
  const isAtAnswer = draw() < 0.5
  const total = at + 3 + Math.floor(draw() * 4)
  let death: Promise<void> | null = null
  const die = (): void => {
    death ??= branch.stop()
  }
  const taps = await rush(world, (place) => {
    if (place === at && isAtAnswer) for (const { proxy } of kiosks) proxy.whenAnswered(die)
    else if (place === at) setTimeout(die, draw() * GAP_MS_MAX)
    // Nobody's tap has reached it since: it dies all the same while people tap.
    if (place === total - 2) die()
    return place < total
  })
  for (const { proxy } of kiosks) proxy.whenAnswered(null)
  await death
  counts.kills += 1
  return taps
}

/** The server starts while people tap, and they go on when it is there; what was late arrives at some moment of it. */
async function rushIntoStart(world: World): Promise<readonly Tap[]> {
  const { branch, draw } = world
  let countMax = TAPS_WHILE_STARTING_MAX
  let tapped = 0
  const startsAt = Math.floor(draw() * TAPS_BEFORE_START)
  const releasesAt = Math.floor(draw() * 2 * TAPS_BEFORE_START)
  let start: Promise<void> | null = null
  let released: Promise<void> | null = null
  const taps = await rush(world, (place) => {
    if (place === startsAt)
      start ??= branch.start('process').then(() => {
        countMax = tapped + TAPS_AFTER_START
      })
    if (place === releasesAt) released ??= releaseAll(world)
    tapped = place
    return place < countMax
  })
  await start
  await released
  return taps
}

async function releaseAll({ kiosks, counts }: World): Promise<void> {
  for (const { proxy } of kiosks) counts.late += await proxy.release()
}

/** Nothing waits for its printer any more. */
async function printed({ kiosks, failures }: World): Promise<void> {
  const isOpen = ({ state }: PrintJob): boolean => state === 'queued' || state === 'sending'
  for (const kiosk of kiosks)
    await until(
      `${kiosk.name} has printed`,
      async () => !(await kiosk.get<readonly PrintJob[]>('/local/v1/print-jobs')).some(isOpen),
    ).catch((error: unknown) => failures.push(String(error)))
}

async function waiting({ desk }: World): Promise<readonly TicketJson[]> {
  const { body } = await desk.get<readonly TicketJson[]>('/api/v1/tickets?status=waiting')
  return body.toSorted((a, b) => (a.position ?? 0) - (b.position ?? 0))
}

/** Everybody is back, and the branch knows the papers of this round and no other living ticket. */
async function settled(world: World, taps: readonly Tap[]): Promise<void> {
  const { kiosks, failures } = world
  for (const { proxy } of kiosks) proxy.plan()
  await until('all kiosks are in contact', () => kiosks.every(isUp))
  await releaseAll(world)
  const wanted = taps.map(({ ticketId }) => ticketId).toSorted()
  let known: readonly string[] = []
  const isSettled = async (): Promise<boolean> => {
    known = (await waiting(world)).map(({ ticketId }) => ticketId).toSorted()
    return known.join() === wanted.join()
  }
  await until('each paper has one living ticket', isSettled).catch((error: unknown) => {
    const more = known.filter((id) => !wanted.includes(id)).length
    const less = wanted.filter((id) => !known.includes(id)).map((id) => world.numberById.get(id))
    failures.push(`${String(error)}: ${more} tickets without a paper, papers without a ticket: ${less.join(' ')}`)
  })
}

/** Who is certain to have come before whom: without the server a tap counts at once, with it by the server's answer. */
const cameBefore = (one: Tap, other: Tap): boolean =>
  (one.isOffline ? one.sentMs : one.answeredMs) + APART_MS + one.errorMs + other.errorMs < other.sentMs

function checkOrder({ failures, counts }: World, taps: readonly Tap[], called: readonly string[]): void {
  const placeById = new Map(called.map((ticketId, index) => [ticketId, index]))
  const place = ({ ticketId }: Tap): number => placeById.get(ticketId) ?? Number.POSITIVE_INFINITY
  for (const one of taps)
    for (const other of taps) {
      if (!cameBefore(one, other)) continue
      counts.orders += 1
      if (place(one) > place(other))
        failures.push(
          `${other.number} is called before ${one.number}, who came ${Math.round(other.sentMs - one.sentMs)} ms earlier`,
        )
    }
}

/** Everybody is called and served. @returns their tickets, in the order of the calls */
async function serveAll({ desk, failures }: World, countMax: number): Promise<readonly string[]> {
  const called: string[] = []
  while (called.length <= countMax) {
    const { status, body } = await desk.callNext(counter1)
    if (status !== 200) {
      if (status !== 409) failures.push(`calling was answered ${status}: ${JSON.stringify(body)}`)
      break
    }
    called.push(body.ticketId)
    const done = await desk.act(body.ticketId, 'complete')
    if (done.status !== 200) failures.push(`${body.number} could not be served: ${done.status}`)
  }
  return called
}

async function playRound(world: World): Promise<void> {
  const { branch, kiosks, draw, counts } = world
  const before = await rushIntoDeath(world)
  await printed(world)
  const outageMs = Math.floor(draw() * OUTAGE_MS_MAX)
  counts.outageMs += outageMs
  branch.pass(outageMs)
  for (const kiosk of kiosks) kiosk.pass(outageMs)
  const after = await rushIntoStart(world)
  const taps = [...before, ...after]
  await settled(world, taps)
  await printed(world)
  await checkPapers(world, taps)
  const called = await serveAll(world, taps.length)
  checkOrder(world, taps, called)
}

/** What came out of each printer against the kiosk's journal: no ticket twice, none of nobody, and none that is a lie. */
async function checkPapers({ kiosks, numberById, failures, counts }: World, taps: readonly Tap[]): Promise<void> {
  for (const kiosk of kiosks) {
    const own = taps.filter((tap) => tap.kiosk === kiosk)
    const papers = kiosk.papers(numberById)
    const journal = await kiosk.get<readonly PrintJob[]>('/local/v1/print-jobs')
    for (const { ticketId, number } of own) {
      const job = journal.find((it) => it.ticketId === ticketId)
      const count = papers.filter((it) => it === ticketId).length
      counts.papers += count
      if (job === undefined || liesOf(job, count).length > 0)
        failures.push(`${number} is ${job?.state ?? 'not in the journal'} and came out ${count} times`)
    }
    for (const ticketId of papers) if (!numberById.has(ticketId)) failures.push(`nobody knows the paper ${ticketId}`)
  }
}

/** Over all rounds, as the log tells: no number twice, each paper's ticket served, nobody cancelled but ghosts. */
function checkLog({ branch, numberById, failures }: World): number {
  const db = openForReading(join(branch.folder, 'branch.db'))
  const bodies = db.prepare('select body from event').pluck().all() as string[]
  db.close()
  const holderBy = new Map<string, string>()
  const served = new Set<string>()
  let ghosts = 0
  for (const body of bodies) {
    const event = JSON.parse(body) as Record<'type' | 'ticketId' | 'number' | 'reason' | 'businessDate', string>
    const { type, ticketId, number } = event
    if (type === 'TicketCompleted') served.add(ticketId)
    if (type === 'TicketCancelled') {
      ghosts += 1
      if (event.reason !== 'superseded') failures.push(`a ticket was cancelled: ${event.reason}`)
    }
    if (type !== 'TicketIssued' && type !== 'TicketAdopted') continue
    if (holderBy.has(`${number} ${event.businessDate}`)) failures.push(`the number ${number} was given twice`)
    holderBy.set(`${number} ${event.businessDate}`, ticketId)
  }
  for (const [ticketId, number] of numberById) if (!served.has(ticketId)) failures.push(`${number} was never served`)
  return ghosts
}

/** Kills the server once in each round. */
export async function killInRush({ seed, rounds }: Campaign): Promise<Outcome> {
  const world = await openWorld(seed)
  const { folder, branch, kiosks, failures, counts } = world
  try {
    for (let round = 1; round <= rounds && failures.length === 0; round += 1) {
      await playRound(world)
      if (failures.length > 0) failures.push(`seed ${seed}, round ${round}, in ${folder}`)
    }
  } finally {
    for (const kiosk of kiosks) await kiosk.close()
    await branch.stop()
  }
  const ghosts = checkLog(world)
  if (failures.length === 0) rmSync(folder, { recursive: true, force: true })
  const lostReplies = kiosks.reduce((sum, { proxy }) => sum + proxy.lostCount(), 0)
  return { ...counts, lostReplies, ghosts, failures }
}
