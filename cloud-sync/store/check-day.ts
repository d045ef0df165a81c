import type { TicketId } from '#shared/domain/ids.ts'
import { type Cells, createCells } from '#shared/project/cells.ts'
import { COUNTS, DURATIONS, isEmptyTally, type Tally, TIMES } from '#shared/project/figures.ts'
import { bucketGrain } from '#shared/project/spread.ts'
import { foldEvents } from '../fold/fold-events.ts'
import { foldVersionOf, PRESENT_READING } from '../fold/fold-step.ts'
import type { Former } from '../fold/folded.ts'
import { lengthOf, restOf, type Stretch, sharedPart } from '../fold/line.ts'
import type { Database, TenantDb } from './database.ts'
import { givenFor, lineAfter, nextEvents } from './fold-on.ts'
import { readHead } from './fold-rows.ts'
import { type Place, placeBefore } from './go-back.ts'
import { type BranchIdentity, holdBranch } from './inbox.ts'
import { readRollups } from './rollup-rows.ts'

/** What came of working a day out anew. */
export interface DayCheck {
  /** Sums that are kept otherwise; null: it could not be done, and `findings` says why. */
  readonly differingCount: number | null
  readonly findings: readonly string[]
}

/** Of a day and the one before, with what was entered later: more than the busiest branch has. */
const EVENTS_MAX = 200_000
const FINDINGS_MAX = 20
/** A log that is read anew this often in the midst of a check is left for the next turn. */
const BEGINNINGS_MAX = 3

const textOf = ({ counts, times, spreads }: Tally): string =>
  JSON.stringify([
    COUNTS.map((key) => counts[key]),
    TIMES.map((key) => times[key]),
    DURATIONS.map((key) => [
      spreads[key].sumMs,
      [...spreads[key].countByKey].filter(([, count]) => count !== 0).toSorted(([a], [b]) => a - b),
    ]),
  ])

const textsOf = (cells: Iterable<{ dimension: string; id: string; tally: Tally }>): ReadonlyMap<string, string> =>
  new Map(
    [...cells]
      .filter(({ tally }) => !isEmptyTally(tally))
      .map(({ dimension, id, tally }) => [`${dimension} ${id}`, textOf(tally)]),
  )

/** As far as a day was worked out. */
interface Working {
  place: Place
  readonly cells: Cells
  /** By which step the sums were made when it began. */
  readonly token: string
  /** What is found then is told, whatever has come up meanwhile. */
  readonly isLast: boolean
  /** Tickets that these events have touched, as they left them: the tables have them as they are now. */
  readonly known: Map<TicketId, Former>
}

/** Events whose effect the tables refused when they came. */
async function refusedOrds(db: TenantDb, { tenantId, branchId }: BranchIdentity): Promise<ReadonlySet<number>> {
  const rows = await db.query<{ ord: string }>(
    `select ord from set_aside where tenant_id = $1 and branch_id = $2 and reason = 'its effect was refused'`,
    [tenantId, branchId],
  )
  return new Set(rows.map(({ ord }) => Number(ord)))
}

/** What the sums are made of, and by which step. */
interface Read {
  readonly line: readonly Stretch[]
  readonly token: string
}

/** As far as the branch's log is read into the sums. The branch is held. @returns null: it is being read anew, which passes */
async function readLine(db: TenantDb, branch: BranchIdentity): Promise<Read | null> {
  await holdBranch(db, branch)
  const head = await readHead(db, branch)
  const isReadAnew =
    head === null || head.isBehind || foldVersionOf(head.reading) !== foldVersionOf(PRESENT_READING.name)
  return isReadAnew ? null : { line: head.line, token: head.token }
}

/**
 * Reads one bounded stretch on. @returns null: there is more; once all is read that the sums were made of, what came of
 * comparing them; 'undone' when they are made of something else since
 */
async function readOn(
  db: TenantDb,
  branch: BranchIdentity,
  date: string,
  working: Working,
): Promise<DayCheck | 'undone' | null> {
  const { folded, line } = working.place
  const summed = await readLine(db, branch)
  if (summed === null || lengthOf(sharedPart(line, summed.line)) < lengthOf(line)) return 'undone'
  const events = await nextEvents(db, branch, restOf(line, summed.line), {})
  if (events.length === 0) {
    const found = compared(await readRollups(db, branch, [date]), working.cells)
    // The same log may have been read anew meanwhile, and an effect be had that was refused before.
    return found.differingCount !== 0 && summed.token !== working.token && !working.isLast ? 'undone' : found
  }
  const given = await givenFor(db, branch, folded, events, PRESENT_READING)
  const former = new Map([...given.former].map(([id, was]) => [id, working.known.get(id) ?? was]))
  const step = foldEvents(folded, events, { ...given, former, refused: await refusedOrds(db, branch) })
  for (const cell of step.cells().all()) if (cell.period === date) working.cells.addTally(cell)
  for (const [id, touched] of step.touched) working.known.set(id, touched)
  working.place = { folded: step.folded, line: lineAfter(line, events) }
  return null
}

function compared(kept: Awaited<ReturnType<typeof readRollups>>, cells: Cells): DayCheck {
  const [held, counted] = [textsOf(kept), textsOf(cells.all())]
  const differing = [...new Set([...held.keys(), ...counted.keys()])].filter(
    (key) => held.get(key) !== counted.get(key),
  )
  const findings = differing
    .slice(0, FINDINGS_MAX)
    .map((key) => `${key}: kept ${held.get(key) ?? 'nothing'}, by the log ${counted.get(key) ?? 'nothing'}`)
  return { differingCount: differing.length, findings }
}

/**
 * Works the sums of a business date out anew, from the events as they lie, and holds them against those that uploads have
 * left. In bounded steps, each with the branch held, so that its uploads come in between.
 * @returns null: its log is being read anew; it can be done later
 */
export async function checkDay(database: Database, branch: BranchIdentity, date: string): Promise<DayCheck | null> {
  for (let beginning = 1; beginning <= BEGINNINGS_MAX; beginning += 1) {
    const done = await checkFromBeginning(database, branch, date, beginning === BEGINNINGS_MAX)
    if (done !== 'undone') return done
  }
  return null
}

async function checkFromBeginning(
  database: Database,
  branch: BranchIdentity,
  date: string,
  isLast: boolean,
): Promise<DayCheck | 'undone' | null> {
  const found = await database.asTenant(branch.tenantId, async (db) => {
    const read = await readLine(db, branch)
    return read === null ? null : { place: await placeBefore(db, branch, date), token: read.token }
  })
  if (found === null) return null
  const { place, token } = found
  if (place === null) return { differingCount: null, findings: ['no place is kept from which the day can be read'] }
  const working: Working = { place, token, isLast, cells: createCells(bucketGrain), known: new Map() }
  const lastOrd = place.folded.ord + EVENTS_MAX
  for (;;) {
    const done = await database.asTenant(branch.tenantId, (db) => readOn(db, branch, date, working))
    if (done !== null) return done
    if (working.place.folded.ord > lastOrd) return { differingCount: null, findings: ['the log is too long'] }
  }
}
