// The third and the sixth migration lay rows differently; nobody who asks may notice, the version before included.
import { copyFileSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { migrate } from '#shared/disk/migrate.ts'
import type { BusinessDate, DeviceId, Epoch, EventSeq, TicketNumber } from '#shared/domain/ids.ts'
import { ANSWER_KEPT_MS } from './answers.ts'
import { openStore } from './store.ts'

const FIRST = '0001-log.sql'
const KIOSK = 'kiosk-1' as DeviceId

let folder = ''
let file = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'less-to-flush-'))
  file = join(folder, 'branch.db')
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const insertAnswer = `insert or replace into answer (device_id, key, request_hash, status, body, ticket_id, at_ms)
  values (?, ?, ?, ?, ?, ?, ?)`
const insertTicket = `insert into ticket (ticket_id, business_date, number, service_id, status, issued_at_ms, service_ms, retained, body)
  values (?, '2026-11-23', ?, 'service-1', 'waiting', 0, 0, 1, ?)`

/** A file as the first version left it. */
function fileOfTheFirstVersion(): void {
  const migrations = join(folder, 'migrations')
  mkdirSync(migrations)
  copyFileSync(new URL(`./migrations/${FIRST}`, import.meta.url), join(migrations, FIRST))
  const db = new Database(file)
  migrate(db, migrations)
  for (const [key, atMs] of [
    ['later', 2_000],
    ['earlier', 1_000],
  ])
    db.prepare(insertAnswer).run(KIOSK, key, 'hash', 201, `{"of":"${key}"}`, null, atMs)
  for (const number of ['A001', 'B001', 'A1001'])
    db.prepare(insertTicket).run(`id-${number}`, number, JSON.stringify({ number }))
  db.prepare("insert into epoch (epoch) values ('an-epoch')").run()
  for (const seq of [2, 1, 3]) db.prepare('insert into event values (1, ?, ?)').run(seq, `{"seq":${seq}}`)
  db.close()
}

test('events of an older file are read on in their order, and a place in the log is taken once', () => {
  fileOfTheFirstVersion()
  const store = openStore(file)
  const epoch = 'an-epoch' as Epoch
  expect(store.log.after(epoch, 1).map(({ body }) => body)).toEqual(['{"seq":2}', '{"seq":3}'])
  store.log.append([{ epoch, seq: 4 as EventSeq, body: '{"seq":4}' }])
  expect([...store.log.bodies(epoch)]).toEqual([1, 2, 3, 4].map((seq) => `{"seq":${seq}}`))
  expect(() => store.log.append([{ epoch, seq: 4 as EventSeq, body: 'again' }])).toThrow(/UNIQUE/)
  store.close()
})

test('answers that are a day old are forgotten, the oldest first, and no other', () => {
  fileOfTheFirstVersion()
  const store = openStore(file)
  store.answers.put([], ANSWER_KEPT_MS + 1_500)
  expect(store.answers.find(KIOSK, 'earlier')).toBeNull()
  expect(store.answers.find(KIOSK, 'later')?.status).toBe(201)
  store.close()
})

test('an answer given by a clock that was ahead is old a day after the clock was set right, and so are those after it', () => {
  const answer = { deviceId: KIOSK, requestHash: 'hash', status: 201, body: '{}', ticketId: null }
  const store = openStore(file)
  store.answers.put([{ ...answer, key: 'ahead' }], 1_000 * ANSWER_KEPT_MS)
  store.answers.put([{ ...answer, key: 'right' }], 1_000)
  expect(store.answers.find(KIOSK, 'ahead')?.status).toBe(201)
  store.answers.put([], ANSWER_KEPT_MS + 2_000)
  expect(store.answers.find(KIOSK, 'ahead')).toBeNull()
  expect(store.answers.find(KIOSK, 'right')).toBeNull()
  store.close()
})

test('answers and numbers of an older file are found again', () => {
  fileOfTheFirstVersion()
  const store = openStore(file)
  expect(store.answers.find(KIOSK, 'earlier')?.body).toBe('{"of":"earlier"}')
  expect(store.answers.find(KIOSK, 'later')?.body).toBe('{"of":"later"}')
  expect(store.answers.find('kiosk-2' as DeviceId, 'later')).toBeNull()
  const holder = (number: string) => store.tickets.holderOf('2026-11-23' as BusinessDate, number as TicketNumber)
  expect(holder('A1001')).toEqual({ number: 'A1001' })
  expect(holder('B001')).toEqual({ number: 'B001' })
  expect(holder('B1001')).toBeNull()
  store.close()
})

test('one number of a date, and one answer of a key, are kept once, as before', () => {
  fileOfTheFirstVersion()
  openStore(file).close()
  const db = new Database(file)
  expect(() => db.prepare(insertTicket).run('id-other', 'A001', '{}')).toThrow(/UNIQUE/)
  db.prepare(insertAnswer).run(KIOSK, 'later', 'hash', 201, 'again', null, 3_000)
  expect(db.prepare('select body from answer where key = ?').pluck().all('later')).toEqual(['again'])
  db.close()
})

test('the version before asks, answers and forgets in the file as it did', () => {
  fileOfTheFirstVersion()
  openStore(file).close()
  const db = new Database(file)
  db.prepare(insertAnswer).run(KIOSK, 'new', 'hash', 201, '{}', null, 3_000)
  const forgotten = db
    .prepare(
      `delete from answer where (device_id, key) in
       (select device_id, key from answer where at_ms < ? order by at_ms limit 256)`,
    )
    .run(2_500)
  expect(forgotten.changes).toBe(2)
  expect(db.prepare('select status from answer where device_id = ? and key = ?').pluck().get(KIOSK, 'new')).toBe(201)
  const holder = db.prepare('select ticket_id from ticket where business_date = ? and number = ?').pluck()
  expect(holder.get('2026-11-23', 'B001')).toBe('id-B001')
  db.close()
})
