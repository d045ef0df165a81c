// A start meets every fault there is: at the first boot, while the file is brought up to date, while a damaged one is
// salvaged. Whatever happened, the next start works, and nothing that was promised before is lost.
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { CHECKOUT, plantedCopy } from '../plants/plant.ts'
import { MORNING_MS } from './branch-here.ts'
import { AILMENTS, type Ailment, everyFault, STRIDE } from './every-fault.ts'
import type { Ack, Report } from './reports.ts'
import { type Life, runBranch } from './run-branch.ts'
import { isServer, startServer } from './server.ts'
import { countOperations, type KillOrder, restoreDurable } from './shim.ts'

const NOTHING = { acks: [], unanswered: [] }
const LATER_MS = MORNING_MS + 3_600_000
const STRIDE_OF_MAIN = 2 * STRIDE
/** A start with a migration has few operations. */
const STRIDE_OF_MIGRATION = Math.ceil(STRIDE / 3)

let root = ''
let cases = 0
beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'power-boots-'))
})
afterAll(() => rmSync(root, { recursive: true, force: true }))

interface Case {
  readonly own: string
  readonly folder: string
  readonly durable: string
  readonly control: string
}

function newCase(from?: string): Case {
  cases += 1
  const own = join(root, `case-${cases}`)
  const folder = join(own, 'data')
  mkdirSync(own)
  if (from === undefined) mkdirSync(folder)
  else cpSync(from, folder, { recursive: true })
  return { own, folder, durable: join(own, 'durable'), control: join(own, 'control') }
}

const orders = (wallMs: number, turns = 0) => ({ seed: 1, turns, clients: 3, wallMs })
const acksOf = (reports: readonly Report[]): Ack[] =>
  reports.flatMap((report) => (report.at === 'answered' && report.status < 500 ? [report] : []))
const isTicket = ({ act, status }: Ack): boolean =>
  act.kind === 'command' && act.command.type === 'IssueTicket' && status === 201
const numberOf = ({ body }: Ack): string => String((JSON.parse(body) as { number: string }).number)

/** The next start, without a fault, knows everything that was said and goes on issuing numbers nobody has. */
async function expectGoesOn({ own, folder }: Case, acks: readonly Ack[], programRoot = CHECKOUT): Promise<Life> {
  const life = await runBranch(own, orders(LATER_MS, 12), { acks, unanswered: [] }, { folder }, programRoot)
  expect(life.code, life.errors).toBe(0)
  const proved = life.reports.find((report) => report.at === 'proved')
  expect(proved).toMatchObject({ missing: [], doubled: [], fault: null })
  const numbers = new Set([...acks, ...acksOf(life.reports)].filter(isTicket).map(numberOf))
  const tickets = new Set([...acks, ...acksOf(life.reports)].filter(isTicket).map(({ act }) => act.key))
  expect(numbers.size).toBe(tickets.size)
  return life
}

const named = AILMENTS.map((ailment): [string, Ailment] => [ailment.errno, ailment])

describe.each(named)('a disk that fails once with %s at any operation', (errno, ailment) => {
  test.concurrent('of the first boot spoils no later one', async () => {
    const met = await everyFault(
      ailment,
      async (fail) => {
        const here = newCase()
        const { durable, control, folder } = here
        const life = await runBranch(here.own, orders(MORNING_MS, 3), NOTHING, { folder, durable, control, fail })
        const { failed } = countOperations(control)
        restoreDurable(durable, folder)
        await expectGoesOn(here, acksOf(life.reports))
        rmSync(here.own, { recursive: true })
        return failed
      },
      STRIDE,
    )
    console.info(`${errno}: ${met} operations of a first boot`)
    expect(met).toBeGreaterThan(5)
  })

  test.concurrent('of the first boot is said in one sentence, and the exit code is 2', async () => {
    await everyFault(
      ailment,
      async (fail) => {
        const { folder, control } = newCase()
        const started = await startServer({ folder, control, fail })
        if (isServer(started)) await started.program.cut()
        else {
          expect(started.code, started.errors).toBe(2)
          expect(started.errors.trim().split('\n')).toHaveLength(1)
        }
        return countOperations(control).failed
      },
      STRIDE_OF_MAIN,
    )
  })

  test.concurrent('of a migration leaves the old version or the new one', async () => {
    const copy = plantedCopy(join(root, `next-${errno}`), [])
    const migrations = join(copy, 'branch-server/store/migrations')
    const present = Math.max(...readdirSync(migrations).map((name) => Number(name.slice(0, 4))))
    const next = present + 1
    writeFileSync(join(migrations, `${String(next).padStart(4, '0')}-next.sql`), NEXT_VERSION)
    const before = newCase()
    const first = await runBranch(before.own, orders(MORNING_MS, 20), NOTHING, { folder: before.folder })
    const acks = acksOf(first.reports)
    const met = await everyFault(
      ailment,
      async (fail) => {
        const here = newCase(before.folder)
        const { durable, control, folder } = here
        await runBranch(here.own, orders(LATER_MS), NOTHING, { folder, durable, control, fail }, copy)
        const { failed } = countOperations(control)
        restoreDurable(durable, folder)
        const db = new Database(join(folder, 'branch.db'))
        const version = db.pragma('user_version', { simple: true })
        const has = db.prepare("select count(*) from pragma_table_info('ticket') where name = 'colour'").pluck().get()
        db.close()
        expect([version, has]).toEqual(version === next ? [next, 1] : [present, 0])
        await expectGoesOn(here, acks, version === next ? CHECKOUT : copy)
        rmSync(here.own, { recursive: true })
        return failed
      },
      STRIDE_OF_MIGRATION,
    )
    console.info(`${errno}: ${met} operations of a start with a migration`)
  })
})

const NEXT_VERSION = `
alter table ticket add column colour text;
create table colour (colour text primary key) strict, without rowid;
insert into colour select 'colour ' || seq from event limit 50;
`

/** A branch that has served, and whose file is then damaged beyond opening. */
async function damagedBranch(): Promise<{ from: string; acks: readonly Ack[] }> {
  const { own, folder } = newCase()
  const { reports } = await runBranch(own, orders(MORNING_MS, 60), NOTHING, { folder })
  truncateSync(join(folder, 'branch.db'), 4096 * 6)
  return { from: folder, acks: acksOf(reports) }
}

/** Whatever was cut or failed: the branch issues, no number comes twice, and the damaged file lies aside. */
async function expectSalvaged(here: Case, acks: readonly Ack[]): Promise<void> {
  const life = await runBranch(here.own, orders(LATER_MS, 12), NOTHING, { folder: here.folder })
  expect(life.code, life.errors).toBe(0)
  const given = new Set(acks.filter(isTicket).map(numberOf))
  const fresh = acksOf(life.reports).filter(isTicket).map(numberOf)
  expect(fresh.length).toBeGreaterThan(0)
  expect(fresh.filter((number) => given.has(number))).toEqual([])
  const aside = readdirSync(join(here.folder, 'set-aside'), { recursive: true }).map(String)
  // A cut between two flushes of folders may leave it under both names, and it is then moved once more.
  expect(aside.filter((name) => name.endsWith('branch.db'))).not.toEqual([])
  expect(readdirSync(here.folder).filter((name) => name.startsWith('branch-salvag'))).toEqual([])
  const settings = JSON.parse(readFileSync(join(here.folder, 'settings.json'), 'utf8')) as { catalogue: object | null }
  expect(settings.catalogue).not.toBeNull()
}

describe('a salvage', () => {
  test.concurrent.each(named)('that meets %s at any operation is done by the next start', async (errno, ailment) => {
    const { from, acks } = await damagedBranch()
    const met = await everyFault(
      ailment,
      async (fail) => {
        const here = newCase(from)
        const { durable, control, folder } = here
        await runBranch(here.own, orders(LATER_MS), NOTHING, { folder, durable, control, fail })
        const { failed } = countOperations(control)
        restoreDurable(durable, folder)
        await expectSalvaged(here, acks)
        rmSync(here.own, { recursive: true })
        return failed
      },
      STRIDE,
    )
    console.info(`${errno}: ${met} operations of a start with a salvage`)
    expect(met).toBeGreaterThan(5)
  })

  test.concurrent.each(['power', 'kill'] as const)(
    'that is cut at any operation (%s) is done by the next start',
    async (kind) => {
      const { from, acks } = await damagedBranch()
      let isCut = true
      let at = 1 + Math.floor(Math.random() * STRIDE)
      let cuts = 0
      for (; isCut; at += STRIDE) {
        const here = newCase(from)
        const { durable, folder } = here
        const kill: KillOrder = { at, when: kind === 'power' && cuts % 2 === 0 ? 'torn' : 'before' }
        const plan = kind === 'power' ? { folder, durable, kill } : { folder, kill }
        const life = await runBranch(here.own, orders(LATER_MS), NOTHING, plan)
        isCut = life.signal === 'SIGKILL'
        if (isCut) cuts += 1
        if (kind === 'power') restoreDurable(durable, folder)
        await expectSalvaged(here, acks)
        rmSync(here.own, { recursive: true })
      }
      console.info(`${cuts} cuts of a start with a salvage (${kind})`)
      expect(cuts).toBeGreaterThan(5)
    },
  )
})
