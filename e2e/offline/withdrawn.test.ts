// A tap whose answer is lost, and for which the kiosk then gives nothing: nobody holds the ticket that the branch made.
import { expect, test } from 'vitest'
import type { SentCatalogue } from '../../branch-server/testing/bank-catalogue.ts'
import type { TicketJson } from '../../shared/project/ticket-json.ts'
import { oneLine } from './branch-box.ts'
import type { KioskBox } from './kiosk-box.ts'
import { openSmallWorld, type SmallWorld } from './small-world.ts'
import { until } from './until.ts'

/** A line for two. */
const full: SentCatalogue = { ...oneLine, queues: oneLine.queues.map((queue) => ({ ...queue, maxCapacity: 2 })) }

const ticketsOf = async ({ caller }: SmallWorld): Promise<readonly TicketJson[]> =>
  (await caller.get<readonly TicketJson[]>('/api/v1/tickets')).body

const waitingAt = ({ host }: KioskBox): number =>
  [...(host().host.store.seen()?.state.tickets.values() ?? [])].filter(({ phase }) => phase.status === 'waiting').length

/** The kiosk hears that the line is full, but not that the branch has given the last place to its own customer. */
async function loseLastPlace(world: SmallWorld, key: string, isCut = false) {
  const { kiosk } = world
  expect((await kiosk.tap('cash')).status).toBe(201)
  kiosk.proxy.plan('lose-late')
  // Every line, once the feed has brought it.
  if (isCut) kiosk.proxy.whenAnswered(() => setTimeout(() => kiosk.proxy.cut(), 200))
  return kiosk.tap('cash', key)
}

test('a ticket that no paper carries is withdrawn by the key of its tap, once, and counts as nobody who did not come', async () => {
  await using world = await openSmallWorld(1, full)
  const key = crypto.randomUUID()
  const refused = await loseLastPlace(world, key)
  expect([refused.status, refused.body.code]).toEqual([409, 'QueueFull'])

  await until('it is withdrawn', async () => (await world.line()).length === 1)

  const [, ghost] = (await ticketsOf(world)).toSorted((a, b) => a.number.localeCompare(b.number))
  expect(ghost).toMatchObject({ number: 'A002', status: 'cancelled', calledAtMs: null })
  expect(world.kiosk.log.filter((line) => line.includes('withdrawn')).length).toBe(1)
  // The same tap again is told that it was given up, and brings no ticket.
  expect((await world.kiosk.tap('cash', key)).body.code).toBe('TapWithdrawn')
  expect((await ticketsOf(world)).length).toBe(2)
})

test('a kiosk that is switched off before it could withdraw the ticket does so when it is on again', async () => {
  await using world = await openSmallWorld(1, full)
  const { kiosk } = world
  const key = crypto.randomUUID()
  const refused = await loseLastPlace(world, key, true)
  expect(refused.body.code).toBe('QueueFull')
  await kiosk.off()
  expect((await world.line()).length).toBe(2)
  await kiosk.boot()
  kiosk.proxy.mend()
  await until('it is withdrawn', async () => (await world.line()).length === 1)
})

test('an answer that comes when the tap was given up brings no ticket', async () => {
  await using world = await openSmallWorld(1, full)
  const { kiosk, caller } = world
  for (const _ of [1, 2]) await kiosk.tap('cash')
  await until('the kiosk knows of both', () => waitingAt(kiosk) === 2)
  kiosk.proxy.plan('late')
  expect((await kiosk.tap('cash')).body.code).toBe('QueueFull')
  // The withdrawal overtakes the request itself.
  await until('the kiosk has said so', () => kiosk.log.some((line) => line.includes('given up')))
  await caller.open(full.counters[0]?.id ?? '', full.agents[0]?.id ?? '')
  expect((await caller.callNext(full.counters[0]?.id ?? '')).body.number).toBe('A001')
  expect(await kiosk.proxy.release()).toBe(1)
  expect((await world.line()).length).toBe(1)
})
