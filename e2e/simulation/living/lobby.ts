import { readGiven } from '../../../kiosk/host-answers.ts'
import { type SendCommand, unread } from '../../../shared/client/send-command.ts'
import type { TicketId } from '../../../shared/domain/ids.ts'
import { arriving, givesUpAtMs, roadOf } from '../../../shared/simulation/customers.ts'
import type { Visitor } from '../../../shared/simulation/plan-day.ts'
import { type CounterParts, isStaffed } from './counter.ts'
import type { Days } from './days.ts'
import { countDone, countRefused, type Figures } from './figures.ts'
import type { Manners } from './manners.ts'

/** So many stand at the kiosk or before an agent to take a number; who comes then waits at the door. */
const TAKING_MAX = 3
const DOOR_MAX = 200
const TICK_MS_MAX = 500
/** Of tickets whose owner may give up; more are not watched. */
const WAITING_MAX = 2_000

export interface LobbyParts {
  readonly kiosk: SendCommand
  readonly counters: readonly CounterParts[]
  readonly days: Days
  readonly speed: number
  readonly manners: Manners
  readonly figures: Figures
}

interface Waiting {
  readonly ticketId: TicketId
  readonly giveUpMs: number
}

const staffed = ({ counters }: LobbyParts): CounterParts | undefined => counters.find(isStaffed)

function readTicketId(json: unknown): TicketId | null {
  const hasId = typeof json === 'object' && json !== null && 'ticketId' in json && typeof json.ticketId === 'string'
  return hasId ? (String(json.ticketId) as TicketId) : null
}

async function askStaff(parts: LobbyParts, { legs, priority, language }: Visitor): Promise<TicketId | null> {
  const counter = staffed(parts)
  const [first, ...rest] = legs
  if (counter === undefined || first === undefined) return null
  const plan = rest.length === 0 ? {} : { plan: rest.map(({ serviceId }) => serviceId) }
  const body = { serviceId: first.serviceId, channel: 'counter', language, priority, ...plan }
  const answer = await counter.desk.send('/api/v1/tickets', body, readTicketId)
  if (answer.ok) countDone(parts.figures, 'ticket by staff')
  else countRefused(parts.figures, 'ticket by staff', answer.code)
  return answer.ok ? answer.value : null
}

async function tapKiosk({ kiosk, figures }: LobbyParts, { legs, language }: Visitor): Promise<TicketId | null> {
  const answer = await kiosk('/local/v1/tickets', { serviceId: legs[0]?.serviceId, language }, readGiven)
  if (!answer.ok) {
    countRefused(figures, 'ticket', answer.code)
    return null
  }
  countDone(figures, answer.value.ticket.isOffline ? 'ticket of the kiosk’s own' : 'ticket')
  return answer.value.ticket.ticketId
}

/** Takes a number; where staff cannot give it, everybody goes to the kiosk. */
async function take(parts: LobbyParts, visitor: Visitor): Promise<Waiting | null> {
  const byStaff = roadOf(visitor) === 'staff' ? await askStaff(parts, visitor) : null
  const ticketId = byStaff ?? (await tapKiosk(parts, visitor))
  if (ticketId === null) return null
  parts.manners.keep(ticketId, byStaff === null ? { ...visitor, legs: visitor.legs.slice(0, 1) } : visitor)
  const giveUpMs = givesUpAtMs(visitor, parts.days.nowMs())
  return giveUpMs === null ? null : { ticketId, giveUpMs }
}

/** Whoever has waited too long goes, and tells staff if there are any. */
async function giveUp(parts: LobbyParts, { ticketId }: Waiting): Promise<void> {
  parts.manners.leave(ticketId)
  const counter = staffed(parts)
  const status = counter?.desk.view().state?.tickets.get(ticketId)?.phase.status
  if (counter === undefined || status !== 'waiting') return
  const answer = await counter.desk.send(`/api/v1/tickets/${ticketId}/cancel`, {}, unread)
  if (answer.ok) countDone(parts.figures, 'give up')
  else countRefused(parts.figures, 'give up', answer.code)
}

/** Customers come, wait and sometimes go, for as long as `isRunning`. */
export async function fillLobby(parts: LobbyParts, isRunning: () => boolean): Promise<void> {
  const { days, counters } = parts
  let dayIndex = -1
  let nextIndex = 0
  let takingCount = 0
  const door: Visitor[] = []
  let waiting: Waiting[] = []

  async function serve(visitor: Visitor): Promise<void> {
    takingCount += 1
    try {
      const watched = await take(parts, visitor)
      if (watched !== null && waiting.length < WAITING_MAX) waiting.push(watched)
    } finally {
      takingCount -= 1
    }
  }

  while (isRunning()) {
    await new Promise((resolve) => setTimeout(resolve, Math.min(TICK_MS_MAX, 2_000 / parts.speed)))
    const catalogue = counters[0]?.desk.view().state?.catalogue?.body
    if (catalogue === undefined) continue
    const day = days.today(catalogue)
    if (day.index !== dayIndex) nextIndex = 0
    dayIndex = day.index
    const arrived = arriving(day.plan, nextIndex, days.nowMs() - day.beginsMs)
    nextIndex = arrived.nextIndex
    door.push(...arrived.come.slice(0, Math.max(0, DOOR_MAX - door.length)))
    while (takingCount < TAKING_MAX) {
      const visitor = door.shift()
      if (visitor === undefined) break
      void serve(visitor)
    }
    const gone = waiting.filter(({ giveUpMs }) => giveUpMs <= days.nowMs())
    waiting = waiting.filter(({ giveUpMs }) => giveUpMs > days.nowMs())
    for (const each of gone) await giveUp(parts, each)
  }
}
