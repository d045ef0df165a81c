import { cpSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import type { Config } from '../../branch-server/config.ts'
import { runCommand } from '../../branch-server/restore/run-command.ts'
import { openBankStory, type StoredStory } from '../../branch-server/testing/stored-story.ts'
import { INSTALLER_TOKEN, openTestBranch, type TestBranch } from '../../branch-server/testing/test-branch.ts'
import { type BranchIdentity, receive } from '../../cloud-sync/store/inbox.ts'
import { ticketsOf } from '../../cloud-sync/store/ticket-rows.ts'
import { cash } from '../../shared/domain/testing/bank.ts'
import { random } from '../power/clients.ts'
import { openTestCloud, type TestCloud } from './test-cloud.ts'
import { branchSide, cloudSide, epochsOf, sendCatalogues } from './told-story.ts'

/** Of a planted bug nobody waits for what will not come. */
const PATIENCE = { timeout: process.env['PLANTED'] === 'yes' ? 15_000 : 60_000, interval: 100 }
const SEED = 20_261_127
/** `CLONES=1000` is the long form. */
const CLONES = Number(process.env['CLONES'] ?? 3)

let cloud: TestCloud
let base = ''
beforeAll(async () => {
  cloud = await openTestCloud()
}, 120_000)
afterAll(() => cloud?.close())
beforeEach(() => {
  base = mkdtempSync(join(tmpdir(), 'smartqueue-holders-'))
})
afterEach(() => rmSync(base, { recursive: true, force: true }))

interface Histories {
  readonly epochs: readonly { readonly epoch: string; readonly setAsideAtMs: number | null; readonly lastSeq: number }[]
  readonly aside: readonly { readonly partId: string; readonly epoch: string; readonly eventCount: number }[]
}
const pathOf = ({ branchId }: BranchIdentity): string => `/branches/${branchId}/histories`
const histories = async (identity: BranchIdentity): Promise<Histories> =>
  (await cloud.asAdmin<Histories>('GET', pathOf(identity))).body

/** Every event that head office can read of a branch, of whichever box. */
async function readable(identity: BranchIdentity): Promise<ReadonlySet<string>> {
  const { epochs, aside } = await histories(identity)
  const paths = [...epochs.map(({ epoch }) => `/${epoch}/events`), ...aside.map(({ partId }) => `/aside/${partId}`)]
  const events: string[] = []
  for (const path of paths)
    events.push(...(await cloud.asAdmin<{ events: string[] }>('GET', pathOf(identity) + path)).body.events)
  return new Set(events)
}

let signedAtMs = Date.UTC(2026, 10, 29)

/** Brings what a story has and the cloud has not, as its branch would. @returns what became of the last upload */
async function bring(story: StoredStory, identity: BranchIdentity, acked: Map<string, number>): Promise<string> {
  const epochs = epochsOf(story)
  for (const [at, { epoch, events }] of epochs.entries()) {
    const isPast = at < epochs.length - 1
    const rest = events.slice(acked.get(epoch) ?? 0)
    if (rest.length === 0) continue
    signedAtMs += 1_000
    const { kind } = await receive(cloud.database, identity, epoch, rest, { signedAtMs, isPast })
    if (kind !== 'kept') return kind
    acked.set(epoch, events.length)
  }
  return 'kept'
}

test(`${CLONES} times a branch is copied and both begin an epoch: seen at the first upload that no single box can bring`, async () => {
  const next = random(SEED)
  const play = (story: StoredStory, count: number): void => {
    for (let played = 0; played < count; ) {
      const turn = story.turn([0, 1, 2, 3].map(() => Math.floor(next() * 1_000_000)) as never)
      if (turn.type === 'rewind') continue
      story.play(turn)
      played += 1
    }
    story.commit()
  }
  for (let clone = 0; clone < CLONES; clone += 1) {
    using story = openBankStory()
    using copy = openBankStory()
    play(story, 10 + Math.floor(next() * 30))
    const identity = await cloud.newBranch()
    await sendCatalogues(cloud.database, identity, story)
    const acked = new Map<string, number>()
    await bring(story, identity, acked)
    // The same disk, twice. One begins anew from it; the other, too, or goes on as it was.
    copy.takeOver(story.backup())
    if (next() < 0.5) story.beginEpoch()
    copy.beginEpoch()
    const [one, other] = next() < 0.5 ? [story, copy] : [copy, story]
    const boxes = [one, other].map((box) => ({ box, acked: new Map(acked) }))
    const answers: string[] = []
    for (let upload = 0; upload < 6 && answers.at(-1) !== 'fork'; upload += 1) {
      const at = boxes[upload % 2]
      if (at === undefined) throw new Error('There are two')
      const { seq } = at.box.state
      do play(at.box, 5)
      while (at.box.state.seq === seq)
      await sendCatalogues(cloud.database, identity, at.box)
      answers.push(await bring(at.box, identity, at.acked))
    }
    // One and the other, in turn: whoever came first goes on, and the second is refused at its second word.
    expect(answers.length, `clone ${clone}`).toBeLessThanOrEqual(4)
    expect(answers.at(-1), `clone ${clone}`).toBe('fork')
    const second = boxes[(answers.length - 1) % 2]?.box
    const first = second === one ? other : one
    expect(await cloudSide(cloud.database, identity)).toEqual(branchSide(first))
    const { epochs, aside } = await histories(identity)
    expect(epochs.filter(({ setAsideAtMs }) => setAsideAtMs !== null).length + aside.length).toBeGreaterThan(0)
    const all = await readable(identity)
    for (const { events } of [...epochsOf(story), ...epochsOf(copy)])
      for (const { body } of events) expect(all).toContain(body)
  }
}, 600_000)

const url = (): string => `http://127.0.0.1:${cloud.port}`
const stateOf = async ({ stranger }: TestBranch): Promise<string | undefined> =>
  (await stranger.get<{ cloud?: { state: string } }>('/api/v1/health')).body.cloud?.state
const comesTo = (branch: TestBranch, state: string): Promise<void> =>
  expect.poll(() => stateOf(branch), PATIENCE).toBe(state)

async function issue(branch: TestBranch, count: number): Promise<readonly string[]> {
  const kiosk = await branch.pair('kiosk', 'another kiosk')
  const numbers: string[] = []
  for (let each = 0; each < count; each += 1) {
    const { status, body } = await kiosk.issue(cash)
    expect(status).toBe(201)
    numbers.push(body.number)
  }
  return numbers
}

const livingHere = ({ running }: TestBranch): readonly string[] =>
  [...running.waist.branch().state.tickets.keys()].toSorted()
const livingThere = async (identity: BranchIdentity): Promise<readonly string[]> =>
  (await ticketsOf(cloud.database, identity))
    .filter(({ ticket }) => ticket.phase.status === 'waiting')
    .map(({ ticket }) => ticket.facts.ticketId)
    .toSorted()

/** Both know of nothing that is under way. */
const isAlike = (branch: TestBranch, identity: BranchIdentity): Promise<void> =>
  expect.poll(() => livingThere(identity), PATIENCE).toEqual(livingHere(branch))

test('a branch whose disk is put back, without a kiosk that saw more, is the branch again by one command; a copy that lives is not', async () => {
  const identity = await cloud.newBranch()
  const older = join(base, 'older')
  const config = async (folder: string): Promise<Config> => ({
    ...{ host: '127.0.0.1', port: 0, folder, backupFolder: null, installerToken: INSTALLER_TOKEN },
    ...{ cloudUrl: url(), enrolmentCode: await cloud.newCode(identity) },
  })
  await using branch = await openTestBranch({ cloud: { url: url(), code: identity.code }, logLevel: 'fatal' })
  const papers = [...(await issue(branch, 5))]
  await comesTo(branch, 'up to date')
  await branch.running.close()
  cpSync(branch.folder, older, { recursive: true })
  await branch.start()
  papers.push(...(await issue(branch, 5)))
  await isAlike(branch, identity)
  const believed = await cloud.logOf(identity)
  // Its disk is put back, and nobody has told it: it gives numbers, which the cloud knows as somebody else's.
  await branch.running.close()
  const living = join(base, 'living')
  cpSync(branch.folder, living, { recursive: true })
  rmSync(branch.folder, { recursive: true })
  cpSync(older, branch.folder, { recursive: true })
  await branch.start()
  await issue(branch, 4)
  await comesTo(branch, 'forked')
  await branch.running.close()

  const sentence = await runCommand(['take-place'], await config(branch.folder), branch.clock)
  expect(sentence).toContain('this box is the branch')
  await branch.start()
  const after = await issue(branch, 3)
  for (const number of after) expect(papers).not.toContain(number)
  await comesTo(branch, 'up to date')
  await isAlike(branch, identity)
  expect(await cloud.logOf(identity)).toEqual(expect.arrayContaining([...believed]))

  // The disk that was taken out, in another box: it was the branch, and is no more.
  await using copy = await openTestBranch({
    ...{ cloud: { url: url(), code: null }, folder: living, catalogue: null, clock: branch.clock, logLevel: 'fatal' },
  })
  await issue(copy, 2)
  await comesTo(copy, 'forked')
  await issue(branch, 1)
  await comesTo(branch, 'up to date')
  await isAlike(branch, identity)
  const all = await readable(identity)
  for (const { running } of [branch, copy]) {
    const { log } = running.waist.branch().store
    for (const epoch of log.epochs()) for (const body of log.bodies(epoch)) expect(all).toContain(body)
  }
  await expect(runCommand(['take-place'], await config(join(base, 'nothing')), branch.clock)).rejects.toThrow(
    'holds no branch',
  )
}, 240_000)
