import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { BRANCH_SIDE, filesIn, sealedNow } from '#shared/disk/testing/trace-sealed.ts'
import type { TicketId } from '#shared/domain/ids.ts'
import { openStore } from './store.ts'

const PHONE = '+2217799'
const NAME = 'Qanitzy'
const VISITS = 300
const LONG = 'x'.repeat(700)

let folder = ''
let file = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'smartqueue-seal-'))
  file = join(folder, 'branch.db')
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

/** Not in the order of their names, so that pages are split, and leave behind what has moved. */
const idOf = (visit: number): TicketId => `ticket-${String((visit * 7_919) % 10_007).padStart(5, '0')}` as TicketId

/** As a version before has kept it. @returns the connection, and with it the write-ahead log */
function writeInTheOpen(): Database.Database {
  openStore(file).close()
  const db = new Database(file)
  const note = db.prepare('insert into note (ticket_id, text, at_ms) values (?, ?, 1)')
  const said = db.prepare(
    `insert into customer_details (ticket_id, name, phone, consented_at_ms, consent_version, consent_language)
     values (?, ?, ?, 1, 1, 'fr')`,
  )
  for (let visit = 0; visit < VISITS; visit += 1) {
    note.run(idOf(visit), `${LONG} call ${PHONE}${visit}`)
    said.run(idOf(visit), `${NAME} ${visit}`, `${PHONE}${visit}`)
  }
  db.exec('update side_travel set told_version = version, is_out = 1')
  return db
}

const inTheOpen = (): readonly string[] =>
  filesIn(folder)
    .filter(({ bytes }) => [PHONE, NAME].some((text) => bytes.includes(text)))
    .map(({ name }) => name)

test('what a version before has left in the open is sealed at the first start, and in no file any more', () => {
  const db = writeInTheOpen()
  db.close()
  expect(inTheOpen()).toEqual(['branch.db'])
  const store = openStore(file)
  try {
    expect(inTheOpen()).toEqual([])
    expect(sealedNow(file, BRANCH_SIDE, [PHONE]).length).toBe(VISITS * 4)
    expect(store.notes.find(idOf(7))).toEqual({ text: `${LONG} call ${PHONE}7`, atMs: 1 })
    expect(store.details.find(idOf(7))).toMatchObject({ name: `${NAME} 7`, phone: `${PHONE}7` })
    // The cloud was told of all of it, and nothing of it has changed.
    expect(store.side.untold(1)).toEqual([])
    expect(store.side.held('', VISITS + 1).length).toBe(VISITS)
    // What comes and goes from now on is counted as before.
    store.notes.erase(idOf(7))
    expect(store.side.untold(2).map(({ ticketId }) => ticketId)).toEqual([idOf(7)])
  } finally {
    store.close()
  }
})

test('a write-ahead log in which it stands is cut off, too', () => {
  const db = writeInTheOpen()
  try {
    expect(inTheOpen()).toContain('branch.db-wal')
    const store = openStore(file)
    expect(inTheOpen()).toEqual([])
    store.close()
  } finally {
    db.close()
  }
})

test('a database without the key of its box says nothing of anybody, and ages like any other', () => {
  const elsewhere = join(folder, 'another-box')
  mkdirSync(elsewhere)
  const first = openStore(file)
  first.notes.put(idOf(1), `call ${PHONE}`, 1 as never)
  first.close()
  const store = openStore(file, elsewhere)
  try {
    expect(store.notes.find(idOf(1))).toBeNull()
    expect(store.side.held('', 2).length).toBe(1)
    store.notes.eraseOld((31 * 24 * 3_600_000) as never)
    expect(store.side.held('', 2).length).toBe(0)
  } finally {
    store.close()
  }
})
