import { randomUUID } from 'node:crypto'
import { foldEvents } from '../fold/fold-events.ts'
import {
  type FoldGiven,
  type FoldStep,
  foldVersionOf,
  type LineEvent,
  PRESENT_READING,
  type Reading,
} from '../fold/fold-step.ts'
import { type Folded, nothingFolded } from '../fold/folded.ts'
import { isName } from '../fold/is-well.ts'
import { type HeldEpoch, lengthOf, lineOf, restOf, type Stretch } from '../fold/line.ts'
import { placeToBegin } from '../fold/place-to-begin.ts'
import type { UploadedEvent } from '../inbox/read-upload.ts'
import { readLibrary, type Wanted } from './catalogue-rows.ts'
import { settled, type TenantDb } from './database.ts'
import type { FoldMemory } from './fold-memory.ts'
import {
  cataloguesIn,
  type FoldHead,
  noteBehind,
  packRest,
  readHead,
  sinceIn,
  unpackRest,
  writeFormer,
  writeHead,
  writeMarks,
  writeSetAside,
} from './fold-rows.ts'
import { goBack, type Place } from './go-back.ts'
import type { BranchIdentity } from './inbox.ts'
import { addToRollups } from './rollup-rows.ts'
import { writeShifts } from './shift-rows.ts'
import { readAside, readFormer, readRetained, writeTickets } from './ticket-rows.ts'

/** Events that one step reads at most, whatever is behind. */
export const STEP_EVENTS_MAX = 2_000
/** The same in bytes; one event may be longer. */
const STEP_BYTES_MAX = 16 * 1024 * 1024

/** Where a branch's fold stands before something more is kept of its log. */
export interface Found {
  /** null: something has changed among them since. */
  readonly epochs: readonly HeldEpoch[] | null
  readonly head: FoldHead | null
}

export interface FoldOptions {
  /** What the caller, who holds the branch, has found already. */
  readonly found?: Found
  /** What has just been kept, so that it need not be read from the table. */
  readonly fresh?: readonly UploadedEvent[]
  readonly epoch?: string
  readonly memory?: FoldMemory
  readonly reading?: Reading
  /** A catalogue has come that was missed. */
  readonly hasNewCatalogue?: boolean
}

/** How a branch's fold stands after a step. */
export interface FoldedOn {
  readonly isBehind: boolean
  readonly setAsideCount: number
}

const NOTHING: FoldedOn = { isBehind: false, setAsideCount: 0 }

export async function readEpochs(db: TenantDb, { tenantId, branchId }: BranchIdentity): Promise<readonly HeldEpoch[]> {
  const rows = await db.often<{
    epoch: string
    parent_epoch: string | null
    parent_seq: string | null
    acked_seq: string
  }>(
    `select epoch, parent_epoch, parent_seq, acked_seq from branch_log
     where tenant_id = $1 and branch_id = $2 and quarantined_at is null order by first_seen_at, epoch`,
    [tenantId, branchId],
  )
  return rows.map(({ epoch, parent_epoch: parentEpoch, parent_seq: parentSeq, acked_seq: ackedSeq }) => ({
    ...{ epoch, parentEpoch, ackedSeq: Number(ackedSeq) },
    parentSeq: parentSeq === null ? null : Number(parentSeq),
  }))
}

export async function readFound(db: TenantDb, branch: BranchIdentity): Promise<Found> {
  const [epochs, head] = await Promise.all([readEpochs(db, branch), readHead(db, branch)])
  return { epochs, head }
}

async function standing(
  db: TenantDb,
  branch: BranchIdentity,
  head: FoldHead,
  memory: FoldMemory | undefined,
): Promise<Place> {
  const { line, rest, ord, token } = head
  const known = memory?.get(branch.branchId, token) ?? null
  if (known !== null) return { folded: known, line }
  const library = await readLibrary(db, branch, cataloguesIn(rest))
  return { folded: unpackRest(rest, ord, await readRetained(db, branch, sinceIn(rest)), library), line }
}

const lineEventOf = ({ seq, type, version, event }: Omit<UploadedEvent, 'prev' | 'hash' | 'body'>, epoch: string) => ({
  ...{ epoch, seq, type, version, event },
})

/** What comes next of the line, as much as one step takes. */
export async function nextEvents(
  db: TenantDb,
  { tenantId, branchId }: BranchIdentity,
  stretches: ReturnType<typeof restOf>,
  { epoch: freshEpoch = '', fresh = [] }: FoldOptions,
): Promise<readonly LineEvent[]> {
  const [only] = stretches
  if (stretches.length === 1 && only?.epoch === freshEpoch && only.from + 1 === fresh[0]?.seq)
    return fresh.map((event) => lineEventOf(event, freshEpoch))
  const events: LineEvent[] = []
  let bytes = 0
  for (const { epoch, from, to } of stretches) {
    const upTo = Math.min(to, from + STEP_EVENTS_MAX - events.length)
    const rows = await db.query<{ seq: string; version: number; body: Buffer }>(
      `select seq, version, body from (
         select seq, version, body, sum(length(body)) over (order by seq) - length(body) as before from event
         where tenant_id = $1 and branch_id = $2 and epoch = $3 and seq > $4 and seq <= $5
       ) step where before < $6 order by seq`,
      [tenantId, branchId, epoch, from, upTo, STEP_BYTES_MAX - bytes],
    )
    for (const { seq, version, body } of rows) {
      const event = JSON.parse(body.toString()) as Readonly<Record<string, unknown>>
      events.push({ epoch, seq: Number(seq), version, type: String(event['type']), event })
      bytes += body.length
    }
    if (events.length >= STEP_EVENTS_MAX || rows.length < to - from) break
  }
  return events
}

export function lineAfter(line: readonly Stretch[], events: readonly LineEvent[]): readonly Stretch[] {
  const after = [...line]
  for (const { epoch, seq } of events) {
    if (after.at(-1)?.epoch === epoch) after[after.length - 1] = { epoch, upTo: seq }
    else after.push({ epoch, upTo: seq })
  }
  return after
}

interface Carried {
  readonly catalogue?: { readonly hash?: string } | null
  readonly retired?: Readonly<Record<string, readonly { readonly version: number }[]>>
  readonly tickets?: readonly { readonly facts?: { readonly ticketId?: string } }[]
}

/** What an epoch carries may be anything: whatever cannot be read in it is seen when it is folded. */
function carriedIn({ type, event }: LineEvent): Carried {
  const { carried } = event
  return type === 'EpochStarted' && typeof carried === 'object' && carried !== null ? carried : {}
}

const listOf = <Item>(value: readonly Item[] | undefined): readonly Item[] => (Array.isArray(value) ? value : [])

function cataloguesFor(events: readonly LineEvent[]): Wanted {
  const hashes = new Set<unknown>()
  const versions = new Set<unknown>()
  for (const event of events) {
    if (event.type === 'CatalogueApplied') hashes.add(event.event['hash'])
    const { catalogue, retired } = carriedIn(event)
    if (typeof catalogue === 'object') hashes.add(catalogue?.hash)
    for (const list of Object.values(retired ?? {})) for (const it of listOf(list)) versions.add(it?.version)
  }
  return {
    hashes: [...hashes].filter(isName),
    versions: [...versions].filter((it) => Number.isSafeInteger(it)) as number[],
  }
}

/** Tickets the events speak of that are not in the state. */
function strangersIn(events: readonly LineEvent[], { rows }: Folded): readonly string[] {
  const ids = events.flatMap((it) => [
    ...(it.type === 'TicketRecorded' ? [it.event['ticketId']] : []),
    ...listOf(carriedIn(it).tickets).map((ticket) => ticket?.facts?.ticketId),
  ])
  return [...new Set(ids)].filter(isName).filter((id) => !rows.has(id as never))
}

export async function givenFor(
  db: TenantDb,
  branch: BranchIdentity,
  folded: Folded,
  events: readonly LineEvent[],
  reading: Reading,
): Promise<FoldGiven> {
  const ids = [...new Set(events.map(({ event }) => event['ticketId']))].filter(isName)
  return {
    library: await readLibrary(db, branch, cataloguesFor(events)),
    former: await readFormer(db, branch, strangersIn(events, folded)),
    aside: folded.trouble.ord === null ? new Set() : await readAside(db, branch, ids),
    reading,
  }
}

async function writeStep(db: TenantDb, branch: BranchIdentity, step: FoldStep): Promise<void> {
  const { folded, touched, ended, setAside, former, cells } = step
  const { tickets } = folded.state
  await settled([
    // Asks for the sums that are there, and adds to them while the database writes the tickets.
    addToRollups(db, branch, cells()),
    writeTickets(db, branch, [...touched.values()], folded.sinceOrd === null ? tickets : null),
    writeShifts(db, branch, ended),
    writeSetAside(db, branch, setAside),
    writeFormer(db, branch, former),
  ])
}

/** A table refuses what is in a row: no number, no such character, too long. */
const isRefusedData = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' && /^(22|23|54)/.test(error.code)

interface ReadingOn {
  readonly reading: Reading
  /** Writes how far it is read: travels with what was read, and is undone with it. */
  readonly note: (place: Place) => Promise<void>
}

/** Reads events on from a place. What the tables refuse is found by halves, and is that one event's trouble. */
async function readOn(
  db: TenantDb,
  branch: BranchIdentity,
  from: Place,
  events: readonly LineEvent[],
  on: ReadingOn,
  refused: ReadonlySet<number> = new Set(),
): Promise<{ readonly place: Place; readonly setAsideCount: number }> {
  const { folded, line } = from
  const given = await givenFor(db, branch, folded, events, on.reading)
  const step = foldEvents(folded, events, { ...given, refused })
  const place: Place = { folded: step.folded, line: lineAfter(line, events) }
  try {
    await settled([
      db.query('savepoint effects'),
      writeStep(db, branch, step),
      writeMarks(db, branch, step.marks, (ord) => lineAfter(line, events.slice(0, ord - folded.ord))),
      on.note(place),
    ])
    return { place, setAsideCount: step.setAside.length }
  } catch (error) {
    const [only] = events
    if (!isRefusedData(error) || only === undefined || refused.has(folded.ord + 1)) throw error
    await db.query('rollback to savepoint effects')
    if (events.length === 1) return readOn(db, branch, from, events, on, new Set([folded.ord + 1]))
    const middle = events.length >> 1
    const first = await readOn(db, branch, from, events.slice(0, middle), on)
    const second = await readOn(db, branch, first.place, events.slice(middle), on)
    return { place: second.place, setAsideCount: first.setAsideCount + second.setAsideCount }
  }
}

/**
 * Reads a branch's log on, inside the caller's transaction, who holds the branch: tickets, shifts, sums and the place
 * change together, or nothing does. One step reads a bounded number of events; what remains is told.
 */
export async function foldOn(db: TenantDb, branch: BranchIdentity, options: FoldOptions = {}): Promise<FoldedOn> {
  const { memory, reading = PRESENT_READING } = options
  const found = options.found ?? (await readFound(db, branch))
  const { head } = found
  const line = lineOf(found.epochs ?? (await readEpochs(db, branch)))
  if (head === null && line.length === 0) return NOTHING
  if (head !== null && foldVersionOf(head.reading) > foldVersionOf(reading.name)) {
    await noteBehind(db, branch)
    return NOTHING
  }
  const backTo = head === null ? 0 : placeToBegin(head, line, reading, options.hasNewCatalogue === true)
  const from: Place =
    head === null
      ? { folded: nothingFolded(), line: [] }
      : backTo < head.ord
        ? await goBack(db, branch, backTo)
        : await standing(db, branch, head, memory)
  const events = await nextEvents(db, branch, restOf(from.line, line), options)
  const token = randomUUID()
  const isShort = (place: Place): boolean => lengthOf(place.line) < lengthOf(line)
  const note = async (place: Place): Promise<void> => {
    const { ord, trouble } = place.folded
    const rest = packRest(place.folded)
    const head = { reading: reading.name, token, ord, line: place.line, rest, isBehind: isShort(place), trouble }
    await writeHead(db, branch, head)
  }
  if (events.length > 0) {
    const { place, setAsideCount } = await readOn(db, branch, from, events, { reading, note })
    memory?.put(branch.branchId, token, place.folded)
    return { isBehind: isShort(place), setAsideCount }
  }
  if (backTo < (head?.ord ?? 0) || head?.reading !== reading.name || head.isBehind !== isShort(from)) {
    await note(from)
    memory?.put(branch.branchId, token, from.folded)
  }
  return { isBehind: isShort(from), setAsideCount: 0 }
}
