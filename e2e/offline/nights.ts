// The cut-over among the kills: the day ends and the next begins while the server is off, as it starts, or as it dies.
import { setTimeout as pause } from 'node:timers/promises'
import { businessDayAt } from '../../shared/domain/business-day.ts'
import type { BusinessDate, EpochMs } from '../../shared/domain/ids.ts'
import { amadou, bank, counter1 } from '../../shared/domain/testing/bank.ts'
import { passAll, type Tap, type World } from './rush-world.ts'
import { isInContact, until } from './until.ts'

/** Where in its round the cut-over falls; the nights of a campaign take them in turn. */
export const NIGHTS = ['as it starts', 'while it is off', 'as it dies'] as const
export type Night = (typeof NIGHTS)[number]

/** Long enough for a rush and all its paper before the cut-over. */
const EVENING_MS = 120_000
/** Long enough for a start and for everybody to be in contact; what is left of it is waited for. */
const LAST_ORDERS_MS = 15_000
/** Within so long after the first taps of a rush its cut-over comes. */
const RUSH_MS = 700
const OFF_MS_MAX = 4 * 3_600_000
const RULE = { timezone: bank.branch.timezone, startsAt: bank.branch.businessDayStartsAt }

/** The day goes by until its end is near. @returns when the cut-over is */
export async function evening(world: World, night: Night): Promise<EpochMs> {
  const { branch, kiosks, draw } = world
  const { endsAtMs } = businessDayAt(branch.nowMs(), RULE)
  await branch.stop()
  passAll(world, endsAtMs - branch.nowMs() - (night === 'as it dies' ? LAST_ORDERS_MS : EVENING_MS))
  await branch.start('process')
  for (const kiosk of kiosks) await until(`${kiosk.name} is in contact in the evening`, () => isInContact(kiosk))
  if (night === 'as it dies') await pause(Math.max(0, endsAtMs - branch.nowMs() - draw() * RUSH_MS))
  return endsAtMs
}

/** How long nobody is at a screen, so that the cut-over falls where it should. */
export function outageBefore({ branch, draw }: World, night: Night, cutOverMs: EpochMs): number {
  const leftMs = cutOverMs - branch.nowMs()
  if (night === 'as it dies') return draw() * RUSH_MS
  return Math.max(0, night === 'as it starts' ? leftMs - draw() * RUSH_MS : leftMs + draw() * OFF_MS_MAX)
}

/** The new day has come, and somebody is at the counter: a day begins with its first command. */
export async function morning({ branch, desk, failures, counts }: World, cutOverMs: EpochMs): Promise<BusinessDate> {
  counts.nights += 1
  await pause(Math.max(0, cutOverMs - branch.nowMs()))
  const { status, body } = await desk.open(counter1, amadou)
  if (status !== 200) failures.push(`in the morning nobody could open: ${JSON.stringify(body)}`)
  return businessDayAt(branch.nowMs(), RULE).date
}

/** Further than this from the cut-over nobody doubts which day it is. */
const APART_MS = 40

/** Whose paper is of the day that began; the others went home, or their day ended while they stood in the lobby. */
export function livingToday(
  { endedIds, failures }: World,
  taps: readonly Tap[],
  today: BusinessDate,
  cutOverMs: EpochMs,
): readonly Tap[] {
  for (const { ticketId, number, businessDate, sentAtMs, answeredAtMs, errorMs } of taps) {
    const isOfYesterday = businessDate < today
    if (isOfYesterday) endedIds.add(ticketId)
    if (isOfYesterday && sentAtMs > cutOverMs + APART_MS + errorMs)
      failures.push(`${number} was taken ${sentAtMs - cutOverMs} ms after the cut-over, for the day before`)
    if (!isOfYesterday && answeredAtMs < cutOverMs - APART_MS - errorMs)
      failures.push(`${number} was taken ${cutOverMs - answeredAtMs} ms before the cut-over, for the day after`)
  }
  return taps.filter(({ businessDate }) => businessDate >= today)
}
