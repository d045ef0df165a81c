// Rounds of bad luck: kiosks tap in a known order while replies are lost, requests are late, the server is killed and
// kiosks are booted cold. When all are back, the branch must know each paper once, in the order of the taps.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import type { DeviceClient } from '../../branch-server/testing/client.ts'
import { openForReading } from '../../shared/disk/open.ts'
import type { TicketJson } from '../../shared/project/ticket-json.ts'
import { random } from '../power/clients.ts'
import { type BranchBox, openBranchBox, type StartedAs } from './branch-box.ts'
import type { Mishap } from './flaky-proxy.ts'
import { type KioskBox, openKioskBox } from './kiosk-box.ts'
import { hasHeard, isUp, until } from './until.ts'

/** Taps this far apart have an order that everybody in the room would agree on. */
const APART_MS = 40
const HOUR_MS = 3_600_000
/** Wrong, wrong the other way, and right. */
const WALL_ERRORS_MS = [-3 * HOUR_MS, 2 * HOUR_MS, 0]
const SERVICES = ['cash', 'transfers', 'cards'] as const

export interface Campaign {
  readonly seed: number
  readonly rounds: number
}

export interface Outcome {
  readonly rounds: number
  readonly taps: number
  readonly offline: number
  readonly afterColdBoot: number
  readonly ghosts: number
  readonly kills: number
  readonly coldBoots: number
  /** Requests that arrived after their kiosk had given up on them. */
  readonly late: number
  /** One sentence for each thing that went wrong. */
  readonly failures: readonly string[]
}

interface Tap {
  readonly kiosk: KioskBox
  readonly ticketId: string
  readonly number: string
  readonly isOffline: boolean
  /** Given before this kiosk had heard the branch again: only among its own papers is the order known. */
  readonly isCold: boolean
}

interface World {
  readonly branch: BranchBox
  readonly kiosks: readonly KioskBox[]
  readonly caller: DeviceClient
  readonly draw: () => number
  readonly taps: Tap[]
  readonly failures: string[]
  readonly counts: { kills: number; coldBoots: number; late: number }
}

/** One of them, drawn. */
export function pick<Item>(items: readonly Item[], draw: () => number): Item {
  const item = items[Math.floor(draw() * items.length)]
  if (item === undefined) throw new Error('There is nothing to choose from')
  return item
}

async function openWorld(folder: string, seed: number): Promise<World> {
  const draw = random(seed)
  const branch = await openBranchBox(join(folder, 'branch'))
  const kiosks: KioskBox[] = []
  for (const [index, errorMs] of WALL_ERRORS_MS.entries()) {
    const name = `kiosk-${index + 1}`
    const kiosk = await openKioskBox({
      name,
      folder: join(folder, name),
      branchPort: branch.port,
      pairingCode: await branch.invite('kiosk', name),
      aheadMs: branch.aheadMs + errorMs,
      random: draw,
    })
    await kiosk.boot()
    await until(`${name} is paired`, () => isUp(kiosk) && hasHeard(kiosk))
    kiosks.push(kiosk)
  }
  const caller = await branch.pair('caller', 'the desk')
  return { branch, kiosks, caller, draw, taps: [], failures: [], counts: { kills: 0, coldBoots: 0, late: 0 } }
}

/** One customer. A tap that hangs is not waited for: the next customer is at another kiosk. */
async function tap(world: World, mishap: Mishap = 'pass', kiosk = pick(world.kiosks, world.draw)): Promise<void> {
  const { taps, failures, draw } = world
  const place = taps.length
  taps.push({ kiosk, ticketId: '', number: '', isOffline: false, isCold: false })
  kiosk.proxy.plan(mishap)
  const knewTime = hasHeard(kiosk)
  const { status, body } = await kiosk.tap(pick(SERVICES, draw))
  kiosk.proxy.plan()
  if (status !== 201) failures.push(`${kiosk.name} answered a tap with ${status} ${body.code}`)
  else {
    const { ticketId, number } = body.ticket
    taps[place] = { kiosk, ticketId, number, isOffline: body.offline, isCold: body.offline && !knewTime }
  }
  await pause(APART_MS)
}

async function severalTaps(world: World, count: number, mishaps: readonly Mishap[]): Promise<void> {
  for (let index = 0; index < count; index += 1) await tap(world, pick(mishaps, world.draw))
}

/** A customer waits at one kiosk for a server that says nothing, while others tap elsewhere. */
async function tapsAroundOneThatHangs(world: World): Promise<void> {
  const [first, ...others] = world.kiosks
  if (first === undefined) return
  const hanging = tap(world, 'hang', first)
  await pause(APART_MS)
  for (const other of others) await tap(world, 'pass', other)
  await hanging
}

async function bootCold(world: World): Promise<void> {
  const kiosk = pick(world.kiosks, world.draw)
  await kiosk.off()
  await kiosk.boot()
  world.counts.coldBoots += 1
}

async function serverGoes(world: World): Promise<void> {
  // Somebody taps in the moment it dies: it may have done it, or not.
  const isCaught = world.draw() < 0.3
  const caught = isCaught ? tap(world) : Promise.resolve()
  await world.branch.stop()
  world.counts.kills += 1
  await caught
}

async function badLuck(world: World, index: number): Promise<void> {
  const { draw, branch, kiosks, counts } = world
  const ups: readonly Mishap[] = ['pass', 'pass', 'lose-reply', 'late']
  await severalTaps(world, 2 + Math.floor(draw() * 2), ups)
  if (index % 10 === 3) await tapsAroundOneThatHangs(world)
  const isLineOnly = draw() < 0.25
  const alone = pick(kiosks, draw)
  if (isLineOnly) alone.proxy.cut()
  else await serverGoes(world)
  await severalTaps(world, 2, ['pass'])
  if (draw() < 0.4) await bootCold(world)
  await severalTaps(world, 2 + Math.floor(draw() * 2), ['pass'])
  const as: StartedAs = index % 3 === 0 ? 'process' : 'in-process'
  if (isLineOnly) alone.proxy.mend()
  else await branch.start(as)
  if (draw() < 0.5) counts.late += await releaseAll(world)
  await severalTaps(world, 2 + Math.floor(draw() * 2), ups)
}

async function releaseAll({ kiosks }: World): Promise<number> {
  let count = 0
  for (const kiosk of kiosks) count += await kiosk.proxy.release()
  return count
}

async function waiting({ caller }: World): Promise<readonly TicketJson[]> {
  const { body } = await caller.get<readonly TicketJson[]>('/api/v1/tickets?status=waiting')
  return body.toSorted((a, b) => (a.position ?? 0) - (b.position ?? 0))
}

/** Everybody is back, and nothing is left to hand over. */
async function quiet(world: World): Promise<void> {
  const { kiosks, taps } = world
  await until('all kiosks are in contact', () => kiosks.every(isUp))
  world.counts.late += await releaseAll(world)
  const wanted = taps
    .map(({ ticketId }) => ticketId)
    .toSorted()
    .join()
  await until('each paper has its ticket', async () => {
    const known = (await waiting(world)).map(({ ticketId }) => ticketId)
    return known.toSorted().join() === wanted
  }).catch((error: unknown) => world.failures.push(String(error)))
  const numberById = new Map(taps.map(({ ticketId, number }) => [ticketId, number]))
  await until('each tap has its paper', () =>
    kiosks.every(
      (kiosk) =>
        kiosk.papers(numberById).length >= taps.filter((it) => it.kiosk === kiosk && it.ticketId !== '').length,
    ),
  ).catch((error: unknown) => world.failures.push(String(error)))
}

function isSubsequence(part: readonly string[], whole: readonly string[]): boolean {
  let at = 0
  for (const item of whole) if (item === part[at]) at += 1
  return at === part.length
}

async function check(world: World): Promise<void> {
  const { kiosks, taps, failures } = world
  const numberById = new Map(taps.map(({ ticketId, number }) => [ticketId, number]))
  const line = await waiting(world)
  const ids = line.map(({ ticketId }) => ticketId)
  if (new Set(line.map(({ number }) => number)).size !== line.length) failures.push('two tickets bear one number')
  for (const { ticketId, number } of line)
    if (numberById.get(ticketId) !== number) failures.push(`${number} waits, and no paper says so`)
  for (const kiosk of kiosks) {
    const own = taps.filter((it) => it.kiosk === kiosk)
    const papers = kiosk.papers(numberById)
    const wanted = own.map(({ ticketId }) => ticketId)
    if (papers.toSorted().join() !== wanted.toSorted().join())
      failures.push(`${kiosk.name}: ${papers.length} papers for ${own.length} taps, or others than those`)
    if (!isSubsequence(wanted, ids)) failures.push(`${kiosk.name}: its own papers are not in their order`)
  }
  const sure = taps.filter(({ isCold }) => !isCold).map(({ ticketId }) => ticketId)
  if (!isSubsequence(sure, ids)) failures.push(`the line is not in the order of the taps: ${inversions(sure, line)}`)
}

/** The first numbers that are called before somebody who tapped earlier. */
function inversions(sure: readonly string[], line: readonly TicketJson[]): string {
  const placeById = new Map(sure.map((ticketId, index) => [ticketId, index]))
  const known = line.filter(({ ticketId }) => placeById.has(ticketId))
  return known
    .filter(({ ticketId }, index) => {
      const next = known[index + 1]
      return next !== undefined && (placeById.get(next.ticketId) ?? 0) < (placeById.get(ticketId) ?? 0)
    })
    .slice(0, 4)
    .map((ticket) => `${ticket.number} stands before ${known[known.indexOf(ticket) + 1]?.number}`)
    .join(', ')
}

/** The same papers once more, byte for byte. */
async function handOverAgain(world: World): Promise<void> {
  const before = JSON.stringify(await waiting(world))
  for (const kiosk of world.kiosks) {
    const body = kiosk.proxy.handOvers.at(-1)
    if (body === undefined) continue
    const { status, text } = await kiosk.post('/api/v1/tickets/adopt', body)
    const { adopted = null, refused = null } = JSON.parse(text) as { adopted?: object[]; refused?: object[] }
    if (status !== 200 || adopted?.length !== 0 || refused?.length !== 0)
      world.failures.push(`${kiosk.name} handed over twice, and was told ${status} ${text.slice(0, 200)}`)
  }
  if (JSON.stringify(await waiting(world)) !== before) world.failures.push('handing over twice changed the line')
}

/** Why tickets were cancelled, as the log says. */
function cancelReasons({ branch }: World): readonly string[] {
  const db = openForReading(join(branch.folder, 'branch.db'))
  const bodies = db.prepare('select body from event').pluck().all() as string[]
  db.close()
  return bodies
    .map((body) => JSON.parse(body) as { type: string; reason?: string })
    .flatMap(({ type, reason }) => (type === 'TicketCancelled' ? [String(reason)] : []))
}

export async function playRounds({ seed, rounds }: Campaign): Promise<Outcome> {
  const folder = mkdtempSync(join(tmpdir(), 'smartqueue-offline-'))
  const world = await openWorld(folder, seed)
  const { taps, failures, counts } = world
  let done = 0
  try {
    while (done < rounds && failures.length === 0) {
      await badLuck(world, done)
      await quiet(world)
      await check(world)
      await handOverAgain(world)
      done += 1
      if (failures.length > 0) failures.push(`seed ${seed}, round ${done}, in ${folder}`)
    }
  } finally {
    for (const kiosk of world.kiosks) await kiosk.close()
    await world.branch.stop()
  }
  const reasons = cancelReasons(world)
  if (reasons.some((reason) => reason !== 'superseded')) failures.push('a ticket was cancelled that was no ghost')
  if (failures.length === 0) rmSync(folder, { recursive: true, force: true })
  return {
    rounds: done,
    taps: taps.length,
    offline: taps.filter(({ isOffline }) => isOffline).length,
    afterColdBoot: taps.filter(({ isCold }) => isCold).length,
    ghosts: reasons.length,
    ...counts,
    failures,
  }
}
