import fc from 'fast-check'
import { openBankStory, type StoredStory } from '../../branch-server/testing/stored-story.ts'
import type { Catalogue } from '../../shared/domain/catalogue.ts'
import type { Command, Origin } from '../../shared/domain/commands.ts'
import type { AgentId, CounterId, QueueId, ReasonId, ServiceId, TicketId } from '../../shared/domain/ids.ts'
import { bank, callerAt, kiosk1 } from '../../shared/domain/testing/bank.ts'

/** Days of a branch, as its people might work them: what each visitor and agent does is drawn, and done by the core. */

export const ZONES = ['Africa/Dakar', 'Europe/Paris', 'America/New_York'] as const
/** Days before clocks change there, in both directions. */
export const FIRST_DATES = ['2026-03-06', '2026-03-27', '2026-10-23', '2026-10-30'] as const

const MINUTE = 60_000
const DAY = 24 * 60 * MINUTE

/** A day as it is drawn; times are minutes after 04:30 UTC of the date, so that some of them are the zone's day before. */
export interface DrawnDay {
  readonly visits: readonly Visit[]
  readonly breaks: readonly { readonly counter: number; readonly atMinute: number; readonly minutes: number }[]
  readonly closesDay: boolean
}

interface Visit {
  readonly atMinute: number
  readonly seconds: number
  readonly service: number
  readonly fate: (typeof FATES)[number]
  readonly serviceSeconds: number
}

const FATES = [
  ...([
    'served',
    'served',
    'served',
    'served',
    'served',
    'no-show',
    'reinstated',
    'gives-up',
    'leaves',
    'sent-away',
  ] as const),
  ...(['held', 'transferred', 'returned', 'stays-called', 'stays-held'] as const),
]

const visit: fc.Arbitrary<Visit> = fc.record({
  atMinute: fc.nat({ max: 1_380 }),
  seconds: fc.nat({ max: 59 }),
  service: fc.nat({ max: 4 }),
  fate: fc.constantFrom(...FATES),
  serviceSeconds: fc.integer({ min: 5, max: 1_500 }),
})

export const drawnDay = (visitsMax: number): fc.Arbitrary<DrawnDay> =>
  fc.record({
    visits: fc.array(visit, { minLength: 1, maxLength: visitsMax, size: 'max' }),
    breaks: fc.array(
      fc.record({
        counter: fc.nat({ max: 2 }),
        atMinute: fc.nat({ max: 1_200 }),
        minutes: fc.integer({ min: 1, max: 50 }),
      }),
      { maxLength: 3 },
    ),
    closesDay: fc.boolean(),
  })

const kiosk: Origin = { kind: 'kiosk', deviceId: kiosk1 }
const callerOf = (counterId: CounterId): Origin => ({ kind: 'caller', deviceId: callerAt(counterId) })

/** Something that is done at an instant. */
interface Act {
  readonly atMs: number
  readonly run: () => void
}

class Day {
  readonly #story: StoredStory
  readonly #acts: Act[] = []
  readonly #turned = new Set<TicketId>()

  constructor(story: StoredStory) {
    this.#story = story
  }

  later(atMs: number, run: () => void): void {
    this.#acts.push({ atMs, run })
  }

  ask(command: Command, origin: Origin): boolean {
    return this.#story.ask(command, origin).length > 0
  }

  isFirstTime(ticketId: TicketId): boolean {
    const isFirst = !this.#turned.has(ticketId)
    this.#turned.add(ticketId)
    return isFirst
  }

  get nowMs(): number {
    return this.#story.clock.read().wallMs
  }

  statusOf(ticketId: TicketId): string {
    return this.#story.tickets.get(ticketId)?.phase.status ?? ''
  }

  play(): void {
    for (;;) {
      const next = this.#acts.toSorted((a, b) => a.atMs - b.atMs)[0]
      if (next === undefined) return
      this.#acts.splice(this.#acts.indexOf(next), 1)
      if (next.atMs > this.nowMs) this.#story.clock.pass(next.atMs - this.nowMs)
      next.run()
    }
  }
}

/** What follows the call of a visitor, at that counter. */
function serve(day: Day, { fate, serviceSeconds }: Visit, ticketId: TicketId, counterId: CounterId): void {
  const origin = callerOf(counterId)
  const about = (type: 'StartService' | 'MarkNoShow' | 'ReturnTicket' | 'ReinstateTicket' | 'RecallTicket'): boolean =>
    day.ask({ type, ticketId }, origin)
  const complete = (): boolean => day.ask({ type: 'CompleteTicket', ticketId, outcome: null }, origin)
  const after = (seconds: number, run: () => void): void => day.later(day.nowMs + seconds * 1_000, run)
  if (fate === 'stays-called') return
  if (fate === 'no-show' || fate === 'reinstated') {
    after(40, () => {
      about('RecallTicket')
      about('MarkNoShow')
      if (fate === 'reinstated') after(300, () => about('ReinstateTicket'))
    })
    return
  }
  if (fate === 'returned' && day.isFirstTime(ticketId)) {
    after(20, () => about('ReturnTicket'))
    return
  }
  after(20, () => about('StartService'))
  after(20 + serviceSeconds, () => {
    const elsewhere = { type: 'TransferTicket', ticketId, toQueueId: 'advice-line' as QueueId, place: 'last' } as const
    if (fate === 'transferred' && day.isFirstTime(ticketId) && day.ask(elsewhere, origin)) return
    if (fate === 'held' || fate === 'stays-held') {
      day.ask({ type: 'HoldTicket', ticketId, reason: 'missing-paper' as ReasonId }, origin)
      if (fate === 'held')
        after(200, () => {
          day.ask({ type: 'ResumeTicket', ticketId, counterId }, origin)
          after(60, complete)
        })
    } else complete()
  })
}

/** Somebody comes; what becomes of her once she is called is hers alone, whoever calls her. */
function come(day: Day, visit: Visit, ticketId: TicketId, atMs: number): void {
  day.later(atMs, () => {
    const serviceId = bank.services[visit.service]?.id as ServiceId
    day.ask({ type: 'IssueTicket', ticketId, serviceId, channel: 'kiosk', priority: null, language: null }, kiosk)
    if (visit.fate === 'gives-up' || visit.fate === 'sent-away') {
      const origin = visit.fate === 'gives-up' ? kiosk : callerOf('counter-1' as CounterId)
      day.later(day.nowMs + visit.serviceSeconds * 1_000, () => day.ask({ type: 'CancelTicket', ticketId }, origin))
    }
  })
}

function callRounds(day: Day, visits: ReadonlyMap<TicketId, Visit>, startMs: number): void {
  for (let atMs = startMs; atMs < startMs + DAY - 45 * MINUTE; atMs += 7 * MINUTE)
    day.later(atMs, () => {
      for (const { id: counterId } of bank.counters) {
        const waiting = [...visits].filter(
          ([ticketId, { fate }]) => fate !== 'leaves' && day.statusOf(ticketId) === 'waiting',
        )
        for (const [ticketId, visit] of waiting)
          if (day.ask({ type: 'CallTicket', counterId, ticketId }, callerOf(counterId))) {
            serve(day, visit, ticketId, counterId)
            break
          }
      }
    })
}

function work(story: StoredStory, { visits, breaks, closesDay }: DrawnDay, startMs: number): void {
  const day = new Day(story)
  const byTicket = new Map<TicketId, Visit>()
  for (const [index, drawn] of visits.entries()) {
    const ticketId = `t-${startMs}-${index}` as TicketId
    byTicket.set(ticketId, drawn)
    come(day, drawn, ticketId, startMs + drawn.atMinute * MINUTE + drawn.seconds * 1_000)
  }
  for (const [index, { id: counterId }] of bank.counters.entries()) {
    const agentId = bank.agents[index]?.id as AgentId
    day.later(startMs + index * MINUTE, () => day.ask({ type: 'OpenCounter', counterId, agentId }, callerOf(counterId)))
    if (index > 0)
      day.later(startMs + DAY - 20 * MINUTE, () => day.ask({ type: 'CloseCounter', counterId }, callerOf(counterId)))
  }
  for (const { counter, atMinute, minutes } of breaks) {
    const counterId = (bank.counters[counter]?.id ?? 'counter-1') as CounterId
    const atMs = startMs + atMinute * MINUTE
    day.later(atMs, () => day.ask({ type: 'StartBreak', counterId, reason: null }, callerOf(counterId)))
    day.later(atMs + minutes * MINUTE, () => day.ask({ type: 'EndBreak', counterId }, callerOf(counterId)))
  }
  callRounds(day, byTicket, startMs + 5 * MINUTE)
  if (closesDay)
    day.later(startMs + DAY - 10 * MINUTE, () => day.ask({ type: 'CloseDay' }, callerOf('counter-1' as CounterId)))
  day.play()
}

/** Works days in a row in a zone. @returns the branch, with its log */
export function branchOfDays(timezone: string, firstDate: string, days: readonly DrawnDay[]): StoredStory {
  const startMs = Date.parse(`${firstDate}T04:30:00Z`)
  const catalogue: Catalogue = { ...bank, branch: { ...bank.branch, timezone } }
  const story = openBankStory(startMs, catalogue)
  for (const [index, day] of days.entries()) work(story, day, startMs + index * DAY)
  story.clock.pass(Math.max(0, startMs + (days.length + 1) * DAY - story.clock.read().wallMs))
  // The last day is over, too.
  story.ask({ type: 'KeepTime' })
  story.commit()
  return story
}
