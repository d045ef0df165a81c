import { expect, test } from 'vitest'
import type { Command, PaperMark } from './commands.ts'
import type { QueueId, ServiceId, TicketId } from './ids.ts'
import {
  accounts,
  adviceLine,
  amadou,
  callerAt,
  cardLine,
  cash,
  chloe,
  counter1,
  counter2,
  counter3,
  djeneba,
  loans,
  nightBank,
  tellerLine,
} from './testing/bank.ts'
import { stillPortrait } from './testing/invariants.ts'
import { callerOrigin, kioskOrigin, mark, openBranch, paper, type Story } from './testing/story.ts'
import { TICKET_STATUSES, type TicketStatus } from './ticket.ts'
import { TICKET_COMMANDS, type TicketCommandName, transitions } from './transitions.ts'

/** The branch of these tests: the customer's ticket is at counter 1 or was; the manager at counter 2 is free. */
function branchWith(
  status: TicketStatus,
  catalogue = nightBank,
  plan: readonly ServiceId[] = [],
): { story: Story; ticketId: TicketId } {
  const story = openBranch(catalogue, [
    [counter1, amadou],
    [counter2, djeneba],
  ])
  const ticketId = story.takes(cash, null, plan)
  const roads: Record<TicketStatus, () => void> = {
    waiting: () => {},
    called: () => story.callsNext(counter1),
    serving: () => {
      roads.called()
      story.acts('StartService', counter1, ticketId)
    },
    held: () => {
      roads.serving()
      story.holds(counter1, ticketId)
    },
    completed: () => {
      roads.serving()
      story.completes(counter1, ticketId)
    },
    no_show: () => {
      roads.called()
      story.acts('MarkNoShow', counter1, ticketId)
    },
    cancelled: () => story.acts('CancelTicket', counter1, ticketId),
  }
  roads[status]()
  expect(story.status(ticketId)).toBe(status)
  return { story, ticketId }
}

type Ask = (ticketId: TicketId) => Command
/** What nobody asks for: it comes with something else. */
type Unasked = 'supersede' | 'withdraw' | 'roll' | 'lapse'
const unasked: readonly string[] = ['supersede', 'withdraw', 'roll', 'lapse'] satisfies Unasked[]

const recorded = (ticketId: TicketId, status: PaperMark['status']): Command => ({
  type: 'RecordTicket',
  mark: mark(status, { ticketId }),
})

/** How each command of the table is really asked for; `supersede` and `roll` have no command of their own, `withdraw` no answer. */
const asks: Record<Exclude<TicketCommandName, Unasked>, Ask> = {
  call: (ticketId) => ({ type: 'CallTicket', ticketId, counterId: counter2 }),
  recall: (ticketId) => ({ type: 'RecallTicket', ticketId }),
  start: (ticketId) => ({ type: 'StartService', ticketId }),
  hold: (ticketId) => ({ type: 'HoldTicket', ticketId, reason: null }),
  resume: (ticketId) => ({ type: 'ResumeTicket', ticketId, counterId: counter2 }),
  return: (ticketId) => ({ type: 'ReturnTicket', ticketId }),
  complete: (ticketId) => ({ type: 'CompleteTicket', ticketId, outcome: null }),
  'complete-leg': (ticketId) => ({ type: 'CompleteTicket', ticketId, outcome: null }),
  'no-show': (ticketId) => ({ type: 'MarkNoShow', ticketId }),
  cancel: (ticketId) => ({ type: 'CancelTicket', ticketId }),
  reinstate: (ticketId) => ({ type: 'ReinstateTicket', ticketId }),
  transfer: (ticketId) => ({ type: 'TransferTicket', ticketId, toQueueId: adviceLine, place: 'last' }),
  record: (ticketId) => recorded(ticketId, 'completed'),
  'record-leg': (ticketId) => recorded(ticketId, 'completed'),
  'record-no-show': (ticketId) => recorded(ticketId, 'no_show'),
  'record-left': (ticketId) => recorded(ticketId, 'cancelled'),
}

/** Asks for one cell of the table; gives the refusal's code, or null. */
function run(story: Story, name: TicketCommandName, ticketId: TicketId): string | null {
  if (name === 'roll') {
    story.until('04:00', 1)
    return null
  }
  if (name === 'lapse') {
    story.does({ type: 'CloseCounter', counterId: counter3 }, callerOrigin(counter3))
    return null
  }
  if (name === 'supersede') {
    story.adopts([paper('paper-1', 'A1001', cash, { ghostId: ticketId })])
    return null
  }
  if (name === 'withdraw') {
    story.does({ type: 'WithdrawTickets', ticketIds: [ticketId] }, kioskOrigin())
    return null
  }
  const { answer } = story.ask(asks[name](ticketId), callerOrigin(counter2))
  return answer.ok ? null : answer.refusal.code
}

/** A visit with more before it; where the ticket is to be completed first, it has nothing before it. */
const planFor = (name: TicketCommandName, status: TicketStatus): readonly ServiceId[] =>
  (name === 'complete-leg' || name === 'record-leg') && status !== 'completed' ? [loans] : []

const cells = TICKET_COMMANDS.flatMap((name) =>
  TICKET_STATUSES.map((status) => ({ name, status, cell: transitions[name][status] })),
)
const asked = cells.filter(({ name }) => !unasked.includes(name))

test('the table of ticket life has a cell for every command and state, and we ask every one', () => {
  expect(cells).toHaveLength(20 * 7)
  expect(asked).toHaveLength(112)
  expect(asked.filter(({ cell }) => cell.to !== undefined)).toHaveLength(36)
  expect(asked.filter(({ cell }) => cell.refusal !== undefined)).toHaveLength(76)
})

for (const { name, status, cell } of asked.filter(({ cell }) => cell.to !== undefined))
  test(`a ${status} ticket that staff ${name} is ${cell.to}`, () => {
    const { story, ticketId } = branchWith(status, nightBank, planFor(name, status))
    expect(run(story, name, ticketId)).toBeNull()
    expect(story.status(ticketId)).toBe(cell.to)
  })

for (const { name, status, cell } of asked.filter(({ cell }) => cell.refusal !== undefined))
  test(`I6: staff cannot ${name} a ${status} ticket: ${cell.refusal}, and nothing changes`, () => {
    const { story, ticketId } = branchWith(status, nightBank, planFor(name, status))
    const before = story.state()
    expect(run(story, name, ticketId)).toBe(cell.refusal)
    expect(story.state()).toBe(before)
  })

for (const { status, cell } of cells.filter(({ name }) => name === 'roll'))
  test(`when the day rolls, a ${status} ticket is ${cell.to ?? `${status} still, or forgotten`}`, () => {
    const { story, ticketId } = branchWith(status)
    run(story, 'roll', ticketId)
    const ends = story
      .log()
      .filter((event) => 'ticketId' in event && event.ticketId === ticketId && event.actor.kind === 'branch')
    const endedAs = { TicketCancelled: 'cancelled', TicketNoShow: 'no_show', TicketCompleted: 'completed' } as const
    const outcome = ends.map((event) => endedAs[event.type as keyof typeof endedAs])
    expect(outcome).toEqual(cell.to === undefined || cell.to === status ? [] : [cell.to])
    if (status === 'serving') expect(story.status(ticketId)).toBe('serving')
    else expect(story.state().tickets.has(ticketId)).toBe(false)
  })

for (const { status, cell } of cells.filter(({ name }) => name === 'supersede'))
  test(`the paper wins over a ${status} ghost: it is ${cell.to ?? `${status} still`}`, () => {
    const { story, ticketId } = branchWith(status)
    run(story, 'supersede', ticketId)
    expect(story.status(ticketId)).toBe(cell.to ?? status)
    expect(story.status('paper-1' as TicketId)).toBe('waiting')
    if (cell.to !== undefined)
      expect(story.log().at(-2)).toMatchObject({ type: 'TicketCancelled', reason: 'superseded' })
  })

for (const { status, cell } of cells.filter(({ name }) => name === 'withdraw'))
  test(`a ${status} ticket that no paper carries is ${cell.to ?? `${status} still`} once its kiosk has said so`, () => {
    const { story, ticketId } = branchWith(status)
    const before = story.log().length
    for (const _ of [1, 2]) run(story, 'withdraw', ticketId)
    expect(story.status(ticketId)).toBe(cell.to ?? status)
    const told = story.log().slice(before)
    expect(told).toMatchObject(cell.to === undefined ? [] : [{ type: 'TicketCancelled', reason: 'superseded' }])
  })

const outcomesOf = (story: Story, ticketId: TicketId): readonly object[] =>
  story
    .log()
    .filter(
      (event) =>
        'ticketId' in event && event.ticketId === ticketId && 'reason' in event && event.reason === 'day-closed',
    )

test('a queue that runs through the night keeps who waits and who is held, but not who was called', () => {
  const story = openBranch(nightBank, [[counter3, chloe]])
  const [held, called, waiting] = [story.takes(loans), story.takes(loans), story.takes(accounts)]
  story.callsNext(counter3)
  story.acts('StartService', counter3, held)
  story.holds(counter3, held)
  story.callsNext(counter3)

  story.until('04:00', 1)

  expect(story.status(held)).toBe('held')
  expect(story.status(waiting)).toBe('waiting')
  expect(outcomesOf(story, called)).toMatchObject([{ type: 'TicketNoShow' }])
})

test('a customer who was served, transferred and waits again is completed when the day rolls, not cancelled', () => {
  const { story, ticketId } = branchWith('serving')
  story.clock.pass(60_000)
  story.transfers(counter1, ticketId, cardLine, 'last')
  story.until('04:00', 1)
  expect(outcomesOf(story, ticketId)).toMatchObject([{ type: 'TicketCompleted', serviceMs: 60_000 }])
})

test('a customer who was called, returned and waits again is cancelled when the day rolls', () => {
  const { story, ticketId } = branchWith('called')
  story.acts('ReturnTicket', counter1, ticketId)
  story.until('04:00', 1)
  expect(outcomesOf(story, ticketId)).toMatchObject([{ type: 'TicketCancelled' }])
})

test('a customer whose service outlasts the night, and who is sent to another line then, is completed at the next cut-over', () => {
  const { story, ticketId } = branchWith('serving')
  story.until('04:00', 1)
  story.transfers(counter1, ticketId, cardLine, 'first')
  story.until('04:00', 2)
  expect(outcomesOf(story, ticketId)).toMatchObject([{ type: 'TicketCompleted' }])
})

test('whoever goes back to a line after staff closed the day by hand still ends with that day', () => {
  const { story, ticketId } = branchWith('serving')
  story.does({ type: 'CloseDay' }, callerOrigin(counter2))
  story.transfers(counter1, ticketId, cardLine, 'last')
  story.until('04:00', 1)
  expect(outcomesOf(story, ticketId)).toMatchObject([{ type: 'TicketCompleted' }])
  expect(story.log().filter((event) => event.type === 'DayClosed')).toHaveLength(1)
})

test('a ticket or counter nobody has heard of is refused by name, whatever is asked', () => {
  const { story } = branchWith('waiting')
  const before = stillPortrait(story.state())
  const nobody = 'nobody' as TicketId
  for (const ask of Object.values(asks))
    expect(story.refuses(ask(nobody), callerOrigin(counter2))).toBe('TicketUnknown')
  expect(story.refuses({ type: 'CallNext', counterId: 'nowhere' as never }, callerOrigin(counter2))).toBe(
    'CounterUnknown',
  )
  expect(story.refuses({ type: 'PauseQueue', queueId: 'nowhere' as QueueId }, callerOrigin(counter2))).toBe(
    'QueueUnknown',
  )
  expect(stillPortrait(story.state())).toBe(before)
  expect(story.line(tellerLine)).toEqual(['A001'])
})

test('the day sends people home in the order in which they came', () => {
  const story = openBranch(nightBank)
  const everyone = Array.from({ length: 12 }, () => story.takes(cash))
  story.until('04:00', 1)
  const ended = story.log().flatMap((event) => (event.type === 'TicketCancelled' ? [event.ticketId] : []))
  expect(ended).toEqual(everyone)
})

for (const { status, cell } of cells.filter(({ name }) => name === 'lapse'))
  test(`when the one a ${status} ticket was kept for leaves, it is ${cell.to ?? `${status} still, and nothing lapses`}`, () => {
    const story = openBranch(nightBank, [
      [counter1, amadou],
      [counter3, chloe],
    ])
    const ticketId = story.takes(cash)
    const keep = { type: 'ReserveTicket', reserveFor: { kind: 'agent', agentId: chloe }, place: 'last' } as const
    story.does({ ...keep, ticketId }, callerOrigin(counter1))
    const acts: Record<TicketStatus, readonly Command[]> = {
      waiting: [],
      called: [{ type: 'CallNext', counterId: counter3 }],
      serving: [
        { type: 'CallNext', counterId: counter3 },
        { type: 'StartService', ticketId },
      ],
      held: [
        { type: 'CallNext', counterId: counter3 },
        { type: 'StartService', ticketId },
        { type: 'HoldTicket', ticketId, reason: null },
      ],
      completed: [
        { type: 'CallNext', counterId: counter3 },
        { type: 'CompleteTicket', ticketId, outcome: null },
      ],
      no_show: [
        { type: 'CallNext', counterId: counter3 },
        { type: 'MarkNoShow', ticketId },
      ],
      cancelled: [{ type: 'CancelTicket', ticketId }],
    }
    for (const command of acts[status]) story.does(command, callerOrigin(counter3))
    story.does({ type: 'RemoveDevice', deviceId: callerAt(counter3) })
    const lapsed = story.log().filter((event) => event.type === 'ReservationLapsed')
    expect(lapsed).toHaveLength(cell.to === undefined ? 0 : 1)
    // A device that goes takes nobody with it: who was called waits again, who was served is held.
    const left = { called: 'waiting', serving: 'held' }[status as string]
    expect(story.status(ticketId)).toBe(left ?? status)
  })
