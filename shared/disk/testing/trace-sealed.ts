import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { openSideBox } from '../side-box.ts'

/** A row that is longer than its page has its head in one place and its end in another. */
const END_BYTES = 28

/** A table with `ticket_id` and `sealed`, and what its rows are sealed with beside the ticket. */
export type SealedTable = readonly [table: string, owner: string]

export const BRANCH_SIDE: readonly SealedTable[] = [
  ['note', 'note'],
  ['customer_details', 'details'],
]

/** Each file under a folder, by its name within it, with its bytes. */
export const filesIn = (folder: string): readonly { readonly name: string; readonly bytes: Buffer }[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name))
    .map((file) => ({ name: file.slice(folder.length + 1), bytes: readFileSync(file) }))

/** What is sealed now and tells one of these texts to who has the key, as its bytes lie. */
export function sealedNow(file: string, tables: readonly SealedTable[], texts: readonly string[]): readonly Buffer[] {
  const box = openSideBox(join(file, '..'))
  const db = new Database(file, { readonly: true })
  try {
    return tables.flatMap(([table, owner]) =>
      db
        .prepare<[], { ticket_id: string; sealed: Buffer }>(
          `select ticket_id, sealed from ${table} where sealed is not null`,
        )
        .all()
        .filter(({ ticket_id: ticketId, sealed }) => {
          const said = JSON.stringify(box.open(`${owner} ${ticketId}`, sealed))
          return texts.some((text) => said.includes(text))
        })
        .flatMap(({ sealed }) => [sealed.subarray(0, END_BYTES), sealed.subarray(-END_BYTES)]),
    )
  } finally {
    db.close()
  }
}

/**
 * Remembers how what tells these texts lies sealed in a database, so that it is found wherever its bytes are left later.
 * @returns the files beside the database in which a text stands, in the clear or so that the key there opens it
 * @throws Error when nothing tells them now: what cannot be found was not erased either
 */
export function traceSealed(
  file: string,
  tables: readonly SealedTable[],
  texts: readonly string[],
): () => readonly string[] {
  const sealed = sealedNow(file, tables, texts)
  if (sealed.length === 0) throw new Error(`Nothing in ${file} tells ${texts.join(', ')}`)
  return () =>
    filesIn(join(file, '..'))
      .filter(({ bytes }) => [...texts, ...sealed].some((needle) => bytes.includes(needle)))
      .map(({ name }) => name)
}
