// The power goes, or the disk fills up, while `npm run branch -- restore` is at work, as the real program on the faulty
// disk. The folder is what it was, or holds the whole new branch; never a part. Then the same command works.
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, truncateSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { builtProgram } from '../plants/built-program.ts'
import { CHECKOUT, plantedCopy } from '../plants/plant.ts'
import { oldMovedAwayFirst } from '../plants/storage.ts'
import { openHere } from './branch-here.ts'
import { type Exit, startUnderShim } from './program.ts'
import { drill } from './restore-drill.ts'
import { COMPILED } from './run-branch.ts'
import { countOperations, type FaultPlan, type KillOrder, restoreDurable, UNTIL_DISARMED } from './shim.ts'

/** Every so many operations; POWER_STRIDE=1 meets all of them. */
const STRIDE = Number(process.env['POWER_STRIDE'] ?? 60)
const WHENS = ['before', 'after', 'torn'] as const

let root = ''
let cases = 0
beforeAll(async () => {
  root = mkdtempSync(join(tmpdir(), 'power-restore-faults-'))
  // A kiosk that knew a branch, a backup of it, and what is left on the branch's own disk: a file that cannot be opened.
  await drill(root, 'host', 7, false)
  mkdirSync(join(root, 'old'))
  for (const name of ['branch.db', 'settings.json']) cpSync(join(root, 'dead', name), join(root, 'old', name))
  truncateSync(join(root, 'old', 'branch.db'), 4096 * 3 + 100)
})
afterAll(() => rmSync(root, { recursive: true, force: true }))

interface Case {
  readonly own: string
  readonly plan: FaultPlan & { readonly durable: string; readonly control: string }
}

function newCase(): Case {
  cases += 1
  const own = join(root, `case-${cases}`)
  const folder = join(own, 'data')
  cpSync(join(root, 'old'), folder, { recursive: true })
  return { own, plan: { folder, durable: join(own, 'durable'), control: join(own, 'control') } }
}

async function restore(
  { folder }: FaultPlan,
  plan: Partial<FaultPlan> | null,
  programRoot = CHECKOUT,
): Promise<Exit & { readonly said: string }> {
  const words = [await builtProgram(programRoot, 'branch-server/main.ts'), 'restore', '--from', join(root, 'kiosk')]
  const environment = { PATH: process.env['PATH'], NODE_COMPILE_CACHE: COMPILED, BRANCH_DATA_DIR: folder }
  const own = join(folder, '..', 'unwatched')
  mkdirSync(own, { recursive: true })
  const program = startUnderShim(words, { folder: own, ...plan }, environment)
  const exit = await program.ended
  return { ...exit, said: program.lines.join('\n') + program.errors }
}

/** What is in the folder: the old file as it was, or a whole new one, perhaps still waiting for its place. */
function stateOf(folder: string): 'old' | 'new' | 'between' {
  const [now, then] = [join(folder, 'branch.db'), join(root, 'old', 'branch.db')]
  if (existsSync(join(folder, 'branch-salvaged.db'))) return 'new'
  if (existsSync(now)) return readFileSync(now).equals(readFileSync(then)) ? 'old' : 'new'
  return 'between'
}

/** Whatever happened: the command once more, then a start, and nobody's number is given again. */
async function expectGoesOn({ plan: { folder } }: Case): Promise<void> {
  const before = stateOf(folder)
  expect(before).not.toBe('between')
  const again = await restore({ folder }, null)
  if (before === 'old') expect(again.code, again.said).toBe(0)
  else expect(again.said).toMatch(/holds a (living database already|restored database that waits for a start)/)
  const branch = openHere(folder, Date.now() as Parameters<typeof openHere>[1])
  try {
    expect(branch.check().fault).toBeNull()
    const { state } = branch.waist.branch()
    expect(state.tickets.size).toBeGreaterThan(0)
    const { number } = await branch.issue('cash')
    expect(Number(number.slice(1))).toBeGreaterThan(50)
  } finally {
    branch.close()
  }
  expect(existsSync(join(folder, 'restoring'))).toBe(false)
}

async function cutAt(kill: KillOrder, programRoot = CHECKOUT): Promise<boolean> {
  const here = newCase()
  const { signal } = await restore(here.plan, { ...here.plan, kill }, programRoot)
  restoreDurable(here.plan.durable, here.plan.folder)
  await expectGoesOn(here)
  rmSync(here.own, { recursive: true })
  return signal === 'SIGKILL'
}

test('the power goes at any operation of a restore', async () => {
  let cuts = 0
  for (let at = 1 + Math.floor(Math.random() * STRIDE), isCut = true; isCut; at += STRIDE) {
    isCut = await cutAt({ at, when: WHENS[cuts % WHENS.length] ?? 'before' })
    if (isCut) cuts += 1
  }
  console.info(`${cuts} cuts of a restore`)
  expect(cuts).toBeGreaterThan(3)
})

test('the disk fills up at any operation of a restore: one sentence, the old folder, and it works once there is room', async () => {
  let met = 0
  for (let at = 1 + Math.floor(Math.random() * STRIDE); ; at += STRIDE) {
    const here = newCase()
    const fail = { errno: 'ENOSPC', kinds: ['write', 'create'], at, count: UNTIL_DISARMED } as const
    const { code, said } = await restore(here.plan, { ...here.plan, fail })
    const { failed } = countOperations(here.plan.control)
    restoreDurable(here.plan.durable, here.plan.folder)
    if (code !== 0) {
      expect(said.trim().split('\n'), said).toHaveLength(1)
      expect(code).toBe(2)
    }
    await expectGoesOn(here)
    rmSync(here.own, { recursive: true })
    if (failed === 0) break
    met += 1
  }
  console.info(`${met} full disks during a restore`)
  expect(met).toBeGreaterThan(2)
})

test('an old file that is moved away before the new one has a name is seen', async () => {
  const copy = plantedCopy(join(root, 'planted'), oldMovedAwayFirst)
  const here = newCase()
  const counted = await restore(here.plan, here.plan, copy)
  expect(counted.code, counted.said).toBe(0)
  const { total } = countOperations(here.plan.control)
  const seen = async (): Promise<void> => {
    for (let at = total; at > 0; at -= 2) await cutAt({ at, when: 'before' }, copy)
  }
  await expect(seen()).rejects.toThrow('between')
})
