// The server dies by SIGKILL in the middle of a rush at three kiosks, again and again, while replies are lost and
// requests come late. After each death a simulated while goes by, people tap on, and the server starts among them. Then
// each paper must be one living ticket, and they must be called in the order in which people tapped. Every so many rounds
// the cut-over comes among it: whoever tapped before it must be known as well, and ended with his day.
import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import { rmSync } from 'node:fs'
import type { IncomingMessage } from 'node:http'
import { setTimeout as pause } from 'node:timers/promises'
import type { Mishap } from './flaky-proxy.ts'
import type { KioskBox } from './kiosk-box.ts'
import { evening, livingToday, morning, NIGHTS, type Night, outageBefore } from './nights.ts'
import { pick } from './rounds.ts'
import { checkLog, checkOrder, checkPapers, printed, serveAll, settled } from './rush-checks.ts'
import { openWorld, passAll, releaseAll, type Tap, type World } from './rush-world.ts'
import { errorOf } from './until.ts'

/** Between two customers, wherever in the room they tap; the rush is as dense as three screens can be. */
const GAP_MS_MAX = 60
const TAPS_BEFORE_START = 8
const TAPS_WHILE_STARTING_MAX = 14
const TAPS_AFTER_START = 4
/** By both clocks of everybody, once nobody is at a screen and all paper is out. */
const OUTAGE_MS_MAX = 120_000
const SERVICES = ['cash', 'transfers', 'cards'] as const
const MISHAPS: readonly Mishap[] = ['pass', 'pass', 'pass', 'lose-reply', 'lose-reply', 'late']
/** A line that is taken and never answered costs its customer two seconds: some, not many. */
const HANGS = 0.02
/** Rounds from one night to the next; left to one day, 200 of them use up a kiosk's block of 999. */
const ROUNDS_PER_DAY = 20

export interface Campaign {
  readonly seed: number
  readonly rounds: number
  readonly roundsPerDay?: number
  /** After each round that had a night in it: how far the campaign is. */
  readonly onMorning?: (round: number, counts: World['counts']) => void
}

export interface Outcome {
  /** Deaths of the server process, each with taps before it and after it. */
  readonly kills: number
  /** Rounds in which the cut-over came. */
  readonly nights: number
  /** Business days that the branch opened. */
  readonly days: number
  /** Papers whose day ended before they were called. */
  readonly endedWithDay: number
  /** The highest number of a kiosk's own block on one day. */
  readonly longestBlock: number
  readonly taps: number
  readonly offline: number
  readonly papers: number
  readonly lostReplies: number
  /** Requests that arrived after their kiosk had given up on them. */
  readonly late: number
  /** Tickets of lost replies, which the paper has replaced, or whose day ended first. */
  readonly ghosts: number
  /** Pairs of taps whose order was certain, and was held against the order of the calls. */
  readonly orders: number
  readonly outageMs: number
  /** One sentence for each thing that went wrong. */
  readonly failures: readonly string[]
}

/** What happens beside the taps of a rush. @returns whether people should go on tapping */
type Beside = (place: number) => boolean

/** People tap wherever a screen is free; nobody waits for what happens at another one. */
async function rush(world: World, beside: Beside): Promise<readonly Tap[]> {
  const { branch, kiosks, draw, failures, counts, numberById, heardByKey } = world
  const free = new Set(kiosks)
  const taps: Tap[] = []

  async function tap(kiosk: KioskBox): Promise<void> {
    kiosk.proxy.plan(draw() < HANGS ? 'hang' : pick(MISHAPS, draw))
    const errorMs = errorOf(kiosk)
    const sentAtMs = branch.nowMs()
    const sentMs = performance.now()
    const key = crypto.randomUUID()
    const { status, body } = await kiosk.tap(pick(SERVICES, draw), key)
    free.add(kiosk)
    counts.taps += 1
    if (status !== 201) {
      failures.push(`${kiosk.name} answered a tap with ${status} ${body.code}`)
      return
    }
    const { ticketId, number, businessDate } = body.ticket
    if (body.offline) counts.offline += 1
    numberById.set(ticketId, number)
    const heard = { sentMs, heardMs: heardByKey.get(key) ?? Number.POSITIVE_INFINITY }
    const ticket = { ticketId, number, businessDate, isOffline: body.offline }
    const at = { sentAtMs, answeredAtMs: branch.nowMs() }
    taps.push({ kiosk, ...ticket, ...at, ...heard, answeredMs: performance.now(), errorMs })
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

async function playRound(world: World, night: Night | null): Promise<void> {
  const { draw, counts } = world
  const cutOverMs = night === null ? null : await evening(world, night)
  const before = await rushIntoDeath(world)
  await printed(world)
  const outageMs = night === null || cutOverMs === null ? draw() * OUTAGE_MS_MAX : outageBefore(world, night, cutOverMs)
  counts.outageMs += Math.floor(outageMs)
  passAll(world, Math.floor(outageMs))
  const after = await rushIntoStart(world)
  const taps = [...before, ...after]
  const living = cutOverMs === null ? taps : livingToday(world, taps, await morning(world, cutOverMs), cutOverMs)
  await settled(world, living)
  await printed(world)
  await checkPapers(world, taps)
  const called = await serveAll(world, taps.length)
  checkOrder(world, living, called)
}

/** Kills the server once in each round. */
export async function killInRush({
  seed,
  rounds,
  roundsPerDay = ROUNDS_PER_DAY,
  onMorning,
}: Campaign): Promise<Outcome> {
  const world = await openWorld(seed)
  const { folder, branch, kiosks, failures, counts, heardByKey } = world
  const hear = (message: unknown): void => {
    const { request } = message as { request: IncomingMessage }
    const key = String(request.headers['idempotency-key'])
    if (!heardByKey.has(key)) heardByKey.set(key, performance.now())
  }
  subscribe('http.server.request.start', hear)
  try {
    for (let round = 1; round <= rounds && failures.length === 0; round += 1) {
      const isNight = round % roundsPerDay === 0
      await playRound(world, isNight ? (NIGHTS[(round / roundsPerDay - 1) % NIGHTS.length] ?? null) : null)
      if (isNight) onMorning?.(round, counts)
      if (failures.length > 0) failures.push(`seed ${seed}, round ${round}, in ${folder}`)
    }
  } finally {
    unsubscribe('http.server.request.start', hear)
    for (const kiosk of kiosks) await kiosk.close()
    await branch.stop()
  }
  const logged = checkLog(world)
  if (failures.length === 0) rmSync(folder, { recursive: true, force: true })
  const lostReplies = kiosks.reduce((sum, { proxy }) => sum + proxy.lostCount(), 0)
  return { ...counts, ...logged, lostReplies, endedWithDay: world.endedIds.size, failures }
}
