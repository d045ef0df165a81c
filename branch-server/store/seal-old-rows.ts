import type { Sqlite } from '#shared/disk/open.ts'
import type { SideBox } from '#shared/disk/side-box.ts'
import { forgetLog, wiping } from '#shared/disk/wiping.ts'
import { detailsOwner } from './customer-details.ts'
import { noteOwner } from './notes.ts'

type Row = Readonly<Record<string, unknown>>

interface SideTable {
  readonly name: string
  /** Which rows a version before has written. */
  readonly isClear: string
  sealed(row: Row, ticketId: string): Row
}

const sideTables = (box: SideBox): readonly SideTable[] => [
  {
    name: 'note',
    isClear: "text <> ''",
    sealed: (row, ticketId) => ({ ...row, text: '', sealed: box.seal(noteOwner(ticketId), row['text']) }),
  },
  {
    name: 'customer_details',
    isClear: 'name is not null or phone is not null',
    sealed({ name = null, phone = null, ...row }, ticketId) {
      return { ...row, name: null, phone: null, sealed: box.seal(detailsOwner(ticketId), { name, phone }) }
    },
  },
]

/**
 * Every page of the table is written anew: pages that were split may hold rows that have moved away from them. What the
 * cloud was told of them stays as it is, so the table's triggers are away meanwhile.
 */
function rewrite(db: Sqlite, { name, isClear, sealed }: SideTable): void {
  const triggers = db
    .prepare<[string], { name: string; sql: string }>(
      "select name, sql from sqlite_schema where type = 'trigger' and tbl_name = ?",
    )
    .all(name)
  const rows = db.prepare<[], Row>(`select *, ${isClear} as is_clear from ${name}`).all()
  for (const trigger of triggers) db.exec(`drop trigger ${trigger.name}`)
  db.exec(`delete from ${name}`)
  for (const { is_clear: isOfBefore, ...row } of rows) {
    const kept = isOfBefore === 1 ? sealed(row, String(row['ticket_id'])) : row
    const columns = Object.keys(kept)
    db.prepare(`insert into ${name} (${columns.join(', ')}) values (${columns.map(() => '?').join(', ')})`).run(
      ...Object.values(kept),
    )
  }
  for (const { sql } of triggers) db.exec(sql)
}

/** Seals what a version before has left in the open, here or in a backup. @throws SqliteError */
export function sealOldRows(db: Sqlite, box: SideBox): void {
  const inTheOpen = sideTables(box).filter(
    ({ name, isClear }) => db.prepare(`select 1 from ${name} where ${isClear} limit 1`).get() !== undefined,
  )
  if (inTheOpen.length === 0) return
  const all = db.transaction(() => {
    for (const table of inTheOpen) rewrite(db, table)
  })
  wiping(db, () => all.immediate())
  forgetLog(db)
}
