// The disk of the branch server dies for good. What devices and backups have of it makes a branch again, and no number
// on paper is given a second time, whether a place had heard of it or not.
import { spawnSync } from 'node:child_process'
import { hash } from 'node:crypto'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { restoreBranch } from '../../branch-server/restore/restore-branch.ts'
import { PLAIN_FORM } from '../../shared/voice/voice-form.ts'
import { CHECKOUT, type Plant, plantedCopy } from '../plants/plant.ts'
import { noJump, restoreKeepsEpoch } from '../plants/storage.ts'
import { MORNING_MS, openHere } from './branch-here.ts'
import { type Drill, drill } from './restore-drill.ts'
import { COMPILED } from './run-branch.ts'

const DRILLS = Number(process.env['RESTORE_DRILLS'] ?? 12)
const KINDS = ['host', 'two hosts', 'backup', 'host and backup'] as const
const clocks = { wallMs: () => MORNING_MS + 3_600_000, monotonicMs: () => 0 }

let root = ''
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'power-restore-'))
})
afterEach(() => rmSync(root, { recursive: true, force: true }))

async function drillMany(count: number, play: typeof drill): Promise<readonly Drill[]> {
  const done: Drill[] = []
  for (let seed = 0; seed < count; seed += 1) {
    const folder = join(root, `drill-${seed}`)
    mkdirSync(folder)
    done.push(await play(folder, KINDS[seed % KINDS.length] ?? 'host', seed, seed % 5 === 4))
    rmSync(folder, { recursive: true })
  }
  return done
}

const isBad = (it: Drill): boolean =>
  it.repeated.length > 0 || it.lost.length > 0 || it.fault !== null || it.isSameEpoch

test('whatever a place has missed, no number comes twice and nobody who waits is lost', async () => {
  const done = await drillMany(DRILLS, drill)
  expect(done.filter(isBad)).toEqual([])
  const sum = (key: 'printedCount' | 'unknownCount'): number => done.reduce((total, it) => total + it[key], 0)
  expect(sum('unknownCount')).toBeGreaterThan(DRILLS)
  console.info(`${DRILLS} drills, ${sum('printedCount')} numbers on paper, ${sum('unknownCount')} known to no place`)
})

const plants: readonly Plant[] = [noJump, restoreKeepsEpoch]
test.each(plants)('“$name” is seen by the drills', async (plant) => {
  const copy = plantedCopy(join(root, 'planted'), [plant])
  const planted = (await import(join(copy, 'e2e/power/restore-drill.ts'))) as typeof import('./restore-drill.ts')
  // The whole file is checked before it takes its place: that, too, sees an epoch that was not begun.
  const seen = drillMany(4, planted.drill).then(
    (done) => done.some(({ repeated, isSameEpoch }) => repeated.length > 0 || isSameEpoch),
    (error: unknown) => /contradicts itself/.test(String(error)),
  )
  expect(await seen).toBe(true)
})

/** Every file of a folder, its bytes and its times; what SQLite lays beside an open file says nothing. */
const filesOf = (folder: string): readonly unknown[] =>
  readdirSync(folder)
    .filter((name) => !/-(wal|shm)$/.test(name) && statSync(join(folder, name)).isFile())
    .toSorted()
    .map((name) => [name, statSync(join(folder, name)).mtimeMs, hash('sha256', readFileSync(join(folder, name)))])

test('a place that holds nothing is told in a sentence, and leaves no branch behind', () => {
  const empty = join(root, 'empty')
  mkdirSync(empty)
  writeFileSync(join(root, 'text.db'), 'no database')
  const folder = join(root, 'new')
  for (const place of [empty, join(root, 'text.db'), join(root, 'nowhere')])
    expect(() => restoreBranch({ folder, places: [place], clocks })).toThrow(
      /^[^\n]*(nothing|Nothing|holds no)[^\n]*\.$/,
    )
  expect(existsSync(folder)).toBe(false)
})

test('a folder with a living branch is left alone, and a place is never changed', async () => {
  await drill(root, 'host', 1, false)
  const [kiosk, folder] = [join(root, 'kiosk'), join(root, 'new')]
  const [kioskBefore, branchBefore] = [filesOf(kiosk), filesOf(folder)]
  expect(() => restoreBranch({ folder, places: [kiosk], clocks })).toThrow(/living database/)
  expect(filesOf(folder)).toEqual(branchBefore)
  restoreBranch({ folder: join(root, 'another'), places: [kiosk], clocks })
  expect(filesOf(kiosk)).toEqual(kioskBefore)
})

test('a kiosk brings back the tickets and figures of days past, as far as its log reaches', async () => {
  await drill(root, 'host', 3, false)
  const [dead, again] = [openHere(join(root, 'dead')), openHere(join(root, 'new'))]
  const date = '2026-11-22'
  const rows = ({ waist }: typeof dead): string => JSON.stringify(waist.branch().store.shiftsOn(date as never))
  expect(rows(again)).toBe(rows(dead))
  const past = dead.waist.branch().store
  const kept = again.waist.branch().store
  expect(kept.tickets.holderOf(date as never, 'A001' as never)).toEqual(
    past.tickets.holderOf(date as never, 'A001' as never),
  )
  expect(kept.tickets.holderOf(date as never, 'A001' as never)).not.toBeNull()
  dead.close()
  again.close()
})

/** `npm run branch -- …` as a program. */
function branchProgram(words: readonly string[], more: Readonly<Record<string, string>>) {
  const program = join(CHECKOUT, 'branch-server/main.ts')
  const env = { PATH: process.env['PATH'], NODE_COMPILE_CACHE: COMPILED, ...more }
  const { status, stdout, stderr } = spawnSync(process.execPath, [program, ...words], { env, encoding: 'utf8' })
  return { status, said: (stdout + stderr).trim() }
}

test('the commands themselves: a restore, a drill of the newest backup, and a backup that is no good', async () => {
  await drill(root, 'host and backup', 5, false)
  const [folder, stick] = [join(root, 'by-command'), join(root, 'stick')]
  // What the nights have kept beside the backups comes back with them.
  mkdirSync(join(stick, 'voice-packs', 'wo'), { recursive: true })
  const pack = { tag: 'wo', name: 'Wolof', form: PLAIN_FORM, clips: [] }
  writeFileSync(join(stick, 'voice-packs', 'wo', 'pack.json'), JSON.stringify(pack))
  const restored = branchProgram(['restore', '--from', stick, '--from', join(root, 'kiosk')], {
    BRANCH_DATA_DIR: folder,
  })
  expect(restored).toMatchObject({ status: 0, said: expect.stringMatching(/^Restored from .* living tickets/) })
  expect(restored.said).toContain('Recorded voices that are back: wo.')
  expect(readFileSync(join(folder, 'voice', 'packs', 'wo', 'pack.json'), 'utf8')).toBe(JSON.stringify(pack))
  const [before, stickBefore] = [filesOf(folder), filesOf(stick)]
  const drilled = branchProgram(['drill'], { BRANCH_DATA_DIR: folder, BRANCH_BACKUP_DIR: stick })
  expect(drilled).toMatchObject({ status: 0, said: expect.stringMatching(/makes a whole branch again: \d+ event/) })
  expect([filesOf(folder), filesOf(stick)]).toEqual([before, stickBefore])
  // The newest is the one that is tried, and it is cut short.
  writeFileSync(join(stick, 'branch-2.db'), readFileSync(join(stick, 'branch-1.db')).subarray(0, 9_000))
  const failed = branchProgram(['drill'], { BRANCH_DATA_DIR: folder, BRANCH_BACKUP_DIR: stick })
  expect(failed.status).toBe(2)
  expect(failed.said.split('\n')).toHaveLength(1)
  expect(failed.said).toMatch(/branch-2\.db/)
})
