import { durationsOf, idleMsOf } from './absence.ts'
import { type Dice, exponential, pick, seededDice } from './dice.ts'
import { drawDuration, drawRest, ringMean } from './durations.ts'
import { arrivalRate, changeBetween, nextSlotMs, slotOf } from './flow.ts'
import type { Learned } from './learned.ts'
import { drawPatience } from './patience.ts'
import { drawRemaining } from './remaining.ts'
import type { ReplayWorld } from './replay-world.ts'
import type { Heads, SceneCounter, SceneLane } from './scene.ts'

/** A counter in one draw, and when it next looks for somebody. */
interface Desk {
  readonly counter: SceneCounter
  freeMs: number
  /** Whether somebody is in front of it until then. */
  isServing: boolean
}

interface Person {
  readonly joinedMs: number
  readonly orderMs: number
  /** When patience ends. */
  readonly leavesMs: number
  /** The place somebody asked about; -1: nobody did. */
  readonly asked: number
  /** Takes no counter's time: it only wants to know when its turn would be. */
  readonly isGhost: boolean
  /** Of those who wait in the scene, not of those who come later. */
  readonly isHere: boolean
}

interface LaneDraw {
  readonly persons: Person[]
  head: number
  /** How many who wait in the scene have gone. */
  goneCount: number
  /** When the next one joins; Infinity: nobody does. */
  nextMs: number
  /** Until then its head stays as it is. */
  steadyUntilMs: number
}

/** One playing of the next hours. */
export interface Draw {
  readonly dice: Dice
  readonly desks: Desk[]
  readonly lanes: readonly LaneDraw[]
  readonly heads: Heads
  slotEndMs: number
}

/** A place that somebody asked about has its turn. */
export interface Reached {
  readonly asked: number
  readonly atMs: number
  readonly ahead: number
  readonly aheadSame: number
}

const FIRST_BREAK_MS = 900_000
const DESKS_MAX = 64
/** Staffing by the hour is believed once this many days have been seen. */
const STAFFING_DAYS_MIN = 2
/** No lane fills with more people to come than this. */
const COMING_MAX = 2_000
/** One in eleven days: nobody. */
const RATE_MIN = 1e-9

/** What is left of a break; of one that begins, the whole of it. */
const drawBreak = ({ breaks }: Learned, dice: Dice, passedMs: number): number =>
  breaks.values.length === 0
    ? exponential(dice, FIRST_BREAK_MS + passedMs)
    : drawRemaining(breaks.values, passedMs, ringMean(breaks), dice)

/** How long a counter that is free takes to call somebody who waits. */
const drawTurn = ({ turns: { values } }: Learned, dice: Dice): number => values[pick(dice, values.length)] ?? 0

function newDesk({ scene, learned }: ReplayWorld, counter: SceneCounter, dice: Dice): Desk {
  const { nowMs, dayMs } = scene
  if (counter.breakSinceMs !== null)
    return { counter, freeMs: nowMs + drawBreak(learned, dice, nowMs - counter.breakSinceMs), isServing: false }
  if (counter.busy === null) {
    const idleMs = idleMsOf(scene, learned, counter)
    const restMs = idleMs === 0 ? 0 : drawRemaining(learned.turns.values, idleMs, ringMean(learned.turns), dice)
    return { counter, freeMs: nowMs + restMs, isServing: false }
  }
  const { serviceId, sinceMs } = counter.busy
  const restMs = drawRest(durationsOf(learned, serviceId), nowMs - sinceMs, dayMs, dice)
  return { counter, freeMs: nowMs + restMs, isServing: true }
}

const dayMsAt = ({ scene }: ReplayWorld, atMs: number): number => scene.dayMs + atMs - scene.nowMs

/** Arrivals of a lane in a millisecond, in the half hour of an instant; reckoned once for all draws. */
function rateAt({ scene, learned, rates }: ReplayWorld, laneAt: number, slot: number, dayMs: number): number {
  const known = rates.get(laneAt * 100 + slot)
  if (known !== undefined) return known
  const arrivals = learned.arrivals[scene.lanes[laneAt]?.id ?? '']
  const rate = arrivals === undefined ? 0 : arrivalRate(arrivals, scene.nowMs, scene.dayMs, dayMs)
  rates.set(laneAt * 100 + slot, rate)
  return rate
}

/** When the next person joins a lane, after `fromMs`. */
function nextJoinMs(world: ReplayWorld, laneAt: number, fromMs: number, dice: Dice): number {
  const dayMs = dayMsAt(world, fromMs)
  const rate = rateAt(world, laneAt, slotOf(dayMs), dayMs)
  const joinsMs = rate < RATE_MIN ? Number.POSITIVE_INFINITY : fromMs + exponential(dice, 1 / rate)
  return joinsMs > world.joinsUntilMs ? Number.POSITIVE_INFINITY : joinsMs
}

function newLane(world: ReplayWorld, lane: SceneLane, laneAt: number, dice: Dice): LaneDraw {
  const { nowMs } = world.scene
  const persons: Person[] = lane.tickets.map(({ id, joinedMs, orderMs }) => {
    const leavesMs = nowMs + drawPatience(world.learned.patience, nowMs - joinedMs, dice)
    return { joinedMs, orderMs, leavesMs, asked: world.askedById.get(id) ?? -1, isGhost: false, isHere: true }
  })
  for (const [asked, place] of world.places.entries()) {
    if (place.lane !== laneAt || place.ticketId !== null) continue
    const { joinedMs, orderMs } = place
    const ghost = { joinedMs, orderMs, leavesMs: Number.POSITIVE_INFINITY, asked, isGhost: true, isHere: false }
    const before = persons.findIndex((person) => person.orderMs > orderMs)
    persons.splice(before === -1 ? persons.length : before, 0, ghost)
  }
  const nextMs = nextJoinMs(world, laneAt, nowMs, dice)
  return { persons, head: 0, goneCount: 0, nextMs, steadyUntilMs: Number.NEGATIVE_INFINITY }
}

export function newDraw(world: ReplayWorld, seed: number): Draw {
  const { scene } = world
  const dice = seededDice(seed)
  const count = scene.lanes.length
  return {
    dice,
    desks: scene.counters.map((counter) => newDesk(world, counter, dice)),
    lanes: scene.lanes.map((lane, at) => newLane(world, lane, at, dice)),
    heads: {
      orderMs: new Float64Array(count),
      joinedMs: new Float64Array(count),
      waitingCounts: new Int32Array(count),
    },
    slotEndMs: scene.nowMs + nextSlotMs(scene.dayMs) - scene.dayMs,
  }
}

/** Lets people join a lane until an instant. */
function letJoin(world: ReplayWorld, draw: Draw, lane: LaneDraw, laneAt: number, atMs: number): void {
  const privilegeMs = world.scene.lanes[laneAt]?.privilegeMs ?? 0
  while (lane.nextMs <= atMs) {
    const joinedMs = lane.nextMs
    const leavesMs = joinedMs + drawPatience(world.learned.patience, 0, draw.dice)
    const isFull = lane.persons.length >= COMING_MAX
    const orderMs = joinedMs - privilegeMs
    if (!isFull) lane.persons.push({ joinedMs, orderMs, leavesMs, asked: -1, isGhost: false, isHere: false })
    lane.nextMs = isFull ? Number.POSITIVE_INFINITY : nextJoinMs(world, laneAt, joinedMs, draw.dice)
  }
}

function goOn(lane: LaneDraw): void {
  if (lane.persons[lane.head]?.isHere === true) lane.goneCount += 1
  lane.head += 1
  lane.steadyUntilMs = Number.NEGATIVE_INFINITY
}

/** Lets people join and give up until an instant, and says who is first in each lane then. */
function refreshHeads(world: ReplayWorld, draw: Draw, atMs: number): void {
  const { heads, lanes } = draw
  for (let at = 0; at < lanes.length; at++) {
    const lane = lanes[at]
    if (lane === undefined || atMs < lane.steadyUntilMs) continue
    letJoin(world, draw, lane, at, atMs)
    let person = lane.persons[lane.head]
    while (person !== undefined && person.asked === -1 && person.leavesMs <= atMs) {
      goOn(lane)
      person = lane.persons[lane.head]
    }
    lane.steadyUntilMs = Math.min(
      lane.nextMs,
      person === undefined || person.asked !== -1 ? lane.nextMs : person.leavesMs,
    )
    const offered = world.scene.lanes[at]?.isPaused === true ? undefined : person
    heads.orderMs[at] = offered?.orderMs ?? Number.POSITIVE_INFINITY
    heads.joinedMs[at] = offered?.joinedMs ?? Number.POSITIVE_INFINITY
    heads.waitingCounts[at] = offered === undefined ? 0 : lane.persons.length - lane.head
  }
}

/** At each half hour counters come and go as they did on earlier days. */
function changeStaff({ scene, learned, followsStaffing }: ReplayWorld, draw: Draw): void {
  const { desks, dice } = draw
  const atMs = draw.slotEndMs
  const dayMs = scene.dayMs + atMs - scene.nowMs
  draw.slotEndMs += nextSlotMs(dayMs) - dayMs
  if (!followsStaffing || learned.dayCount < STAFFING_DAYS_MIN) return
  const change = changeBetween(learned.staffing.slots, slotOf(dayMs - 1), slotOf(dayMs), 0.5)
  const present = desks.length
  for (const desk of desks)
    if (dice() < 1 - change) desk.freeMs = Math.max(desk.freeMs, atMs) + drawBreak(learned, dice, 0)
  const more = Math.min(DESKS_MAX - present, Math.floor(present * Math.max(0, change - 1) + dice()))
  for (let at = 0; at < more; at++) {
    const like = desks[pick(dice, present)]
    if (like !== undefined) desks.push({ counter: like.counter, freeMs: atMs, isServing: false })
  }
}

/** The first free counter calls somebody, or waits for the next one to come. @returns when that was */
export function takeTurn(world: ReplayWorld, draw: Draw, endMs: number, onReached: (reached: Reached) => void): number {
  const { desks, lanes, heads, dice } = draw
  const [first] = desks
  if (first === undefined) return endMs
  let desk = first
  for (const other of desks) if (other.freeMs < desk.freeMs) desk = other
  if (desk.freeMs >= draw.slotEndMs) {
    changeStaff(world, draw)
    return Math.min(desk.freeMs, endMs - 1)
  }
  const atMs = desk.freeMs
  if (atMs >= endMs) return endMs
  desk.isServing = false
  refreshHeads(world, draw, atMs)
  const laneAt = world.rules(desk.counter, heads, atMs)
  const lane = lanes[laneAt]
  const person = lane?.persons[lane.head]
  if (lane === undefined || person === undefined) {
    desk.freeMs = desk.counter.lanes.reduce(
      (soonest, at) => Math.min(soonest, lanes[at]?.nextMs ?? soonest),
      // Staffing may change, or somebody's counter be lent: look again at the half hour.
      Math.max(atMs + 1, draw.slotEndMs),
    )
    return atMs
  }
  if (person.asked !== -1) onReached({ asked: person.asked, atMs, ...aheadOf(world, draw, laneAt) })
  goOn(lane)
  if (person.isGhost || person.leavesMs <= atMs) return atMs
  const serviceId = world.scene.lanes[laneAt]?.serviceId ?? ''
  const takenMs = drawDuration(durationsOf(world.learned, serviceId), dayMsAt(world, atMs), dice)
  desk.isServing = true
  desk.freeMs = atMs + Math.max(1, takenMs) + drawTurn(world.learned, dice)
  return atMs
}

/** How many who wait now have gone before a lane's head. */
function aheadOf(
  { scene, shares }: ReplayWorld,
  { lanes }: Draw,
  laneAt: number,
): { ahead: number; aheadSame: number } {
  let ahead = 0
  let aheadSame = 0
  const serviceId = scene.lanes[laneAt]?.serviceId
  for (let at = 0; at < lanes.length; at++) {
    const { goneCount = 0 } = lanes[at] ?? {}
    if (shares[laneAt]?.[at] === true) ahead += goneCount
    if (scene.lanes[at]?.serviceId === serviceId) aheadSame += goneCount
  }
  return { ahead, aheadSame }
}
