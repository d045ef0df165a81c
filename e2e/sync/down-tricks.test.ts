import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { sentBank } from '../../branch-server/testing/bank-catalogue.ts'
import { openTestBranch, type TestBranch } from '../../branch-server/testing/test-branch.ts'
import { publishCatalogue, sendMessage } from '../../cloud-sync/store/down.ts'
import { addSigningBranch, type SigningBranch } from '../../cloud-sync/testing/signing-branch.ts'
import { asAdministrator } from '../../cloud-sync/testing/test-database.ts'
import type { CatalogueBody } from '../../shared/wire/catalogue-body.ts'
import { random } from '../power/clients.ts'
import { type Answer, type FollowedLine, honest, openFollowedLine, type Trick } from './followed-line.ts'
import { openTestCloud, type TestCloud } from './test-cloud.ts'
import { openVirtualTime, type VirtualTime } from './virtual-time.ts'

const SEED = 20_261_127
const LIVE_MS = 5
/** Of a planted bug nobody waits for what will not come: all that comes after all comes within twenty minutes. */
const HOUR_MS = process.env['PLANTED'] === 'yes' ? 1_200_000 : 3_600_000
/** The least between two requests for what comes down. */
const GAP_MS = 1_000
const REQUESTS = 25

let cloud: TestCloud
let branch: TestBranch
let as: SigningBranch
let time: VirtualTime
let line: FollowedLine
/** Of each catalogue that was ever in force, every name that stands in it. */
let inForce: string[][]
beforeAll(async () => {
  cloud = await openTestCloud(undefined, LIVE_MS)
}, 120_000)
afterAll(() => cloud?.close())
beforeEach(async () => {
  branch = await openTestBranch({ logLevel: 'fatal' })
  as = await addSigningBranch(cloud.database, () => Date.now())
  time = openVirtualTime(Date.now())
  line = await openFollowedLine(cloud, branch, as, time, SEED)
  inForce = []
  branch.running.waist.onCommit((_, events) => {
    if (events.some(({ type }) => type === 'CatalogueApplied')) inForce.push(namesNow())
  })
})
afterEach(async () => {
  await line.close()
  time.end()
  await branch[Symbol.asyncDispose]()
})

/** A catalogue that has one name in all its parts, so that half of one is seen. */
const named = (name: string): CatalogueBody =>
  ({
    ...sentBank,
    branch: { ...sentBank.branch, name },
    services: sentBank.services.map((service) => ({ ...service, name: { fr: name } })),
    agents: sentBank.agents.map(({ id, role, skills }) => ({ id, role, skills, name })),
  }) as unknown as CatalogueBody

function namesNow(): string[] {
  const body = branch.running.waist.branch().state.catalogue?.body
  const names = [body?.branch.name, ...(body?.services ?? []).map(({ name }) => name['fr'])]
  return [...new Set([...names, ...(body?.agents ?? []).map(({ name }) => name)])].map(String)
}

const publish = async (number: number, to = as): Promise<void> => {
  await time.during(() =>
    cloud.database.asTenant(to.tenantId, (db) =>
      publishCatalogue(db, to, named(`v${number}`), new Map(), time.nowMs()),
    ),
  )
}
const isInForce = (number: number): Promise<boolean> => time.until(() => namesNow()[0] === `v${number}`, HOUR_MS)

/** Lets so many requests go by. */
async function let_(requests: number): Promise<void> {
  const goal = line.askedAtMs.length + requests
  expect(await time.until(() => line.askedAtMs.length >= goal, 30 * HOUR_MS)).toBe(true)
}

const next = random(SEED)
const one = <It>(all: readonly It[]): It | undefined => all[Math.floor(next() * all.length)]
const refetch = (handle: string): Answer => ({
  status: 409,
  headers: { 'content-type': 'application/json', ...(handle !== '' && { 'electric-handle': handle }) },
  text: '[{"headers":{"control":"must-refetch"}}]',
})

/** What another branch of the same tenant is told, signed by the same key. */
let theirs: Answer | null = null

const tricks: Readonly<Record<string, Trick>> = {
  'tells what another branch is told': (answer) => theirs ?? answer,
  'replays what it heard before': (answer, recorded) => one(recorded) ?? answer,
  'begins anew for ever, each time as another': () => refetch(`handle-${next()}`),
  'begins anew for ever, always as the same': () => refetch('handle'),
  'begins anew for ever, as nobody': () => refetch(''),
  'cuts the text': (answer) => ({ ...answer, text: answer.text.slice(0, Math.floor(next() * answer.text.length)) }),
  'cuts the line': () => null,
  'is not well': (answer) => ({ ...answer, status: 500 }),
  'has a page of its own': (answer) => ({
    ...answer,
    headers: { 'content-type': 'text/html' },
    text: '<p>Sign in</p>',
  }),
  'takes the headers away': (answer) => ({ ...answer, headers: { 'content-type': 'application/json' } }),
  'changes a name': (answer) => ({ ...answer, text: answer.text.replaceAll(/v\d+/g, 'v999') }),
  'leaves rows out': (answer) => {
    const messages = answer.status === 200 ? (JSON.parse(answer.text) as object[]) : []
    return { ...answer, text: JSON.stringify(messages.filter((message) => !('key' in message) || next() < 0.5)) }
  },
}

test('whatever somebody between them answers, a branch has a whole catalogue, none older, and asks once a second', async () => {
  const other = await addSigningBranch(cloud.database, () => Date.now(), as)
  // Newer than ours: by its number alone it would be taken.
  for (const number of [500, 501, 502]) await publish(number, other)
  await publish(1)
  expect(await isInForce(1)).toBe(true)
  const path = '/api/v1/sync/shape?table=catalogue&offset=-1'
  const told = await fetch(`http://127.0.0.1:${cloud.port}${path}`, {
    headers: { authorization: other.authorization('GET', path) },
  })
  theirs = { status: told.status, headers: Object.fromEntries(told.headers), text: await told.text() }
  let version = 1
  for (const [name, trick] of Object.entries(tricks)) {
    version += 1
    line.trick = trick
    await publish(version)
    await let_(REQUESTS)
    line.trick = honest
    version += 1
    await publish(version)
    expect([name, await isInForce(version)]).toEqual([name, true])
  }
  const numbers = inForce.map(([name = '']) => Number(name.slice(1)))
  expect(inForce.filter((names) => names.length !== 1)).toEqual([])
  expect(numbers).toEqual(numbers.toSorted((a, b) => a - b))
  expect(new Set(numbers).size).toBe(numbers.length)
  const gaps = line.askedAtMs.slice(1).map((atMs, index) => atMs - (line.askedAtMs[index] ?? 0))
  expect(Math.min(...gaps)).toBeGreaterThanOrEqual(GAP_MS)
}, 120_000)

test('a catalogue that is cut at any byte is no catalogue', async () => {
  await publish(1)
  expect(await isInForce(1)).toBe(true)
  await publish(2)
  let length = 0
  let at = 0
  line.trick = (answer) => {
    if (!answer.text.includes('v2')) return answer
    length = answer.text.length
    at = Math.max(at + 1, Math.min(at < 40 ? 0 : at + 211, length - 40))
    return { ...answer, text: answer.text.slice(0, at) }
  }
  expect(await time.until(() => length > 0 && at >= length - 1, 1_000 * HOUR_MS)).toBe(true)
  expect(namesNow()).toEqual(['v1'])
  line.trick = honest
  expect(await isInForce(2)).toBe(true)
}, 120_000)

test('a box whose place another has taken does not ask all the time, and does not take it for a new beginning', async () => {
  await let_(2)
  line.trick = () => ({ status: 409, headers: {}, text: JSON.stringify({ code: 'LogForked', status: 409 }) })
  await let_(2)
  const fromMs = time.nowMs()
  await let_(4)
  expect(time.nowMs() - fromMs).toBeGreaterThanOrEqual(HOUR_MS / 6)
}, 60_000)

test('each message is done once, in its place, whatever somebody between them leaves out or tells twice', async () => {
  const wanted: (number | null)[] = []
  async function send(): Promise<void> {
    const minutes = wanted.length + 1
    wanted.push(minutes)
    const message = { type: 'ShowMessage', messageId: 'delay', minutes } as const
    const sent = { nowMs: time.nowMs(), validMs: 1_000 * HOUR_MS }
    expect(
      await time.during(() => cloud.database.asTenant(as.tenantId, (db) => sendMessage(db, as, message, sent))),
    ).toBe(minutes)
  }
  for (const [name, trick] of Object.entries(tricks)) {
    line.trick = trick
    for (let count = 0; count < 3; count += 1) {
      await send()
      await let_(4)
    }
    line.trick = honest
    // That the last one was left out is known by the next.
    await send()
    expect([name, await time.until(() => shown().length === wanted.length, HOUR_MS)]).toEqual([name, true])
  }
  expect(shown()).toEqual(wanted)
  const acked = () => branch.running.waist.branch().store.cloud.receipts().length === 0
  expect(await time.until(acked, HOUR_MS)).toBe(true)
}, 120_000)

function shown(): readonly (number | null)[] {
  const { log } = branch.running.waist.branch().store
  return log
    .epochs()
    .flatMap((epoch) => [...log.bodies(epoch)])
    .map((body) => JSON.parse(body) as { type: string; minutes: number | null; actor: { kind: string } })
    .filter(({ type, actor }) => type === 'MessageShown' && actor.kind === 'cloud')
    .map(({ minutes }) => minutes)
}

/** The cloud's rows are those of a copy that was made after the first of each. */
const putBack = () =>
  time.during(() =>
    asAdministrator(cloud.administratorUrl, async (client) => {
      await client.query('set search_path to smartqueue')
      // No trigger sees it: nothing that happened since is known there.
      await client.query('set session_replication_role = replica')
      for (const [table, after] of Object.entries({
        ...{ catalogue: 'version > 1', inbox: 'number > 1', inbox_receipt: 'number > 1', shape_log: 'key > 1' },
      }))
        await client.query(`delete from ${table} where branch_id = $1 and ${after}`, [as.branchId])
      await client.query('delete from shape_floor where branch_id = $1', [as.branchId])
    }),
  )

test('a cloud that was put back to an older copy counts on from what its branch has done, once it has heard of it', async () => {
  const show = (minutes: number) => {
    const message = { type: 'ShowMessage', messageId: 'delay', minutes } as const
    const sent = { nowMs: time.nowMs(), validMs: 1_000 * HOUR_MS }
    return time.during(() => cloud.database.asTenant(as.tenantId, (db) => sendMessage(db, as, message, sent)))
  }
  for (const number of [1, 2, 3]) {
    await publish(number)
    await show(number)
  }
  expect(await isInForce(3)).toBe(true)
  expect(await time.until(() => shown().length === 3, HOUR_MS)).toBe(true)
  await let_(4)
  expect(line.complaints).toEqual([])
  await putBack()
  await let_(4)
  await publish(1)
  expect(await show(44)).toBe(4)
  expect(await isInForce(1)).toBe(true)
  expect(await time.until(() => shown().length === 4, HOUR_MS)).toBe(true)
  expect(shown()).toEqual([1, 2, 3, 44])
  expect(line.complaints.join()).toContain('put back to an older copy')
}, 120_000)
