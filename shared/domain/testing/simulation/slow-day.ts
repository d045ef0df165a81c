import type { Catalogue } from '../../catalogue.ts'
import { endTicket, isAlive, isEmergency, queueIn, type SlowBranch } from './slow-branch.ts'
import { closeTheRetired } from './slow-leaving.ts'

/** Business days of zones that never change their clocks; the others have a test of their own. */
export const STILL_ZONES = {
  'Africa/Dakar': 0,
  'Asia/Kolkata': 5.5,
  'Pacific/Kiritimati': 14,
  'Pacific/Pago_Pago': -11,
} as const

const HOUR = 3_600_000

function dayAt(ms: number, { timezone, businessDayStartsAt }: Catalogue['branch']): { date: string; ends: number } {
  const offset = STILL_ZONES[timezone as keyof typeof STILL_ZONES]
  const [hours = 0, minutes = 0] = businessDayStartsAt.split(':').map(Number)
  const shift = offset * HOUR - hours * HOUR - minutes * 60_000
  const count = Math.floor((ms + shift) / (24 * HOUR))
  return { date: new Date(count * 24 * HOUR).toISOString().slice(0, 10), ends: (count + 1) * 24 * HOUR - shift }
}

/** Looks at the clocks, as every command does first. */
export function slowClock(branch: SlowBranch, wall: number, steady: number): void {
  const now = Math.max(branch.steady, steady)
  const expected = branch.label + now - branch.steady
  const drift = wall - expected
  branch.steady = now
  const isBelieved = drift >= -2_000 && (branch.day === null || drift <= 36 * HOUR)
  if (isBelieved) {
    branch.label = Math.max(branch.label, wall)
    if (branch.isDoubted) trust(branch)
  } else {
    branch.label = expected
    if (!branch.isDoubted) branch.news += 1
    branch.isDoubted = true
    branch.keepsSince ??= now
  }
}

export function trust(branch: SlowBranch): void {
  branch.isDoubted = false
  branch.news += 1
  if (branch.day !== null && branch.label < branch.day.ends) branch.keepsSince = null
}

/** What the end of the day does to everybody who is still there. */
export function sweep(branch: SlowBranch, keepsSince: number | null, isCutOver = false): void {
  for (const ticket of branch.tickets) {
    const runsOn = queueIn(branch, ticket.queue)?.overnight === true
    const isOfTomorrow = isCutOver && ticket.date > (branch.day?.date ?? '')
    const isKept = runsOn || isOfTomorrow || (keepsSince !== null && ticket.arrived >= keepsSince)
    if (ticket.status === 'called') endTicket(branch, ticket, 'no_show')
    else if (ticket.status === 'waiting' && !isKept)
      endTicket(branch, ticket, ticket.wasStarted ? 'completed' : 'cancelled')
    else if (ticket.status === 'held' && !isKept) endTicket(branch, ticket, 'completed')
  }
}

/** Opens the day when its time has come. */
export function slowRoll(branch: SlowBranch): void {
  const { catalogue, day } = branch
  if (catalogue === null || branch.isDoubted) return
  if (day !== null && branch.label < day.ends) return
  const next = dayAt(branch.label, catalogue.branch)
  if (day !== null && next.date <= day.date) return
  if (day !== null) sweep(branch, branch.keepsSince, true)
  const { floor } = branch
  if (floor !== null && next.date > floor.until) {
    const goesAlong = day === null || (branch.keepsSince !== null && day.date <= floor.until)
    if (goesAlong) floor.until = next.date
    else branch.floor = null
  }
  branch.news += 1
  branch.day = { ...next, isClosed: false }
  branch.keepsSince = null
  branch.isStopped = false
  branch.sheet = null
  branch.bosses = []
  if (!isEmergency(branch)) branch.message = null
  branch.covered = null
  branch.tickets = branch.tickets.filter(isAlive)
  branch.given = []
  branch.prefixes = branch.prefixes.map(([id, prefix]) => [
    id,
    catalogue.services.find((service) => service.id === id)?.prefix ?? prefix,
  ])
  closeTheRetired(branch)
}

/** The last ordinal that may be on paper in a series today. */
export function lastGiven(branch: SlowBranch, series: string): number {
  const given = branch.given.find(([name]) => name === series)?.[1] ?? 0
  const { floor, day } = branch
  if (floor === null || day === null || day.date > floor.until) return given
  return Math.max(given, floor.series.find(([name]) => name === series)?.[1] ?? floor.otherwise)
}

/** The server finds itself behind what others have seen: every series jumps. */
export function slowEpoch(
  branch: SlowBranch,
  seen: readonly { date: string; ordinals: readonly (readonly [string, number])[] }[],
): void {
  const { catalogue, day, floor } = branch
  const isRolling = catalogue !== null && !branch.isDoubted && (day === null || branch.label >= day.ends)
  const coming = isRolling ? dayAt(branch.label, catalogue.branch).date : null
  const date = coming !== null && (day === null || coming > day.date) ? coming : (day?.date ?? null)
  const counts = seen.filter((it) => date === null || it.date >= date)
  const stillHolds = floor !== null && (date === null || date <= floor.until)
  const names = new Set<string>(counts.flatMap(({ ordinals }) => ordinals.map(([name]) => name)))
  if (day?.date === date) for (const [name] of [...branch.given]) names.add(name)
  if (day?.date === date) for (const [, prefix] of branch.prefixes) names.add(prefix)
  if (stillHolds) for (const [name] of floor.series) names.add(name)
  const otherwise = stillHolds ? floor.otherwise : 0
  const highest = (name: string): number =>
    Math.max(
      otherwise,
      day?.date === date ? lastGiven(branch, name) : 0,
      stillHolds ? (floor.series.find(([it]) => it === name)?.[1] ?? 0) : 0,
      ...counts.flatMap(({ ordinals }) => ordinals.filter(([it]) => it === name).map(([, ordinal]) => ordinal)),
    )
  const dates = [...(date === null ? [] : [date]), ...counts.map((it) => it.date), ...(stillHolds ? [floor.until] : [])]
  branch.floor = {
    until: dates.sort().at(-1) ?? '',
    otherwise: otherwise + 50,
    series: [...names].map((name) => [name, highest(name) + 50]),
  }
}
