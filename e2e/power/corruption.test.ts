// Bytes at rest rot: one after the other, every kind of page of the database is damaged. The branch must issue again
// with nobody on site, know its devices, give no number twice, and keep the damaged file for a person to look at.
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type BranchHere, callOne, MORNING_MS, openHere, type Paper, setUp } from './branch-here.ts'
import { random } from './clients.ts'

const TICKETS = 400
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

/** Writes bytes over a file without asking anybody. */
function overwrite(file: string, at: number, bytes: Uint8Array): void {
  writeSync(openSync(file, 'r+'), bytes, 0, bytes.length, at)
}

interface Page {
  readonly name: string
  readonly kind: string
  readonly number: number
}

function pagesOf(file: string): readonly Page[] {
  const db = new Database(file, { readonly: true })
  const pages = db
    .prepare('select name, pagetype as kind, pageno as number from dbstat where pageno > 1')
    .all() as Page[]
  const free = readFileSync(file).readUInt32BE(32)
  db.close()
  return [...pages, { name: 'free', kind: 'trunk', number: free }]
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

const noise = (length: number, draw: () => number): Uint8Array =>
  Uint8Array.from({ length }, () => Math.floor(draw() * 256))

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
    const draw = random(7)
    const failures: string[] = []
    for (const [kind, pages] of kinds) {
      const chosen = new Set([pages[0], pages.at(-1), pages[Math.floor(pages.length / 2)]])
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
