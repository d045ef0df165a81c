// The branch server is killed, staff note on two callers what they do on paper, and the plug of a caller is pulled
// again and again, while marks are made and while they are entered. In the end each mark must have been entered once.
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { PIN } from '../../branch-server/testing/bank-catalogue.ts'
import type { DeviceClient } from '../../branch-server/testing/client.ts'
import type { KeptMark } from '../../caller/mark-store.ts'
import { openForReading } from '../../shared/disk/open.ts'
import type { StoredEvent } from '../../shared/domain/events.ts'
import { CHECKOUT } from '../plants/plant.ts'
import { random } from '../power/clients.ts'
import type { KillOrder } from '../power/shim.ts'
import { type BranchBox, openBranchBox } from './branch-box.ts'
import {
  ask,
  boot,
  type CallerBox,
  cut,
  type Electricity,
  isInContact,
  type Noted,
  revive,
  TRIES_MAX,
} from './caller-box.ts'
import { type Mishap, startFlakyProxy } from './flaky-proxy.ts'
import { until } from './until.ts'

const TICKETS_EACH_ROUND = 6
const TYPED_EACH_ROUND = 2
const BOTH_NOTE_IT = 0.25
/** How long a caller that does not answer is waited for. */
const NO_ANSWER_MS = 2_000
/** A caller writes about this often between its start and the last mark of a round. */
const OPERATIONS = 120
const WHENS = ['before', 'after', 'torn'] as const
const STATUSES = ['completed', 'completed', 'no_show', 'cancelled'] as const
const MISHAPS: readonly Mishap[] = ['pass', 'pass', 'lose-reply', 'lose-reply', 'late']

export interface Outcome {
  readonly rounds: number
  readonly marks: number
  /** Numbers that both callers noted. */
  readonly doubles: number
  readonly cuts: number
  readonly kills: number
  readonly failures: readonly string[]
}

interface World extends Electricity {
  readonly branch: BranchBox
  readonly callers: readonly CallerBox[]
  readonly kiosk: DeviceClient
  readonly counts: { cuts: number; kills: number; typed: number }
}

const SEATS = [
  ['caller-1', 'counter-1', 'amadou'],
  ['caller-2', 'counter-2', 'binta'],
] as const

/** Where nobody has ever signed in, nothing is entered. */
async function signIn({ name, url }: CallerBox, counterId: string, agentId: string): Promise<void> {
  const answer = await ask<object>(url, `/api/v1/counters/${counterId}/open`, { agentId, pin: PIN })
  if (answer?.status !== 200) throw new Error(`${name} was not signed in: ${JSON.stringify(answer)}`)
}

const anyOf = <Item>(items: readonly Item[], draw: () => number): Item =>
  items[Math.floor(draw() * items.length)] as Item

/** One press; the page presses again, with the same key, until its host has said that the mark is kept. */
async function note(world: World, caller: CallerBox, mark: Noted): Promise<void> {
  for (let tries = 0; tries < TRIES_MAX; tries += 1) {
    await revive(world, caller)
    const asked = ask<object>(caller.url, '/local/v1/marks', { marks: [mark] })
    if (world.draw() < 0.1) {
      await pause(world.draw() * 20)
      await caller.program?.cut()
    }
    const answer = await asked
    if (answer?.status === 201) {
      caller.noted.push(mark)
      return
    }
    // Its end is heard a moment after its line has broken; until then nobody would start it again.
    if (answer === null) await Promise.race([caller.program?.ended, pause(NO_ANSWER_MS)])
    else world.failures.push(`a mark was answered ${answer.status}: ${JSON.stringify(answer.body)}`)
  }
  world.failures.push(`${caller.name} never kept the mark of ${mark.number}`)
}

const orderOf = ({ draw }: World): KillOrder | null =>
  draw() < 0.5 ? { at: 1 + Math.floor(draw() * OPERATIONS), when: anyOf(WHENS, draw) } : null

interface SeenState {
  readonly carried?: { readonly tickets: readonly { readonly facts: { readonly ticketId: string } }[] }
}

async function hasSeen(caller: CallerBox, ticketIds: readonly string[]): Promise<boolean> {
  const snapshot = await ask<SeenState>(caller.url, '/local/v1/snapshot')
  const known = new Set(snapshot?.body.carried?.tickets.map(({ facts }) => facts.ticketId))
  return snapshot !== null && ticketIds.every((ticketId) => known.has(ticketId))
}

/** Everybody knows who waits; then the server is killed. */
async function panne(world: World): Promise<readonly Omit<Noted, 'key' | 'status'>[]> {
  const { branch, kiosk, callers, counts } = world
  const listed: Omit<Noted, 'key' | 'status'>[] = []
  for (let count = 0; count < TICKETS_EACH_ROUND; count += 1) {
    const { body } = await kiosk.issue('cash')
    listed.push({ ticketId: body.ticketId, number: body.number, serviceId: 'cash', isNow: count % 3 !== 2 })
  }
  const ids = listed.flatMap(({ ticketId }) => ticketId ?? [])
  for (const caller of callers) {
    await until(`${caller.name} knows who waits`, async () => {
      await revive(world, caller)
      return hasSeen(caller, ids)
    })
  }
  await branch.stop()
  counts.kills += 1
  for (let count = 0; count < TYPED_EACH_ROUND; count += 1) {
    counts.typed += 1
    const number = `A9${String(counts.typed).padStart(3, '0')}`
    listed.push({ ticketId: null, number, serviceId: null, isNow: true })
  }
  return listed
}

async function noteAll(world: World, listed: readonly Omit<Noted, 'key' | 'status'>[]): Promise<void> {
  const { callers, draw } = world
  for (const caller of callers) {
    await cut(world, caller)
    await boot(world, caller, orderOf(world))
  }
  for (const it of listed) {
    const [first, second] = draw() < 0.5 ? callers : callers.toReversed()
    const both = draw() < BOTH_NOTE_IT ? [first, second] : [first]
    for (const caller of both)
      if (caller !== undefined)
        await note(world, caller, { ...it, key: crypto.randomUUID(), status: anyOf(STATUSES, draw) })
  }
}

const marksOf = async ({ url }: CallerBox): Promise<readonly KeptMark[] | null> =>
  (await ask<{ marks: readonly KeptMark[] }>(url, '/local/v1/marks'))?.body.marks ?? null

/** Only what is known is known: a caller that is off has not entered everything. */
async function isEntered(caller: CallerBox): Promise<boolean> {
  const marks = await marksOf(caller)
  return marks?.every(({ state }) => state !== 'kept' && state !== 'sending') ?? false
}

/** The server is back, and is killed again, and callers are, while they enter what they have. */
async function enterAll(world: World): Promise<void> {
  const { branch, callers, draw, counts } = world
  for (const { proxy } of callers) proxy.plan(...Array.from({ length: 8 }, () => anyOf(MISHAPS, draw)))
  await branch.start('process')
  for (let turn = 0; turn < 2; turn += 1) {
    await pause(100 + draw() * 500)
    if (draw() < 0.5) {
      await branch.stop()
      counts.kills += 1
      await branch.start('process')
    } else {
      const caller = anyOf(callers, draw)
      await cut(world, caller)
      await boot(world, caller, orderOf(world))
    }
  }
  for (const caller of callers) {
    caller.proxy.plan()
    await caller.proxy.release()
    await until(`${caller.name} has entered everything`, async () => {
      await revive(world, caller)
      return isEntered(caller)
    }).catch((error: unknown) => world.failures.push(String(error)))
  }
}

type Recorded = Extract<StoredEvent, { type: 'TicketRecorded' }>

function recordedIn({ branch }: World): readonly Recorded[] {
  const db = openForReading(join(branch.folder, 'branch.db'))
  const bodies = db.prepare('select body from event order by rowid').pluck().all() as string[]
  db.close()
  return bodies.map((body) => JSON.parse(body) as StoredEvent).filter((event) => event.type === 'TicketRecorded')
}

async function check(world: World): Promise<void> {
  const { callers, failures } = world
  const events = recordedIn(world)
  const kept = new Map<string, KeptMark>()
  for (const caller of callers) for (const mark of (await marksOf(caller)) ?? []) kept.set(mark.key, mark)
  const byNumber = new Map<string, Noted[]>()
  for (const mark of callers.flatMap(({ noted }) => noted))
    byNumber.set(mark.number, [...(byNumber.get(mark.number) ?? []), mark])
  for (const [number, noted] of byNumber) {
    const told = events.filter((event) => event.number === number)
    if (told.length !== 1) failures.push(`${number} was entered ${told.length} times`)
    const states = noted.map(({ key }) => kept.get(key)?.state ?? 'lost')
    const wanted = noted.length === 1 ? 'entered' : 'entered refused'
    if (states.toSorted().join(' ') !== wanted) failures.push(`the marks of ${number} are ${states.join(' and ')}`)
    const entered = noted.find(({ key }) => kept.get(key)?.state === 'entered')
    if (entered !== undefined && told[0]?.status !== entered.status)
      failures.push(`${number} was noted as ${entered.status} and entered as ${told[0]?.status}`)
  }
  for (const { number } of events)
    if (!byNumber.has(number)) failures.push(`${number} was entered, and nobody noted it`)
  for (const { name, noted } of callers) checkOrder(name, noted, events, kept, failures)
}

/** In the order in which they were made, and never earlier than the one before. */
function checkOrder(
  name: string,
  noted: readonly Noted[],
  events: readonly Recorded[],
  kept: ReadonlyMap<string, KeptMark>,
  failures: string[],
): void {
  const own = noted.filter(({ key }) => kept.get(key)?.state === 'entered')
  const places = own.map(({ number }) => events.findIndex((event) => event.number === number))
  if (places.some((place, index) => place < (places[index - 1] ?? -1))) failures.push(`${name} entered out of order`)
  const times = own.flatMap(({ number }) => events.find((event) => event.number === number)?.happened?.steadyMs ?? [])
  if (times.some((time, index) => time < (times[index - 1] ?? 0))) failures.push(`${name} told times that go back`)
}

async function openWorld(seed: number, root: string): Promise<World & { readonly own: string }> {
  const own = mkdtempSync(join(tmpdir(), 'smartqueue-caller-power-'))
  const branch = await openBranchBox(join(own, 'branch'))
  const kiosk = await branch.pair('kiosk', 'the kiosk')
  const callers: CallerBox[] = []
  const counts = { cuts: 0, kills: 0, typed: 0 }
  const world = { own, root, branch, callers, kiosk, draw: random(seed), failures: [], counts }
  for (const [name, counterId, agentId] of SEATS) {
    const box = { name, own: join(own, name), noted: [], program: null, url: '' }
    mkdirSync(join(box.own, 'caller'), { recursive: true })
    const caller: CallerBox = { ...box, proxy: await startFlakyProxy(branch.port) }
    callers.push(caller)
    await boot(world, caller, null, await branch.invite('caller', name))
    await until(`${name} is paired`, () =>
      hasSeen(caller, []).then(async (isUp) => isUp && (await isInContact(caller))),
    )
    await signIn(caller, counterId, agentId)
  }
  return world
}

export async function noteThroughPannes(seed: number, rounds: number, root = CHECKOUT): Promise<Outcome> {
  const world = await openWorld(seed, root)
  const { callers, failures, counts, own } = world
  let done = 0
  try {
    while (done < rounds && failures.length === 0) {
      await noteAll(world, await panne(world))
      await enterAll(world)
      await check(world)
      done += 1
      if (failures.length > 0) failures.push(`seed ${seed}, round ${done}, in ${own}`)
    }
  } finally {
    for (const caller of callers) {
      await caller.program?.cut()
      await caller.proxy.close()
    }
    await world.branch.stop()
  }
  if (failures.length === 0) rmSync(own, { recursive: true, force: true })
  const marks = callers.flatMap(({ noted }) => noted)
  const doubles = marks.length - new Set(marks.map(({ number }) => number)).size
  return { rounds: done, marks: marks.length, doubles, cuts: counts.cuts, kills: counts.kills, failures }
}
