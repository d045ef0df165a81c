// An older copy of the data folder is put back while devices remember what it has lost; or a copy goes on elsewhere.
// The server begins a new epoch before its next ticket, once, and no number on paper is given again.
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { CHECKOUT, plantedCopy } from '../plants/plant.ts'
import { noJump } from '../plants/storage.ts'
import { type BranchHere, MORNING_MS, openHere, type Paper, setUp } from './branch-here.ts'
import { random } from './clients.ts'
import { installerToken, isServer, pairDevice, type Server, startServer } from './server.ts'

const REWINDS = 25
const HOUR_MS = 3_600_000

let root = ''
let folder = ''
let old = ''
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'power-rewind-'))
  folder = join(root, 'data')
  old = join(root, 'old')
  mkdirSync(folder)
})
afterEach(() => rmSync(root, { recursive: true, force: true }))

function putBack(): void {
  rmSync(folder, { recursive: true })
  cpSync(old, folder, { recursive: true })
}

async function issueMany(branch: BranchHere, count: number, draw = Math.random): Promise<readonly Paper[]> {
  const papers: Paper[] = []
  for (let each = 0; each < count; each += 1) papers.push(await branch.issue(draw() < 0.3 ? 'loans' : 'cash'))
  return papers
}

const shown = ({ number, businessDate }: Paper): string => `${number} of ${businessDate}`
const repeated = (before: readonly Paper[], after: readonly Paper[]): readonly string[] => {
  const known = new Set(before.map(shown))
  return after.map(shown).filter((paper) => known.has(paper))
}
const epochOf = ({ waist }: BranchHere): string => waist.branch().head.epoch

/** A branch copied after some tickets; then more were given, which exist only on paper and with the devices. */
async function lostTail(kept: number, lost: number, hours = 0, draw = Math.random) {
  const before = openHere(folder, MORNING_MS)
  await setUp(before)
  const papers = [...(await issueMany(before, kept, draw))]
  before.close()
  cpSync(folder, old, { recursive: true })
  const tail = openHere(folder, MORNING_MS + hours * HOUR_MS)
  const early = tail.bookmark()
  papers.push(...(await issueMany(tail, Math.floor(lost / 2), draw)))
  const middle = tail.bookmark()
  papers.push(...(await issueMany(tail, Math.ceil(lost / 2), draw)))
  const late = tail.bookmark()
  tail.close()
  putBack()
  return { papers, early, middle, late, againMs: MORNING_MS + (hours + 1) * HOUR_MS }
}

describe('an older copy of the whole folder', () => {
  test('gives no number again once a device has shown its bookmark, however much was lost', async () => {
    for (let round = 0; round < REWINDS; round += 1) {
      const draw = random(round)
      const { papers, late, againMs } = await lostTail(
        1 + Math.floor(draw() * 30),
        1 + Math.floor(draw() * 130),
        0,
        draw,
      )
      const branch = openHere(folder, againMs)
      const epoch = epochOf(branch)
      await branch.waist.present(late)
      expect(epochOf(branch)).not.toBe(epoch)
      expect(repeated(papers, await issueMany(branch, 5)), `round ${round}`).toEqual([])
      expect(branch.check().fault).toBeNull()
      branch.close()
      rmSync(folder, { recursive: true })
      rmSync(old, { recursive: true })
      mkdirSync(folder)
    }
    console.info(`${REWINDS} rewinds, 0 numbers repeated`)
  })

  test('of the day before knows from the devices how far today had come', async () => {
    const { papers, early, late, againMs } = await lostTail(20, 120, 24)
    const branch = openHere(folder, againMs)
    // The first device saw nothing of today; the second did, and comes when the epoch has begun already.
    await branch.waist.present(early)
    await branch.waist.present(late)
    expect(repeated(papers, await issueMany(branch, 10))).toEqual([])
    branch.close()
  })

  test('begins one epoch, however many devices show the same lost tail', async () => {
    const { middle, late, againMs } = await lostTail(10, 60)
    const branch = openHere(folder, againMs)
    const epochs = new Set([epochOf(branch)])
    for (const presented of [late, middle, late, late, middle]) {
      await branch.waist.present(presented)
      epochs.add(epochOf(branch))
    }
    expect(epochs.size).toBe(2)
    await issueMany(branch, 3)
    await branch.waist.present(late)
    epochs.add(epochOf(branch))
    expect(epochs.size).toBe(2)
    branch.close()
  })
})

test('an older database alone, under a newer second copy, is seen without any device', async () => {
  const before = openHere(folder, MORNING_MS)
  await setUp(before)
  const papers = [...(await issueMany(before, 10))]
  before.close()
  cpSync(join(folder, 'branch.db'), join(root, 'branch.db'))
  const tail = openHere(folder, MORNING_MS)
  papers.push(...(await issueMany(tail, 150)))
  tail.close()
  cpSync(join(root, 'branch.db'), join(folder, 'branch.db'))
  const branch = openHere(folder, MORNING_MS + HOUR_MS)
  expect(repeated(papers, await issueMany(branch, 20))).toEqual([])
  branch.close()
})

test('a database that is gone is begun anew above the numbers of its second copy', async () => {
  const before = openHere(folder, MORNING_MS)
  const devices = await setUp(before)
  const papers = await issueMany(before, 160)
  before.close()
  rmSync(join(folder, 'branch.db'))
  const branch = openHere(folder, MORNING_MS + HOUR_MS)
  expect(repeated(papers, await issueMany(branch, 20))).toEqual([])
  expect(
    branch.waist
      .branch()
      .store.devices.all()
      .map(({ deviceId }) => deviceId),
  ).toEqual(devices)
  branch.close()
})

test('a copy that went on elsewhere is seen by the first device of the other', async () => {
  const before = openHere(folder, MORNING_MS)
  await setUp(before)
  await issueMany(before, 5)
  before.close()
  cpSync(folder, old, { recursive: true })
  const [one, other] = [openHere(folder, MORNING_MS + HOUR_MS), openHere(old, MORNING_MS + HOUR_MS)]
  const papers = await issueMany(one, 7)
  await issueMany(other, 7)
  const epoch = epochOf(other)
  await other.waist.present(one.bookmark())
  expect(epochOf(other)).not.toBe(epoch)
  expect(repeated(papers, await issueMany(other, 5))).toEqual([])
  one.close()
  other.close()
})

test('without its jump a new epoch gives numbers again: a device that knows none relies on it', async () => {
  const { papers, late, againMs } = await lostTail(10, 40)
  cpSync(folder, old, { recursive: true })
  const gives = async (open: typeof openHere): Promise<readonly string[]> => {
    const branch = open(folder, againMs)
    await branch.waist.present({ ...late, seen: null })
    const again = repeated(papers, await issueMany(branch, 5))
    branch.close()
    putBack()
    return again
  }
  expect(await gives(openHere)).toEqual([])
  const planted = plantedCopy(join(root, 'no-jump'), [noJump])
  const here = (await import(join(planted, 'e2e/power/branch-here.ts'))) as typeof import('./branch-here.ts')
  expect(await gives(here.openHere)).not.toEqual([])
})

/** A server with a kiosk, on a folder that is there or is made. */
async function serve(): Promise<Server> {
  const started = await startServer({ folder })
  if (!isServer(started)) throw new Error(started.errors)
  return started
}

test('over HTTP a ticket is refused until the bookmark that is ahead has been shown', async () => {
  const bank = JSON.parse(readFileSync(join(CHECKOUT, 'tools/demo/bank.json'), 'utf8')) as object
  const first = await serve()
  const installer = installerToken(folder)
  await first.ask(installer, 'PUT', '/catalogue', { ...bank, agents: [] })
  const kiosk = await pairDevice(first, installer, 'kiosk', 'Kiosk')
  const issue = (server: Server, headers = {}) => server.ask(kiosk, 'POST', '/tickets', { serviceId: 'cash' }, headers)
  expect((await issue(first)).json['number']).toBe('A001')
  await first.program.cut()
  cpSync(folder, old, { recursive: true })

  const second = await serve()
  for (let count = 0; count < 3; count += 1) await issue(second)
  const { json } = await second.ask(kiosk, 'GET', '/snapshot')
  const { epoch, seq, headHash } = json as { epoch: string; seq: number; headHash: string }
  await second.program.cut()
  putBack()

  const third = await serve()
  const header = { 'x-smartqueue-bookmark': `${epoch};${seq};${headHash}` }
  expect((await issue(third, header)).json['code']).toBe('BookmarkAhead')
  const date = (await third.ask(kiosk, 'GET', '/tickets')).text.match(/"businessDate":"([^"]+)"/)?.[1]
  const seen = { date, lastOrdinals: [['A', 4]] }
  const shownIt = await third.ask(kiosk, 'POST', '/feed-tickets', { bookmark: { epoch, seq, headHash, seen } })
  expect(shownIt.status, shownIt.text).toBe(201)
  expect((await issue(third, header)).json['number']).toBe('A055')
  expect(readdirSync(folder)).not.toContain('set-aside')
  await third.program.cut()
})
