// What must hold after each rush: each paper is one living ticket, and the calls come in the order of the taps.
import { join } from 'node:path'
import type { PrintJob } from '../../kiosk/print-job.ts'
import { openForReading } from '../../shared/disk/open.ts'
import { parseBlockNumber } from '../../shared/domain/numbering.ts'
import { counter1 } from '../../shared/domain/testing/bank.ts'
import type { TicketJson } from '../../shared/project/ticket-json.ts'
import { liesOf } from './kiosk-power.ts'
import { releaseAll, type Tap, type World } from './rush-world.ts'
import { isUp, until } from './until.ts'

/** Two taps this far apart have an order that everybody in the room would agree on. */
const APART_MS = 40
/** Reading a number back from its dots takes longer than printing it: the code says whose each paper is. */
const NUMBERS_READ = 0.2

/** Nothing waits for its printer any more. */
export async function printed({ kiosks, failures }: World): Promise<void> {
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
export async function settled(world: World, taps: readonly Tap[]): Promise<void> {
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

/** Who is certain to have come before whom: without the server a tap counts when it is heard, with it by the server's answer. */
const cameBefore = (one: Tap, other: Tap): boolean =>
  (one.isOffline ? one.heardMs : one.answeredMs) + APART_MS + one.errorMs + other.errorMs < other.sentMs

export function checkOrder({ failures, counts }: World, taps: readonly Tap[], called: readonly string[]): void {
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
export async function serveAll({ desk, failures }: World, countMax: number): Promise<readonly string[]> {
  const called: string[] = []
  while (called.length <= countMax) {
    const { status, body } = await desk.callNext(counter1)
    if (status !== 200) {
      if (!JSON.stringify(body).includes('"QueueEmpty"'))
        failures.push(`calling was answered ${status}: ${JSON.stringify(body)}`)
      break
    }
    called.push(body.ticketId)
    const done = await desk.act(body.ticketId, 'complete')
    if (done.status !== 200) failures.push(`${body.number} could not be served: ${done.status}`)
  }
  return called
}

/** What came out of each printer against the kiosk's journal: no ticket twice, none of nobody, and none that is a lie. */
export async function checkPapers(
  { kiosks, numberById, failures, counts, draw }: World,
  taps: readonly Tap[],
): Promise<void> {
  for (const kiosk of kiosks) {
    const own = taps.filter((tap) => tap.kiosk === kiosk)
    const papers = kiosk.papers(numberById, () => draw() < NUMBERS_READ)
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

interface Logged {
  readonly type: string
  readonly ticketId: string
  readonly number: string
  readonly reason: string
  readonly businessDate: string
}

function readLog(folder: string): readonly Logged[] {
  const db = openForReading(join(folder, 'branch.db'))
  const bodies = db.prepare('select body from event order by seq').pluck().all() as string[]
  db.close()
  return bodies.map((body) => JSON.parse(body) as Logged)
}

/** How far the longest block of a kiosk came on one day: a campaign that uses one up ends in refusals. */
function longestBlock(events: readonly Logged[]): number {
  const ordinals = events
    .filter(({ type }) => type === 'TicketAdopted')
    .map(({ number }) => parseBlockNumber(number)?.ordinal ?? 0)
  return ordinals.reduce((a, b) => Math.max(a, b), 0)
}

/**
 * Over all rounds, as the log tells: no number twice on one day, each paper's ticket served or ended with its day, and
 * nobody cancelled but those, the ghosts, and who had no paper when the day ended.
 */
export function checkLog({ branch, numberById, endedIds, failures }: World) {
  const events = readLog(branch.folder)
  const holderBy = new Map<string, string>()
  const served = new Set<string>()
  const ended = new Set<string>()
  let ghosts = 0
  for (const { type, ticketId, number, reason, businessDate } of events) {
    if (type === 'TicketCompleted') served.add(ticketId)
    if (type === 'TicketCancelled' && reason === 'day-closed') ended.add(ticketId)
    if (type === 'TicketCancelled' && !numberById.has(ticketId)) ghosts += 1
    else if (type === 'TicketCancelled' && !endedIds.has(ticketId))
      failures.push(`${numberById.get(ticketId)} was cancelled: ${reason}`)
    if (type !== 'TicketIssued' && type !== 'TicketAdopted') continue
    if (holderBy.has(`${number} ${businessDate}`)) failures.push(`the number ${number} was given twice`)
    holderBy.set(`${number} ${businessDate}`, ticketId)
  }
  for (const [ticketId, number] of numberById)
    if (!(endedIds.has(ticketId) ? ended : served).has(ticketId))
      failures.push(`${number} was never ${endedIds.has(ticketId) ? 'known to the day that ended' : 'served'}`)
  const days = events.filter(({ type }) => type === 'DayOpened').length
  return { ghosts, days, longestBlock: longestBlock(events) }
}
