import { afterAll, beforeAll, expect, test } from 'vitest'
import { openBankStory, type StoredStory } from '../../branch-server/testing/stored-story.ts'
import { PRESENT_READING, type Reading } from '../../cloud-sync/fold/fold-step.ts'
import { createFoldKeeper } from '../../cloud-sync/jobs/fold-keeper.ts'
import { addBranch, addTenant } from '../../cloud-sync/store/branches.ts'
import { putCatalogue } from '../../cloud-sync/store/catalogue-rows.ts'
import { foldOn } from '../../cloud-sync/store/fold-on.ts'
import { readSetAside } from '../../cloud-sync/store/fold-rows.ts'
import { type BranchIdentity, holdBranch, receive } from '../../cloud-sync/store/inbox.ts'
import { asAdministrator, openTestStore, silent, type TestStore } from '../../cloud-sync/testing/test-database.ts'
import { callerAt, cash, counter1 } from '../../shared/domain/testing/bank.ts'
import { DAY, MINUTE } from '../../shared/domain/testing/fake-clock.ts'
import { branchSide, cloudSide, epochsOf, type Piece, read, rechained, sendCatalogues } from './told-story.ts'

let server: TestStore
let tenantId: string
let branch: BranchIdentity
beforeAll(async () => {
  server = await openTestStore(process.env['TEST_DATABASE_URL'])
  tenantId = (await addTenant(server.database, 'bank', { fr: 'Banque' })) ?? ''
}, 120_000)
afterAll(() => server?.close())

const DESK = { kind: 'caller', deviceId: callerAt(counter1) } as const
const KIOSK = { kind: 'kiosk', deviceId: 'kiosk-1' as never } as const

function serve(story: StoredStory, name: string): void {
  const ticketId = name as never
  story.ask({ type: 'IssueTicket', ticketId, serviceId: cash, channel: 'kiosk', priority: null, language: null }, KIOSK)
  story.clock.pass(MINUTE)
  story.ask({ type: 'CallTicket', counterId: counter1, ticketId }, DESK)
  story.ask({ type: 'StartService', ticketId }, DESK)
  story.clock.pass(2 * MINUTE)
  story.ask({ type: 'CompleteTicket', ticketId, outcome: null }, DESK)
}

/** Three days of a few customers each. */
function threeDays(): StoredStory {
  const story = openBankStory()
  for (const day of [1, 2, 3]) {
    for (const each of ['a', 'b', 'c']) serve(story, `${each}${day}`)
    story.clock.pass(DAY)
    story.ask({ type: 'KeepTime' })
  }
  story.commit()
  return story
}

async function newBranch(story: StoredStory): Promise<void> {
  branch = { tenantId, branchId: await addBranch(server.database, tenantId, { fr: 'Agence' }, 'Africa/Dakar') }
  await sendCatalogues(server.database, branch, story)
}

async function send(pieces: readonly Piece[], reading: Reading = PRESENT_READING): Promise<void> {
  const failures: unknown[] = []
  const onFailure = (error: unknown): void => {
    failures.push(error)
  }
  for (const { epoch, events } of pieces)
    for (let from = 0; from < events.length; from += 7) {
      const some = events.slice(from, from + 7)
      const { kind } = await receive(server.database, branch, epoch, some, { reading, onFailure })
      expect(kind).toBe('kept')
    }
  expect(failures).toEqual([])
}

/** The log with one event of a ticket made into something else. */
function spoilt(story: StoredStory, change: (event: Record<string, unknown>) => object, type: string, ticket: string) {
  return epochsOf(story).map(({ epoch, events }) => {
    const bodies = rechained(
      events.map(({ body }) => body),
      (event) => (event['type'] === type && event['ticketId'] === ticket ? change(event) : event),
    )
    return { epoch, events: read(bodies) }
  })
}

const asideNow = () => server.database.asTenant(tenantId, (db) => readSetAside(db, tenantId))
const asideOfBranch = async () => (await asideNow()).events.filter(({ branchId }) => branchId === branch.branchId)

/** What the branch's own file holds, without some tickets and all their figures. */
const withoutTicket = (texts: readonly string[], ticket: string): readonly string[] =>
  texts.filter((text) => !text.startsWith(`["${ticket}"`))

test.each([
  // The call is of nobody; whoever was called is served and counted.
  ['speaks of a ticket that nobody took', { ticketId: 'nobody' }, 3],
  ['has an id that is none', { counterId: 'counter\0' }, 2],
  ['has a duration that is none', { waitMs: 'long' }, 2],
  ['has no time', { steadyMs: null }, 2],
  ['has a duration beyond all measure', { waitMs: 1e300 }, 2],
])('of a log with one event that %s, all else is read, and the event is told', async (_, change, issuedCount) => {
  using story = threeDays()
  await newBranch(story)
  await send(spoilt(story, (event) => ({ ...event, ...change }), 'TicketCalled', 'b2'))
  const there = await cloudSide(server.database, branch)
  const here = branchSide(story)
  expect(withoutTicket(there.tickets, 'b2')).toEqual(withoutTicket(here.tickets, 'b2'))
  const aside = await asideOfBranch()
  expect(aside.at(-1)).toMatchObject({ type: 'TicketCalled' })
  expect(aside.length).toBeGreaterThanOrEqual(1)
  // The days without it are as they were, and of its own day nothing but itself is missing.
  const others = (texts: readonly string[]) => texts.filter((text) => !text.includes('2026-11-30'))
  expect(others(there.figures)).toEqual(others(here.figures))
  const issued = there.figures.find((text) => text.startsWith('["2026-11-30","branch"'))
  expect(issued).toContain(`"issued":${issuedCount}`)
})

test('what a table will not take is found, and is that one event’s trouble', async () => {
  const rule = (verb: string) =>
    asAdministrator(server.administratorUrl, (client) => client.query(`alter table smartqueue.ticket ${verb}`))
  await rule("add constraint not_this check (ticket_id <> 'b2') not valid")
  using story = threeDays()
  await newBranch(story)
  await send(epochsOf(story))
  const { tickets } = await cloudSide(server.database, branch)
  expect(tickets).toEqual(withoutTicket(branchSide(story).tickets, 'b2'))
  expect((await asideOfBranch()).map(({ ticketId }) => ticketId)).toContain('b2')
  await rule('drop constraint not_this')
  // A later version, that can: all of it is read again from where that began.
  const mended: Reading = { ...PRESENT_READING, name: 'mended' }
  await readAgain(mended)
  expect(await cloudSide(server.database, branch)).toEqual(branchSide(story))
  expect(await asideOfBranch()).toEqual([])
})

/** @returns how many steps that took */
async function readAgain(reading: Reading, hasNewCatalogue = false): Promise<number> {
  let steps = 0
  for (let isBehind = true; isBehind; steps += 1)
    isBehind = await server.database.asTenant(tenantId, async (db) => {
      await holdBranch(db, branch)
      return (await foldOn(db, branch, { reading, hasNewCatalogue })).isBehind
    })
  return steps
}

test('events of megabytes are read in steps that fit the memory', async () => {
  using story = threeDays()
  await newBranch(story)
  const large = epochsOf(story).map(({ epoch, events }) => {
    const bodies = events.map(({ body }) => body)
    const called = (event: Record<string, unknown>) => event['type'] === 'TicketCalled'
    return { epoch, events: read(rechained(bodies, (it) => (called(it) ? { ...it, more: 'x'.repeat(3e6) } : it))) }
  })
  const knows: Reading['knows'] = (type, version) => type !== 'TicketCalled' && PRESENT_READING.knows(type, version)
  await send(large, { name: 'narrow', knows })
  // Twenty-seven megabytes, in some forty events: by their number it would be one step.
  expect(await readAgain(PRESENT_READING)).toBeGreaterThan(1)
  expect(await cloudSide(server.database, branch)).toEqual(branchSide(story))
})

test.each(['TicketCalled', 'ServiceStarted', 'DayOpened', 'TicketIssued', 'CounterOpened'])(
  'events of a type that is not known, as %s once, are kept, and read once it is',
  async (type) => {
    using story = threeDays()
    await newBranch(story)
    const before: Reading = {
      name: 'before',
      knows: (it, version) => it !== type && PRESENT_READING.knows(it, version),
    }
    await send(epochsOf(story), before)
    const here = branchSide(story)
    expect(await cloudSide(server.database, branch)).not.toEqual(here)
    const unread = (await asideNow()).unread.find(({ branchId }) => branchId === branch.branchId)
    expect(unread?.types[type]).toBeGreaterThan(0)
    await readAgain(PRESENT_READING)
    expect(await cloudSide(server.database, branch)).toEqual(here)
    expect((await asideNow()).unread.filter(({ branchId }) => branchId === branch.branchId)).toEqual([])
  },
)

test('a log goes on without a catalogue that has not come, and is read again once it has', async () => {
  using story = threeDays()
  branch = { tenantId, branchId: await addBranch(server.database, tenantId, { fr: 'Agence' }, 'Africa/Dakar') }
  await send(epochsOf(story))
  const here = branchSide(story)
  const there = await cloudSide(server.database, branch)
  expect(there.tickets).toHaveLength(here.tickets.length)
  expect(there).not.toEqual(here)
  const keeper = createFoldKeeper({ database: server.database, log: silent })
  const body = story.store.catalogues.text(1) ?? ''
  await server.database.asTenant(tenantId, (db) => putCatalogue(db, branch, { version: 1, body }))
  await sendCatalogues(server.database, branch, story)
  keeper.wake(branch, { hasNewCatalogue: true })
  await keeper.idle()
  expect(await cloudSide(server.database, branch)).toEqual(here)
  await keeper.sweep()
  expect(keeper.health()).toMatchObject({ behindCount: 0, failedCount: 0 })
  await keeper.close()
})

test.each([
  ['the first', 0],
  ['a later', 20],
])('effects of %s upload that fail for a reason of ours hold it not back, and are had later', async (_, before) => {
  using story = threeDays()
  await newBranch(story)
  const [whole] = epochsOf(story)
  if (whole === undefined) throw new Error('There is a log')
  const piece = { ...whole, events: whole.events.slice(before) }
  if (before > 0) await send([{ ...whole, events: whole.events.slice(0, before) }])
  const foldedBefore = (await cloudSideOrNothing()).tickets
  const rename = (from: string, to: string) =>
    asAdministrator(server.administratorUrl, (client) => client.query(`alter table smartqueue.${from} rename to ${to}`))
  await rename('rollup', 'gone')
  const failures: unknown[] = []
  const received = await receive(server.database, branch, piece.epoch, piece.events, {
    onFailure: (error) => failures.push(error),
  }).catch((error: unknown) => ({ kind: String(error) }))
  expect(received).toMatchObject({ kind: 'kept', ackedSeq: whole.events.length, effects: null })
  expect(failures).toHaveLength(1)
  expect((await cloudSideOrNothing()).tickets).toEqual(foldedBefore)
  await rename('gone', 'rollup')
  // Of a program that was started since, which knows what the tables say.
  const keeper = createFoldKeeper({ database: server.database, log: silent })
  await keeper.sweep()
  expect(keeper.health().behindCount).toBe(1)
  await keeper.idle()
  expect(await cloudSide(server.database, branch)).toEqual(branchSide(story))
  await keeper.close()
})

async function cloudSideOrNothing() {
  return {
    tickets: await server.database.asTenant(tenantId, (db) =>
      db.query('select from ticket where branch_id = $1', [branch.branchId]),
    ),
  }
}
