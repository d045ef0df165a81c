import { basename, dirname } from 'node:path'
import { isDamaged } from '#shared/disk/is-damaged.ts'
import { migrate } from '#shared/disk/migrate.ts'
import { openDurable, type Sqlite } from '#shared/disk/open.ts'
import { setAside } from '#shared/disk/set-aside.ts'
import type { HostLog } from '#shared/host/host-log.ts'
import type { RecordBody } from '#shared/wire/requests.ts'

/** Marks that the branch has not answered yet: more than any branch serves on paper in a day. */
export const MARKS_OPEN_MAX = 2_000
/** Rows kept for staff and for doubts; older ones go, a few with each new one. */
const KEPT_MS = 14 * 24 * 3_600_000
const PRUNED_MAX = 64
const LISTED_MAX = 500

/** `sending`: on its way, perhaps there already. `seen`: it was refused, and staff have said that they know. */
export type MarkState = 'kept' | 'sending' | 'entered' | 'refused' | 'seen'

export interface KeptMark {
  readonly key: string
  readonly body: RecordBody
  readonly state: MarkState
  /** Why the branch refused it; null otherwise. */
  readonly code: string | null
  readonly atMs: number
}

/** A mark as it comes to be kept. */
export interface NewMark {
  readonly key: string
  readonly branchKey: string
  readonly steadyMs: number | null
  readonly atMs: number
  readonly body: RecordBody
}

/** The caller's own memory of what was done on paper: a mark is here before the screen says that it was made. */
export interface MarkStore {
  /** One durable commit; a key that is known stays as it is. @returns false when there is no room for more */
  add(marks: readonly NewMark[]): boolean
  /**
   * The oldest that the branch has not answered yet; null when there is none.
   * @param isPassedOver - left out for now, and with it what was noted later of the same number: that only makes sense
   * after it. What was noted of other numbers does not hang on it.
   */
  next(branchKeys: readonly string[], isPassedOver: (key: string) => boolean): KeptMark | null
  /** A mark that the branch has not answered yet; null when it has, or when it is of another branch. */
  open(branchKeys: readonly string[], key: string): KeptMark | null
  /** @param code - why it was refused */
  set(key: string, state: MarkState, code?: string | null): void
  /** Takes a mark back that has not been sent. @returns false when it is too late */
  withdraw(key: string): boolean
  /** The latest, newest first. */
  list(branchKeys: readonly string[]): readonly KeptMark[]
  /** The branch's steady time at the last mark; 0 before the first. */
  lastSteadyMs(branchKeys: readonly string[]): number
  /**
   * The branch stands in this epoch. In a new one it may have lost what it had entered since: that is told again, under
   * the same keys, so that nothing is entered twice.
   */
  meetBranch(epoch: string, date: string): void
  close(): void
}

const MIGRATIONS = new URL('./migrations', import.meta.url).pathname
/** The epoch of the branch, as it was last met. */
const MET_KEY = 'met'

interface Row {
  readonly key: string
  readonly body: string
  readonly state: MarkState
  readonly code: string | null
  readonly at_ms: number
}

const markOf = ({ key, body, state, code, at_ms: atMs }: Row): KeptMark => ({
  ...{ key, state, code, atMs },
  body: JSON.parse(body) as RecordBody,
})

/** A branch restored without its key has another one, and is the same branch. */
const OF_BRANCH = 'branch_key in (select value from json_each(?))'

function statements(db: Sqlite) {
  return {
    getMeta: db.prepare('select value from meta where key = ?').pluck(),
    putMeta: db.prepare('insert or replace into meta (key, value) values (?, ?)'),
    put: db.prepare(
      `insert into mark (key, branch_key, business_date, steady_ms, at_ms, body, state)
       values (?, ?, ?, ?, ?, ?, 'kept') on conflict (key) do nothing`,
    ),
    openCount: db.prepare("select count(*) from mark where state in ('kept', 'sending')").pluck(),
    // As many as are kept at most: whoever goes through them stops at the first.
    waiting: db.prepare(`select * from mark where state in ('kept', 'sending') and ${OF_BRANCH} order by place`),
    open: db.prepare(`select * from mark where state in ('kept', 'sending') and ${OF_BRANCH} and key = ?`),
    set: db.prepare('update mark set state = ?, code = ? where key = ?'),
    withdraw: db.prepare("delete from mark where key = ? and state = 'kept'"),
    list: db.prepare(`select * from mark where ${OF_BRANCH} order by place desc limit ${LISTED_MAX}`),
    last: db.prepare(`select max(steady_ms) from mark where ${OF_BRANCH}`).pluck(),
    tellAgain: db.prepare("update mark set state = 'sending' where state = 'entered' and business_date >= ?"),
    prune: db.prepare(
      `delete from mark where place in (
         select place from mark where at_ms < ? and state in ('entered', 'seen') order by place limit ${PRUNED_MAX})`,
    ),
  }
}

function openTables(file: string) {
  const db = openDurable(file)
  try {
    migrate(db, MIGRATIONS)
    return { db, ...statements(db) }
  } catch (error) {
    db.close()
    throw error
  }
}

/**
 * Opens the file; one that is damaged is set aside, and staff enter from paper what was in it.
 * @throws SqliteError when the folder cannot be used
 */
export function openMarkStore(file: string, wallMs: () => number, log: HostLog): MarkStore {
  const tables = openSound()

  function openSound(): ReturnType<typeof openTables> {
    try {
      return openTables(file)
    } catch (error) {
      if (!isDamaged(error)) throw error
      const aside = setAside(dirname(file), basename(file), Math.floor(wallMs()))
      log.error({ err: error, aside }, 'the damaged memory of what was noted was set aside')
      return openTables(file)
    }
  }

  return {
    add(marks) {
      const { db, put, openCount, prune } = tables
      return db
        .transaction(() => {
          if ((openCount.get() as number) + marks.length > MARKS_OPEN_MAX) return false
          for (const { key, branchKey, steadyMs, atMs, body } of marks) {
            put.run(key, branchKey, body.businessDate, steadyMs, atMs, JSON.stringify(body))
            prune.run(atMs - KEPT_MS)
          }
          return true
        })
        .immediate()
    },
    next(branchKeys, isPassedOver) {
      const passed = new Set<string>()
      for (const row of tables.waiting.iterate(JSON.stringify(branchKeys)) as IterableIterator<Row>) {
        const mark = markOf(row)
        if (isPassedOver(mark.key)) passed.add(mark.body.number)
        else if (!passed.has(mark.body.number)) return mark
      }
      return null
    },
    open(branchKeys, key) {
      const row = tables.open.get(JSON.stringify(branchKeys), key) as Row | undefined
      return row === undefined ? null : markOf(row)
    },
    set: (key, state, code = null) => void tables.set.run(state, code, key),
    withdraw: (key) => tables.withdraw.run(key).changes === 1,
    list: (branchKeys) => (tables.list.all(JSON.stringify(branchKeys)) as Row[]).map(markOf),
    lastSteadyMs: (branchKeys) => (tables.last.get(JSON.stringify(branchKeys)) as number | null) ?? 0,
    meetBranch(epoch, date) {
      const { db, getMeta, putMeta, tellAgain } = tables
      const known = getMeta.get(MET_KEY) as string | undefined
      if (known === epoch) return
      db.transaction(() => {
        if (known !== undefined) tellAgain.run(date)
        putMeta.run(MET_KEY, epoch)
      }).immediate()
    },
    close: () => void tables.db.close(),
  }
}
