import { join } from 'node:path'
import Database from 'better-sqlite3'
import { expect, test } from 'vitest'
import { BRANCH_SIDE, traceSealed } from '#shared/disk/testing/trace-sealed.ts'
import { amadou, counter1 } from '#shared/domain/testing/bank.ts'
import { openTestBranch, type TestBranch } from '../testing/test-branch.ts'

const DAY = 24 * 3_600_000
const WORDS = 'Comes back on Friday with her passport'
/** Longer than what one page takes of a row. */
const LONG = `${'é'.repeat(900)} ${WORDS}`

const fileOf = (branch: TestBranch): string => join(branch.folder, 'branch.db')

/** The files in which the words stand now, sealed or not, wherever they are left later. */
const traced = (branch: TestBranch) => traceSealed(fileOf(branch), BRANCH_SIDE, [WORDS])

/** What is in the write-ahead log alone comes into the file. */
function checkpoint(branch: TestBranch): void {
  const db = new Database(fileOf(branch))
  db.pragma('wal_checkpoint(TRUNCATE)')
  db.close()
}

/** The same, of the file alone: in a row, or in what a row has left behind. */
function keepsTheWords(branch: TestBranch): () => boolean {
  const told = traced(branch)
  return () => {
    checkpoint(branch)
    return told().includes('branch.db')
  }
}

async function noted(branch: TestBranch) {
  const agent = await branch.staff(counter1, amadou)
  const { ticketId } = (await agent.issue('cash')).body
  const address = `/api/v1/tickets/${ticketId}/note`
  expect((await agent.post(address, { note: WORDS }, { 'idempotency-key': 'write' })).status).toBe(200)
  return { agent, address }
}

test('what was written about a visit is read by whoever serves next, and when it is erased it is gone', async () => {
  await using branch = await openTestBranch()
  const { agent, address } = await noted(branch)
  expect((await agent.get(address)).body).toMatchObject({ note: WORDS })
  const keeps = keepsTheWords(branch)
  expect(keeps()).toBe(true)
  expect((await agent.send('DELETE', address, undefined, { 'idempotency-key': 'erase' })).status).toBe(200)
  expect((await agent.get(address)).body).toMatchObject({ note: null })
  expect(keeps()).toBe(false)
})

test('of a long note nothing is left either, whether it is erased or written anew', async () => {
  await using branch = await openTestBranch()
  const { agent, address } = await noted(branch)
  for (const more of [() => agent.post(address, { note: 'x' }), () => agent.send('DELETE', address)]) {
    expect((await agent.post(address, { note: LONG })).status).toBe(200)
    const keeps = keepsTheWords(branch)
    expect(keeps()).toBe(true)
    expect((await more()).status).toBe(200)
    expect(keeps()).toBe(false)
  }
})

test('at a caller where nobody is signed in, notes are neither read nor written nor erased', async () => {
  await using branch = await openTestBranch()
  const { agent, address } = await noted(branch)
  const idle = await branch.pair('caller', 'a caller nobody uses')
  const refused = { status: 409, body: { code: 'NoCounterOpen' } }
  expect(await idle.get(address)).toMatchObject(refused)
  expect(await idle.post(address, { note: 'x' })).toMatchObject(refused)
  expect(await idle.send('DELETE', address)).toMatchObject(refused)
  expect((await agent.get(address)).body).toMatchObject({ note: WORDS })
})

test('what was erased, or written over, is in no file of the branch soon after', async () => {
  await using branch = await openTestBranch()
  const { agent, address } = await noted(branch)
  for (const more of [() => agent.post(address, { note: 'x' }), () => agent.send('DELETE', address)]) {
    await agent.post(address, { note: WORDS })
    const told = traced(branch)
    expect(told()).not.toEqual([])
    expect((await more()).status).toBe(200)
    await expect.poll(told, { timeout: 5_000 }).toEqual([])
  }
})

test('a note outlives a damaged file', async () => {
  await using branch = await openTestBranch()
  const { agent, address } = await noted(branch)
  await branch.running.waist.heal()
  expect((await agent.get(address)).body).toMatchObject({ note: WORDS })
})

test('a note does not outlive its thirty days, even if nobody writes another', async () => {
  await using branch = await openTestBranch()
  const { address } = await noted(branch)
  const keeps = keepsTheWords(branch)
  for (let days = 0; days < 32; days += 1) {
    branch.clock.pass(DAY)
    await branch.installer.post('/api/v1/intake/stop')
  }
  const agent = await branch.staff(counter1, amadou)
  expect((await agent.get(address)).body).toMatchObject({ note: null })
  expect(keeps()).toBe(false)
})
