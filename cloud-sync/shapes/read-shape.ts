import { createHash, randomBytes } from 'node:crypto'
import type { Database, TenantDb } from '../store/database.ts'
import type { BranchIdentity } from '../store/inbox.ts'
import {
  type LogEntry,
  noteDone,
  placeBelow,
  type ShapeRow,
  type ShapeState,
  shapeLog,
  shapeRows,
  shapeState,
} from '../store/shapes.ts'
import { handleText, type LogPlace, offsetOf, type Place, readHandle } from './place.ts'
import { columnsOf, SHAPE_SCHEMA, type Shape } from './shape.ts'

/** One answer to a reader of a shape. */
export type ShapeAnswer =
  | {
      readonly kind: 'rows'
      readonly handle: string
      readonly offset: string
      readonly messages: readonly object[]
      /** Where it stands in the log when nothing more can be read now; null: there is more. */
      readonly upToDateAt: LogPlace | null
    }
  /** Its handle is not of this shape, or its place not there any more: it begins anew. */
  | { readonly kind: 'must-refetch'; readonly handle: string }
  | { readonly kind: 'revoked' }

export interface ShapeQuestion {
  readonly branch: BranchIdentity
  readonly shape: Shape
  readonly place: Place
  /** Empty at the start. */
  readonly handle: string
  /** The highest of its rows that the branch has done, as it says; 0: none, or it does not say. */
  readonly done?: number
  /** The branch has done what was never sent from here: this database was put back to an older copy. */
  readonly isAhead?: (sent: number) => void
}

const NONCE_BYTES = 4
const UP_TO_DATE = { headers: { control: 'up-to-date' } }

function prefixOf({ branch, shape }: ShapeQuestion, { life }: ShapeState): string {
  const text = [branch.tenantId, branch.branchId, shape.table, life].join(' ')
  return createHash('sha256').update(text).digest('hex').slice(0, 16)
}

const newHandle = (question: ShapeQuestion, state: ShapeState): string =>
  handleText({ prefix: prefixOf(question, state), horizon: state.horizon }, randomBytes(NONCE_BYTES).toString('hex'))

/** As Electric names a row. */
const keyOf = ({ table }: Shape, values: readonly (string | undefined)[]): string =>
  [`"${SHAPE_SCHEMA}"."${table}"`, ...values.map((value) => `"${value}"`)].join('/')

const rowMessage = (shape: Shape, row: ShapeRow) => ({
  key: keyOf(shape, [row['tenant_id'], row['branch_id'], row[shape.key]]),
  value: Object.fromEntries(columnsOf(shape).map((column) => [column, row[column]])),
  headers: { operation: 'insert', relation: [SHAPE_SCHEMA, shape.table] },
})

function entryMessage({ shape, branch }: ShapeQuestion, { place, operation, key, row }: LogEntry) {
  const { tenantId, branchId } = branch
  const headers = { operation, txids: [Number(place.xid)], lsn: place.xid, op_position: place.seq }
  if (operation === 'insert') return row === null ? [] : [{ ...rowMessage(shape, row), headers }]
  const value = { tenant_id: tenantId, branch_id: branchId, [shape.key]: key }
  return [{ key: keyOf(shape, [tenantId, branchId, key]), value, headers }]
}

type Answered = Omit<Extract<ShapeAnswer, { kind: 'rows' }>, 'kind' | 'handle'>

/** Rows come from later moments than the horizon, too: those are told again by the log, and are the same. */
async function readRows(
  db: TenantDb,
  { branch, shape }: ShapeQuestion,
  afterKey: number,
  horizon: string,
): Promise<Answered> {
  const rows = await shapeRows(db, branch, shape, afterKey)
  const told = rows.slice(0, shape.chunkRows)
  const messages = told.map((row) => rowMessage(shape, row))
  if (rows.length > told.length) {
    const last = Number(told.at(-1)?.[shape.key])
    return { messages, offset: offsetOf({ kind: 'rows', afterKey: last }), upToDateAt: null }
  }
  const end = await placeBelow(db, branch, shape, horizon)
  return { messages: [...messages, UP_TO_DATE], offset: offsetOf(end), upToDateAt: end }
}

async function readLog(db: TenantDb, question: ShapeQuestion, after: LogPlace): Promise<Answered> {
  const entries = await shapeLog(db, question.branch, question.shape, after)
  const told = entries.slice(0, question.shape.chunkRows)
  const messages = told.flatMap((entry) => entryMessage(question, entry))
  const end = told.at(-1)?.place ?? after
  const isAll = entries.length === told.length
  return {
    messages: isAll ? [...messages, UP_TO_DATE] : messages,
    offset: offsetOf(end),
    upToDateAt: isAll ? end : null,
  }
}

/** A place of a time that this database has not seen, or that is none of its log: pruned, or of a life that is over. */
const isLost = ({ kind }: Place, inLog: LogPlace, { next, isPlace }: ShapeState): boolean =>
  BigInt(inLog.xid) > BigInt(next) || (kind === 'log' && !isPlace)

/** What a branch has done and this database does not know of must not be sent again under the same number. */
async function heedDone(db: TenantDb, question: ShapeQuestion, { sent }: ShapeState): Promise<void> {
  const { branch, shape, done = 0, isAhead } = question
  if (done <= sent) return
  await noteDone(db, branch, shape, done)
  isAhead?.(sent)
}

/** Reads what follows on a place, as much as one answer brings. */
export function readShape(database: Database, question: ShapeQuestion): Promise<ShapeAnswer> {
  const { branch, shape, place } = question
  return database.asTenant(branch.tenantId, async (db): Promise<ShapeAnswer> => {
    const isFresh = place.kind === 'start' || place.kind === 'now'
    // The horizon before the rows, and the floor after them: whatever happens meanwhile is told twice, never left out.
    const before = isFresh ? await shapeState(db, branch, shape) : null
    const handle = before === null ? question.handle : newHandle(question, before)
    const horizon = readHandle(handle)?.horizon ?? ''
    if (!isFresh && horizon === '')
      return { kind: 'must-refetch', handle: newHandle(question, await shapeState(db, branch, shape)) }
    const afterKey = place.kind === 'rows' ? place.afterKey : 0
    const start: LogPlace = { kind: 'log', xid: horizon, seq: 0 }
    const inLog =
      place.kind === 'log' ? place : place.kind === 'now' ? await placeBelow(db, branch, shape, horizon) : start
    const isOfRows = place.kind === 'start' || place.kind === 'rows'
    const answered = isOfRows ? await readRows(db, question, afterKey, horizon) : await readLog(db, question, inLog)
    const state = await shapeState(db, branch, shape, inLog)
    if (state.isRevoked) return { kind: 'revoked' }
    await heedDone(db, question, state)
    if (readHandle(handle)?.prefix !== prefixOf(question, state) || isLost(place, inLog, state))
      return { kind: 'must-refetch', handle: newHandle(question, state) }
    return { kind: 'rows', handle, ...answered }
  })
}
