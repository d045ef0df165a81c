// Bytes at rest rot: one after the other, every kind of page of the database is damaged. The branch must issue again
// with nobody on site, know its devices, give no number twice, and keep the damaged file for a person to look at.
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { isWalDamaged } from '#shared/disk/wal.ts'
import { plantedCopy } from '../plants/plant.ts'
import { headNotChecked } from '../plants/storage.ts'
import { type BranchHere, callOne, MORNING_MS, openHere, type Paper, setUp } from './branch-here.ts'
import { random } from './clients.ts'
import { forge, noise, overwrite, type Page, pagesOf } from './damage.ts'

const TICKETS = 400
/** The long form: POWER_STRIDE=1 damages the first, the middle and the last page of each kind in every way. */
const IS_LONG = process.env['POWER_STRIDE'] === '1'
/** Every so many bytes of the header. */
const HEADER_STRIDE = IS_LONG ? 1 : 3
const ISSUING_AGAIN_MS_MAX = 60_000
const LATER_MS = MORNING_MS + 3_600_000

let root = ''
let template = ''
const papers: Paper[] = []
let devices: readonly string[] = []
let cases = 0

async function makeTemplate(folder: string): Promise<void> {
  const branch = openHere(folder)
  devices = await setUp(branch)
  for (let edit = 0; edit < 40; edit += 1)
    await branch.act({
      kind: 'catalogue',
      key: `edit-${edit}`,
      origin: { kind: 'installer', deviceId: 'installer' as never },
      recallMax: 2,
    })
  for (let count = 0; count < TICKETS; count += 1) papers.push(await branch.issue(count % 3 === 0 ? 'loans' : 'cash'))
  await callOne(branch)
  branch.close()
  const db = new Database(join(folder, 'branch.db'))
  db.exec('create table gone (text); insert into gone select randomblob(2000) from event; drop table gone')
  db.pragma('wal_checkpoint(TRUNCATE)')
  db.close()
}

beforeAll(async () => {
  root = mkdtempSync(join(tmpdir(), 'power-corruption-'))
  template = join(root, 'template')
  mkdirSync(template)
  await makeTemplate(template)
})
afterAll(() => rmSync(root, { recursive: true, force: true }))

function copy(): string {
  cases += 1
  const folder = join(root, `case-${cases}`)
  cpSync(template, folder, { recursive: true })
  return folder
}

/** What must hold after any damage. @returns how it was noticed */
async function expectHealed(folder: string): Promise<string> {
  const startedMs = performance.now()
  let branch: BranchHere | null = null
  const asideFolder = join(folder, 'set-aside')
  let noticed = 'at the start'
  branch = openHere(folder, LATER_MS)
  const fresh = [await branch.issue(), await branch.issue('loans')]
  if (!existsSync(asideFolder)) {
    noticed = 'by the check'
    const { fault } = branch.check()
    if (fault === null) noticed = 'not at all'
    else await branch.waist.heal()
    fresh.push(await branch.issue(), await branch.issue('loans'))
  }
  expect(performance.now() - startedMs).toBeLessThan(ISSUING_AGAIN_MS_MAX)
  const given = new Set(papers.map(({ number, businessDate }) => `${number} ${businessDate}`))
  for (const { number, businessDate } of fresh) {
    expect(given, `${number} is given once`).not.toContain(`${number} ${businessDate}`)
    given.add(`${number} ${businessDate}`)
  }
  const known = branch.waist
    .branch()
    .store.devices.all()
    .map(({ deviceId }) => deviceId)
  expect(known).toEqual(expect.arrayContaining([...devices]))
  expect(branch.check().fault).toBeNull()
  if (noticed !== 'not at all') expect(readdirSync(asideFolder)).toHaveLength(1)
  branch.close()
  return noticed
}

/** Tickets of the truth that the state no longer holds as they were. */
function lostFrom(folder: string): number {
  const branch = openHere(folder, LATER_MS)
  const held = branch.waist.branch().state.tickets
  const lost = papers.filter(({ ticketId }) => !held.has(ticketId)).length
  branch.close()
  return lost
}

describe('a damaged page', () => {
  const ways: readonly [string, (file: string, start: number, draw: () => number) => void][] = [
    ['its kind changed', (file, start) => overwrite(file, start, Uint8Array.of(0x5a))],
    ['its cell count changed', (file, start) => overwrite(file, start + 3, Uint8Array.of(0x7f, 0xff))],
    ['its pointers changed', (file, start, draw) => overwrite(file, start + 8, noise(12, draw))],
    ['one byte in its middle changed', (file, start, draw) => overwrite(file, start + 2500, noise(1, draw))],
    ['one byte near its end changed', (file, start, draw) => overwrite(file, start + 4000, noise(1, draw))],
    ['noise all over it', (file, start, draw) => overwrite(file, start, noise(4096, draw))],
    ['nothing but zeros', (file, start) => overwrite(file, start, new Uint8Array(4096))],
  ]
  test.each(ways)('with %s is healed, whatever it held', async (_, damage) => {
    const seen = new Map<string, string[]>()
    const kinds = new Map<string, Page[]>()
    for (const page of pagesOf(join(template, 'branch.db'))) {
      const kind = `${page.name} ${page.kind}`
      kinds.set(kind, [...(kinds.get(kind) ?? []), page])
    }
    const draw = random(IS_LONG ? 7 : Date.now())
    const failures: string[] = []
    for (const [kind, pages] of kinds) {
      const three = [pages[0], pages.at(-1), pages[Math.floor(pages.length / 2)]]
      const chosen = IS_LONG ? new Set(three) : [three[Math.floor(draw() * three.length)]]
      for (const page of chosen) {
        if (page === undefined) continue
        const folder = copy()
        damage(join(folder, 'branch.db'), (page.number - 1) * 4096, draw)
        try {
          const noticed = await expectHealed(folder)
          const lost = lostFrom(folder)
          seen.set(noticed, [...(seen.get(noticed) ?? []), lost === 0 ? kind : `${kind} (${lost} tickets lost)`])
          rmSync(folder, { recursive: true })
        } catch (error) {
          failures.push(`${kind}, page ${page.number}, in ${folder}: ${String(error).slice(0, 300)}`)
        }
      }
    }
    expect(failures).toEqual([])
    for (const [noticed, list] of seen) console.info(`${_}: ${noticed}: ${list.join(', ')}`)
  })
})

describe('the header of the file', () => {
  test('damaged at any of its bytes is healed', async () => {
    const failures: string[] = []
    for (let at = Math.floor(Math.random() * HEADER_STRIDE); at < 108; at += HEADER_STRIDE) {
      const folder = copy()
      const file = join(folder, 'branch.db')
      overwrite(file, at, Uint8Array.of(readFileSync(file)[at] === 0xff ? 0 : (readFileSync(file)[at] ?? 0) ^ 0x55))
      try {
        await expectHealed(folder)
      } catch (error) {
        failures.push(`byte ${at}: ${String(error).slice(0, 200)}`)
      }
      rmSync(folder, { recursive: true })
    }
    expect(failures).toEqual([])
  })
})

/** A folder as a cut leaves it: everything in the write-ahead log, nothing carried over yet. */
async function withLog(): Promise<{ folder: string; wal: string; given: readonly Paper[] }> {
  const source = copy()
  const branch = openHere(source, LATER_MS)
  const given: Paper[] = []
  for (let count = 0; count < 60; count += 1) given.push(await branch.issue())
  const folder = join(root, `${cases}-cut`)
  cpSync(source, folder, { recursive: true })
  rmSync(join(folder, 'branch.db-shm'))
  branch.close()
  return { folder, wal: join(folder, 'branch.db-wal'), given }
}

describe('the write-ahead log', () => {
  test('damaged in a commit that others follow is not taken for its end', async () => {
    const { folder, wal, given } = await withLog()
    const { length } = readFileSync(wal)
    for (const part of [0.0001, 0.1, 0.3, 0.5, 0.8]) {
      const damaged = `${folder}-${part}`
      cpSync(folder, damaged, { recursive: true })
      overwrite(join(damaged, 'branch.db-wal'), Math.floor(length * part), Uint8Array.of(0xa5, 0x5a, 0xa5))
      const branch = openHere(damaged, LATER_MS)
      const fresh = [await branch.issue(), await branch.issue('loans')]
      const known = new Set([...papers, ...given].map(({ number }) => number))
      expect(fresh.filter(({ number }) => known.has(number))).toEqual([])
      expect(existsSync(join(damaged, 'set-aside'))).toBe(true)
      branch.close()
    }
  })

  test('that a power cut has torn is no damage', async () => {
    const { folder, wal } = await withLog()
    const log = readFileSync(wal)
    for (const lost of [1, 100, 4096, 5000]) {
      const torn = `${folder}-torn-${lost}`
      cpSync(folder, torn, { recursive: true })
      writeFileSync(join(torn, 'branch.db-wal'), log.subarray(0, log.length - lost))
      expect(isWalDamaged(join(torn, 'branch.db-wal'))).toBe(false)
      openHere(torn, LATER_MS).close()
      expect(existsSync(join(torn, 'set-aside'))).toBe(false)
    }
  })
})

const TICKET = "(select min(ticket_id) from ticket where retained = 1 and status = 'waiting')"
const forgeries: readonly [string, string][] = [
  ['an event in the middle', `update event set body = replace(body, '"kiosk"', '"kiosq"') where seq = 100`],
  [
    'the last event',
    "update event set body = replace(body, 'counter', 'kounter') where seq = (select max(seq) from event)",
  ],
  ['the first event', `update event set body = replace(body, 'first-boot', 'first-b00t') where seq = 1`],
  [
    'a ticket',
    `update ticket set body = replace(body, '"arrivedSteadyMs":', '"arrivedSteadyMs":1') where ticket_id = ${TICKET}`,
  ],
  ['the state beside the tickets', `update head set rest = replace(rest, '"accounts","K"', '"accounts","Q"')`],
  ['the catalogue', 'update catalogue set body = replace(body, \'"prefix":"A"\', \'"prefix":"Z"\') where version = 41'],
]

test.each(forgeries)('a byte that changed silently in %s is found and healed', async (_, sql) => {
  const folder = copy()
  forge(folder, sql)
  expect(await expectHealed(folder)).not.toBe('not at all')
  expect(lostFrom(folder)).toBe(0)
})

test('a second copy that is damaged is written again, and a branch with both damaged still issues', async () => {
  const folder = copy()
  const settings = join(folder, 'settings.json')
  writeFileSync(settings, readFileSync(settings, 'utf8').slice(0, 100))
  openHere(folder, LATER_MS).close()
  expect(JSON.parse(readFileSync(settings, 'utf8')).devices).toHaveLength(devices.length)
  writeFileSync(settings, 'nothing')
  const file = join(folder, 'branch.db')
  const events = pagesOf(file).filter(({ name, kind }) => name === 'event' && kind === 'leaf')
  for (const { number } of events.slice(0, 6)) overwrite(file, 4096 * (number - 1), new Uint8Array(4096))
  await expectHealed(folder)
})

test('a database that was deleted is begun anew, with its devices and above its numbers', async () => {
  const folder = copy()
  for (const end of ['', '-wal', '-shm']) rmSync(join(folder, `branch.db${end}`), { force: true })
  const branch = openHere(folder, LATER_MS)
  const fresh = [await branch.issue(), await branch.issue('loans')]
  expect(fresh.filter(({ number }) => papers.some((paper) => paper.number === number))).toEqual([])
  expect(branch.waist.branch().store.devices.all()).toHaveLength(devices.length)
  branch.close()
})

test('the head is what tells that the last event was changed: without that check nobody sees it', async () => {
  const planted = plantedCopy(join(root, 'head-not-checked'), [headNotChecked])
  const folder = copy()
  forge(folder, forgeries[1]?.[1] ?? '')
  const { openHere: openPlanted } = (await import(
    join(planted, 'e2e/power/branch-here.ts')
  )) as typeof import('./branch-here.ts')
  const branch = openPlanted(folder, LATER_MS)
  expect(existsSync(join(folder, 'set-aside'))).toBe(false)
  branch.close()
})
