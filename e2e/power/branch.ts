// A branch without its doors, as a program for the faulty disk: it starts as the server does, proves what it was told
// before, then serves a seeded load until it is cut. Each line it prints is one JSON report.
import { readFileSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { openForReading } from '#shared/disk/open.ts'
import type { EpochMs } from '#shared/domain/ids.ts'
import { carryState } from '#shared/domain/state-json.ts'
import { openKeys } from '../../branch-server/access/keys.ts'
import { check } from '../../branch-server/background/tasks.ts'
import { createCatalogueStore } from '../../branch-server/store/catalogues.ts'
import { createEventLog } from '../../branch-server/store/event-log.ts'
import { createProjections } from '../../branch-server/store/projections.ts'
import type { Branch, Waist } from '../../branch-server/waist/execute.ts'
import { DATABASE_NAME, SETTINGS_NAME } from '../../branch-server/waist/open-branch.ts'
import { openWaist } from '../../branch-server/waist/open-waist.ts'
import { createSecondCopy } from '../../branch-server/waist/second-copy.ts'
import { lockFolder } from '../../shared/disk/lock-folder.ts'
import { type Act, askOf, firstCatalogue, nextAct, random } from './clients.ts'
import type { Ack, Asked, Ledger, Orders, Report } from './reports.ts'

const REPEATED = 30
/** First answers are kept for a day; nothing is promised for a key that is older. */
const KEPT_MS = 23 * 3_600_000
const COMPARED_EACH = 25

const [folder = '', ordersFile = ''] = process.argv.slice(2)
const orders = JSON.parse(readFileSync(ordersFile, 'utf8')) as Orders
const draw = random(orders.seed)
let passedMs = 0

/** Everything that is said is in the pipe when this returns; a pipe that is full is waited for. */
function say(report: Report): void {
  const bytes = Buffer.from(`${JSON.stringify(report)}\n`)
  for (let at = 0; at < bytes.length; )
    try {
      at += writeSync(1, bytes, at)
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'EAGAIN')) throw error
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1)
    }
}

const silent = { info: () => {}, warn: () => {}, error: () => {} }
const clocks = { wallMs: () => orders.wallMs + passedMs, monotonicMs: () => passedMs }

/** Null when memory is what a fresh look at the disk finds, else where they part. */
function parting(waist: Waist): string | null {
  const db = openForReading(join(folder, DATABASE_NAME))
  try {
    const loaded = createProjections(db, createEventLog(db), createCatalogueStore(db)).load()
    const { state, head } = waist.branch()
    if (loaded === null || loaded.head.hash !== head.hash)
      return `memory is at ${head.seq}, the disk at ${loaded?.head.seq}`
    const [memory, disk] = [JSON.stringify(carryState(state)), JSON.stringify(carryState(loaded.state))]
    return memory === disk ? null : 'the states differ'
  } finally {
    db.close()
  }
}

/** Acknowledged tickets and devices that are not on the disk as they were. */
function missingOf({ store }: Branch, acks: readonly Ack[]): readonly string[] {
  const paired = new Set<string>(store.devices.all().map(({ deviceId }) => deviceId))
  return acks.flatMap(({ act, body }) => {
    if (act.kind === 'pairing') return paired.has(act.deviceId) ? [] : [act.deviceId]
    if (act.kind === 'catalogue' || (act.command.type !== 'IssueTicket' && act.command.type !== 'ServeNow')) return []
    const { number, businessDate } = JSON.parse(body) as { number?: string; businessDate?: string }
    if (number === undefined) return [] // It was refused.
    const facts = store.tickets.find(act.command.ticketId)?.facts
    return facts?.number === number && facts?.businessDate === businessDate ? [] : [`${number} of ${businessDate}`]
  })
}

/** Tickets that were issued more than once: one tap has one ticket id here, whatever its answers. */
function doubledInLog(): readonly string[] {
  const db = openForReading(join(folder, DATABASE_NAME))
  try {
    const sql = `select json_extract(body, '$.ticketId') as id from event
      where json_extract(body, '$.type') = 'TicketIssued' group by id having count(*) > 1`
    return db.prepare<[], string>(sql).pluck().all()
  } finally {
    db.close()
  }
}

/** What was answered before the cut is asked again, and looked for on the disk; what was not answered is asked again. */
async function prove(waist: Waist, { acks, unanswered }: Ledger): Promise<void> {
  const { head } = waist.branch()
  const missing = missingOf(waist.branch(), acks)
  const isKept = ({ atMs }: Asked): boolean => atMs >= clocks.wallMs() - KEPT_MS
  const different: string[] = []
  for (const { act, status, body } of acks.slice(-REPEATED).filter(isKept)) {
    const again = await waist.execute(askOf(act))
    if (again.status !== status || again.body !== body) different.push(`${act.key}: ${body} then ${again.body}`)
  }
  for (const { act } of unanswered.filter(isKept)) await ask(waist, act)
  const { fault, eventCount } = check({ kind: 'check', file: join(folder, DATABASE_NAME) })
  const doubled = doubledInLog()
  say({ at: 'proved', missing, different, doubled, fault: fault ?? parting(waist), eventCount, epoch: head.epoch })
}

async function ask(waist: Waist, act: Act): Promise<void> {
  const atMs = clocks.wallMs()
  say({ at: 'asked', act, atMs })
  const { status, body } = await waist.execute(askOf(act))
  if (act.kind !== 'command') copy.keep()
  say({ at: 'answered', act, atMs, status, body })
}

/** Several clients at once, so that one commit holds the commands of more than one. */
async function serve(waist: Waist): Promise<void> {
  let turn = 0
  const client = async (): Promise<void> => {
    while (turn < orders.turns) {
      turn += 1
      passedMs += Math.floor(draw() * 20_000)
      await ask(waist, nextAct(`${orders.seed}-${turn}`, waist.branch().state, draw))
      if (turn % COMPARED_EACH === 0) {
        const fault = parting(waist)
        if (fault !== null) say({ at: 'parted', fault })
      }
    }
  }
  await Promise.all(Array.from({ length: orders.clients }, client))
}

const unlock = lockFolder(folder)
openKeys(folder, null)
const { waist } = openWaist({ folder, clocks, log: silent })
const copy = createSecondCopy(waist, join(folder, SETTINGS_NAME), silent)
say({ at: 'open', nowMs: waist.branch().state.now.atMs satisfies EpochMs })
await prove(waist, JSON.parse(readFileSync(orders.ledger, 'utf8')) as Ledger)
if (waist.branch().state.catalogue === null) await ask(waist, firstCatalogue(`${orders.seed}-first`))
await serve(waist)
waist.branch().store.close()
unlock()
say({ at: 'done' })
