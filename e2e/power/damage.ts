// Ways to spoil a database behind SQLite's back.
import { closeSync, openSync, readFileSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'

/** Writes bytes over a file without asking anybody. */
export function overwrite(file: string, at: number, bytes: Uint8Array): void {
  const handle = openSync(file, 'r+')
  writeSync(handle, bytes, 0, bytes.length, at)
  closeSync(handle)
}

export interface Page {
  readonly name: string
  readonly kind: string
  readonly number: number
}

export function pagesOf(file: string): readonly Page[] {
  const db = new Database(file, { readonly: true })
  const pages = db
    .prepare('select name, pagetype as kind, pageno as number from dbstat where pageno > 1')
    .all() as Page[]
  const free = readFileSync(file).readUInt32BE(32)
  db.close()
  return [...pages, { name: 'free', kind: 'trunk', number: free }]
}

export const noise = (length: number, draw: () => number): Uint8Array =>
  Uint8Array.from({ length }, () => Math.floor(draw() * 256))

/** Changes one letter of a stored text, and nothing that SQLite would notice. */
export function forge(folder: string, sql: string): void {
  const db = new Database(join(folder, 'branch.db'))
  const { changes } = db.prepare(sql).run()
  db.close()
  if (changes === 0) throw new Error(`Nothing was changed by ${sql}`)
}
