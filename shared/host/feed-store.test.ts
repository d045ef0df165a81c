import { existsSync, mkdtempSync, readdirSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { bank } from '../domain/testing/bank.ts'
import { BrokenFeedError, EVENTS_KEPT_MAX, type FeedStore, openFeedStore } from './feed-store.ts'
import { tellLog } from './testing/told-log.ts'

let folder = ''
let file = ''
const opened: FeedStore[] = []
const said: string[] = []
const log = { info: () => {}, warn: () => {}, error: (_details: object, message: string) => void said.push(message) }

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'smartqueue-feed-'))
  file = join(folder, 'feed.db')
  said.length = 0
})
afterEach(() => {
  for (const store of opened.splice(0)) store.close()
  rmSync(folder, { recursive: true, force: true })
})

function open(): FeedStore {
  const store = openFeedStore(file, { wallMs: () => 1_000 }, log)
  opened.push(store)
  return store
}

/** As after a power cut or a restart: what is on the disk, and nothing else. */
function openAgain(): FeedStore {
  opened.pop()?.close()
  return open()
}

test('a device that is new knows nothing, and says so', () => {
  const store = open()
  expect([store.seen(), store.snapshot(), store.after(0)]).toEqual([null, null, null])
  expect(() => store.append('{}')).toThrow(BrokenFeedError)
})

test('after a restart a device goes on from the very event it had last', () => {
  const told = tellLog()
  const store = open()
  store.begin(told.snapshot)
  const texts = told.issues(7)
  for (const text of texts) store.append(text)
  const before = store.seen()

  const again = openAgain()

  expect(again.seen()?.bookmark).toEqual(before?.bookmark)
  expect(JSON.stringify(again.snapshot())).toBe(JSON.stringify(told.now()))
  expect(again.after(told.snapshot.seq)).toEqual(texts)
  expect(again.after(told.snapshot.seq + 5)).toEqual(texts.slice(5))
  again.append(told.issues(1)[0] ?? '')
  expect(again.seen()?.state.tickets.size).toBe(8)
})

test('an event that leaves one out, comes twice, or has other bytes before it changes nothing', () => {
  const told = tellLog()
  const store = open()
  store.begin(told.snapshot)
  const [first = '', second = '', third = ''] = told.issues(3)
  store.append(first)
  const before = store.seen()?.bookmark
  const forged = JSON.stringify({ ...JSON.parse(second), prev: 'f'.repeat(64) })
  const foreign = JSON.stringify({ ...JSON.parse(second), epoch: 'another' })
  for (const text of [third, first, forged, foreign]) expect(() => store.append(text)).toThrow(BrokenFeedError)
  expect(store.seen()?.bookmark).toEqual(before)
  expect(openAgain().seen()?.bookmark).toEqual(before)
})

test('a snapshot of another epoch takes the place of everything before it', () => {
  const store = open()
  const old = tellLog()
  store.begin(old.snapshot)
  for (const text of old.issues(4)) store.append(text)
  const fresh = { ...tellLog().snapshot, epoch: 'the-next' as never, seq: 1 as never }
  store.begin(fresh)
  expect(store.after(1)).toEqual([])
  expect(store.after(0)).toBeNull()
  expect(openAgain().seen()?.bookmark).toMatchObject({ epoch: 'the-next', seq: 1 })
})

test('an event that speaks of a catalogue is folded only once that catalogue is here', () => {
  const told = tellLog()
  const store = open()
  store.begin(told.snapshot)
  const { text, version } = told.publishes()
  expect(() => store.append(text)).toThrow(BrokenFeedError)
  store.keepCatalogue(version, bank)
  store.append(text)
  expect(openAgain().seen()?.state.catalogue?.version).toBe(version)
})

test('a catalogue that nothing in a snapshot speaks of any more is not kept', () => {
  const told = tellLog()
  const store = open()
  store.begin(told.snapshot)
  store.keepCatalogue(77, bank)
  store.append(told.issues(1)[0] ?? '')
  store.begin(told.now())
  opened.pop()?.close()
  const db = new Database(file)
  expect(db.prepare('select version from catalogue').pluck().all()).toEqual([1])
  db.close()
})

test('when as many events are kept as a cold boot may take, they become one snapshot', () => {
  const told = tellLog()
  const store = open()
  store.begin(told.snapshot)
  const texts = told.issues(EVENTS_KEPT_MAX + 3)
  for (const text of texts) store.append(text)

  expect(store.after(told.snapshot.seq)).toBeNull()
  expect(store.after(told.now().seq - 2)).toEqual(texts.slice(-2))
  expect(store.after(told.now().seq - 3)).toBeNull()
  const again = openAgain()
  expect(JSON.stringify(again.snapshot())).toBe(JSON.stringify(told.now()))
  expect(again.after(told.now().seq - 2)).toEqual(texts.slice(-2))
})

test('a kept event that no longer reads is dropped with all behind it, and folding goes on from there', () => {
  const told = tellLog()
  const store = open()
  store.begin(told.snapshot)
  const texts = told.issues(6)
  for (const text of texts) store.append(text)
  opened.pop()?.close()
  const db = new Database(file)
  db.prepare('update event set body = ? where seq = ?').run('{"half', told.snapshot.seq + 4)
  db.close()

  const again = open()
  expect(again.seen()?.bookmark.seq).toBe(told.snapshot.seq + 3)
  for (const text of texts.slice(3)) again.append(text)
  expect(JSON.stringify(again.snapshot())).toBe(JSON.stringify(told.now()))
})

const DAMAGES: readonly [string, (db: string) => void][] = [
  ['is no database at all', (db) => writeFileSync(db, 'x'.repeat(9_000))],
  ['is cut off in the middle', (db) => truncateSync(db, 5_000)],
  [
    'lacks a table',
    (db) => {
      const sqlite = new Database(db)
      sqlite.exec('drop table event')
      sqlite.close()
    },
  ],
]

for (const [damage, doDamage] of DAMAGES)
  test(`a file that ${damage} is set aside, and the device starts afresh from the branch`, () => {
    const told = tellLog()
    open().begin(told.snapshot)
    for (const text of told.issues(30)) opened.at(-1)?.append(text)
    opened.pop()?.close()
    doDamage(file)

    const store = open()

    expect(store.seen()).toBeNull()
    expect(said).toEqual(['the damaged copy of the feed was set aside'])
    expect(readdirSync(join(folder, 'set-aside')).length).toBe(1)
    store.begin(told.now())
    store.append(told.issues(1)[0] ?? '')
    expect(openAgain().seen()?.state.tickets.size).toBe(31)
  })

test('a device that goes to another branch forgets the one before', () => {
  const store = open()
  store.begin(tellLog().snapshot)
  store.setMeta('contact', 'then')
  store.forget()
  expect(openAgain().seen()).toBeNull()
  expect(opened.at(-1)?.meta('contact')).toBeNull()
  expect(existsSync(join(folder, 'set-aside'))).toBe(false)
})

describe('the kept log', () => {
  const keeping = (logKeptMax?: number): FeedStore => {
    const options = { keepsLog: true, ...(logKeptMax === undefined ? {} : { logKeptMax }) }
    const store = openFeedStore(file, { wallMs: () => 1_000 }, log, options)
    opened.push(store)
    return store
  }
  function keptRows(sql: string): readonly unknown[] {
    const db = new Database(file, { readonly: true })
    const rows = db.prepare(sql).pluck().all()
    db.close()
    return rows
  }
  const keptTexts = (): readonly unknown[] => keptRows('select body from kept_event order by place')

  test('of a kiosk or caller outlives every snapshot, byte for byte, and says where folding may begin', () => {
    const told = tellLog()
    const store = keeping()
    store.begin(told.snapshot)
    const texts = told.issues(EVENTS_KEPT_MAX + 3)
    for (const text of texts) store.append(text)
    expect(store.after(told.snapshot.seq)).toBeNull()
    expect(keptTexts()).toEqual(texts)
    expect(keptRows('select place from kept_start order by start')).toEqual([1, EVENTS_KEPT_MAX + 2])
  })

  test('of an epoch that has ended stays beside the next', () => {
    const store = keeping()
    const old = tellLog()
    store.begin(old.snapshot)
    const before = old.issues(4)
    for (const text of before) store.append(text)
    store.begin({ ...tellLog().snapshot, epoch: 'the-next' as never })
    expect(keptTexts()).toEqual(before)
    expect(keptRows('select place from kept_start order by start')).toEqual([1, 5])
  })

  test('holds no more than it may: the oldest go, a few with each that comes', () => {
    const told = tellLog()
    const all = keeping()
    all.begin(told.snapshot)
    const texts = told.issues(60)
    for (const text of texts.slice(0, 40)) all.append(text)
    opened.pop()?.close()
    const store = keeping(10)
    store.append(texts[40] ?? '')
    expect(keptTexts()).toHaveLength(41 - 4)
    for (const text of texts.slice(41)) store.append(text)
    expect(keptTexts()).toEqual(texts.slice(-10))
  })

  test('is not read by a cold boot: what is broken in it keeps nobody from starting', () => {
    const told = tellLog()
    keeping().begin(told.snapshot)
    const texts = told.issues(9)
    for (const text of texts) opened.at(-1)?.append(text)
    opened.pop()?.close()
    const db = new Database(file)
    db.exec("update kept_event set body = 'nonsense'; update kept_start set body = 'nonsense'")
    db.close()
    expect(JSON.stringify(keeping().snapshot())).toBe(JSON.stringify(told.now()))
  })

  test('is not kept by a display, and not taken along to another branch', () => {
    const told = tellLog()
    open().begin(told.snapshot)
    const [first = '', second = ''] = told.issues(2)
    opened.at(-1)?.append(first)
    expect([...keptTexts(), ...keptRows('select body from kept_start')]).toEqual([])
    opened.pop()?.close()
    const kiosk = keeping()
    kiosk.append(second)
    expect(keptTexts()).toEqual([second])
    kiosk.forget()
    expect(keptTexts()).toEqual([])
  })
})

describe('a byte of the kept feed that changed on the disk', () => {
  /** @returns what the device would show the branch after a start */
  function bookmarkAfter(alter: (db: Database.Database, firstSeq: number) => void) {
    const told = tellLog()
    const store = open()
    store.begin(told.snapshot)
    for (const text of told.issues(6)) store.append(text)
    opened.pop()?.close()
    const db = new Database(file)
    alter(db, told.snapshot.seq)
    db.close()
    return { first: told.snapshot.seq, bookmark: open().seen()?.bookmark ?? null }
  }
  const otherNumber = (db: Database.Database, seq: number): void =>
    void db.prepare(`update event set body = replace(body, '"A00', '"A17') where seq = ?`).run(seq)

  test('in the last event is not shown to the branch as something it has lost', () => {
    const { first, bookmark } = bookmarkAfter((db, seq) => otherNumber(db, seq + 6))
    expect(bookmark?.seq).toBe(first + 5)
    expect(said).toEqual([])
  })

  test('in one before it takes along whatever came after', () => {
    const { first, bookmark } = bookmarkAfter((db, seq) => otherNumber(db, seq + 3))
    expect(bookmark?.seq).toBe(first + 2)
  })

  test('in the place of the snapshot makes the device start afresh', () => {
    const { bookmark } = bookmarkAfter((db) => {
      db.exec(`update snapshot set body = json_set(body, '$.headHash', '${'a'.repeat(64)}'); delete from event`)
    })
    expect(bookmark).toBeNull()
  })

  test('is not looked for in a file of the version before, which wrote no seal', () => {
    const { first, bookmark } = bookmarkAfter((db) => db.exec("delete from meta where key = 'head'"))
    expect(bookmark?.seq).toBe(first + 6)
  })
})
