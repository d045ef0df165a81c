// What must hold after each rush: each paper is one living ticket, and the calls come in the order of the taps.
import { join } from 'node:path'
import type { PrintJob } from '../../kiosk/print-job.ts'
import { openForReading } from '../../shared/disk/open.ts'
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
      if (status !== 409) failures.push(`calling was answered ${status}: ${JSON.stringify(body)}`)
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

/** Over all rounds, as the log tells: no number twice, each paper's ticket served, nobody cancelled but ghosts. */
export function checkLog({ branch, numberById, failures }: World): number {
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
