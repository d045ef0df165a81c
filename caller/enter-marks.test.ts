import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { Asking, BranchAnswer } from '#shared/host/branch-client.ts'
import { TROUBLES_MAX } from '#shared/host/passed-over.ts'
import type { TellingHost } from '#shared/host/tell-always.ts'
import { UnreachableError } from '#shared/host/unreachable.ts'
import { enterAlways } from './enter-marks.ts'
import { MARKS_OPEN_MAX, type MarkStore, type NewMark, openMarkStore } from './mark-store.ts'

const BRANCH = 'the-key-of-the-branch'
const log = { info() {}, warn() {}, error() {} }

let folder = ''
let store: MarkStore
const open = (): MarkStore => openMarkStore(join(folder, 'marks.db'), () => 1_000, log as never)
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'smartqueue-marks-'))
  store = open()
})
afterEach(() => {
  store.close()
  rmSync(folder, { recursive: true, force: true })
})

const mark = (key: string, number: string, more: Partial<NewMark> = {}): NewMark => ({
  ...{ key, branchKey: BRANCH, steadyMs: 5, atMs: 1_000 },
  body: { number, status: 'completed', businessDate: '2026-11-23' },
  ...more,
})
const states = (): readonly string[] => store.list([BRANCH]).map(({ key, state }) => `${key} ${state}`)

/** A branch of the test's making: it answers as it is told to, and remembers what it was asked. */
function branchThat(answer: (asking: Asking, count: number) => BranchAnswer) {
  const asked: Asking[] = []
  const host: TellingHost = {
    branchKeys: () => [BRANCH],
    pairing: () => ({ branchKey: BRANCH }) as never,
    status: () => ({ link: 'up', sinceMs: 0 }),
    onNews: () => () => {},
    store: { seen: () => ({ bookmark: { epoch: epoch.now }, state: { day: { date: '2026-11-23' } } }) as never },
    async ask(asking) {
      asked.push(asking as Asking)
      return answer(asking as Asking, asked.length)
    },
  }
  return { host, asked }
}
const epoch = { now: 'epoch-1' }
const done: BranchAnswer = { status: 200, body: '{}' }
const refusal = (code: string): BranchAnswer => ({ status: 409, body: JSON.stringify({ code }) })
const lost = (): never => {
  throw new UnreachableError('the line broke')
}

/** Enters until nothing happens any more; what is not settled then would be tried again in some seconds. */
async function enter(host: TellingHost): Promise<void> {
  const entering = enterAlways(host, store, log as never)
  entering.tryNow()
  await new Promise((resolve) => setTimeout(resolve, 20))
  entering.close()
}

/** As often as the timer would, without its pauses. */
async function enterInTurns(host: TellingHost, turns: number, afterEach = (): void => {}): Promise<void> {
  const entering = enterAlways(host, store, log as never)
  for (let turn = 0; turn < turns; turn += 1) {
    entering.tryNow()
    await new Promise((resolve) => setTimeout(resolve, 20))
    afterEach()
  }
  entering.close()
}

test('a mark whose answer was lost is kept, and sent again under the same key', async () => {
  store.add([mark('one', 'A001'), mark('two', 'A002')])
  const { host, asked } = branchThat((_, count) => (count === 1 ? lost() : done))
  await enter(host)
  expect(states()).toEqual(['two kept', 'one sending'])
  // The host is switched off and on again in between.
  store.close()
  store = open()
  await enter(host)
  expect(asked.map(({ key }) => key)).toEqual(['one', 'one', 'two'])
  expect(states()).toEqual(['two entered', 'one entered'])
})

test('a branch in trouble, or one that does not know its day, says nothing of a mark; a clear no is told to staff', async () => {
  store.add([mark('one', 'A001')])
  for (const answer of [{ status: 503, body: '' }, refusal('ClockUnsure'), { status: 401, body: '{}' }]) {
    await enter(branchThat(() => answer).host)
    expect(states()).toEqual(['one sending'])
  }
  await enter(branchThat(() => refusal('TicketIsCompleted')).host)
  expect(store.list([BRANCH])).toMatchObject([{ state: 'refused', code: 'TicketIsCompleted' }])
})

test('a mark that waits until somebody signs in says so, and is entered under its key when she has', async () => {
  store.add([mark('one', 'A001')])
  await enter(branchThat(() => refusal('CallerNotStaffed')).host)
  expect(store.list([BRANCH])).toMatchObject([{ state: 'sending', code: 'CallerNotStaffed' }])
  const { host, asked } = branchThat(() => done)
  await enter(host)
  expect(asked.map(({ key }) => key)).toEqual(['one'])
  expect(store.list([BRANCH])).toMatchObject([{ state: 'entered', code: null }])
})

test('a mark can be taken back as long as it was not sent, and the same press is one mark', async () => {
  expect(store.add([mark('one', 'A001')])).toBe(true)
  expect(store.add([mark('one', 'A001')])).toBe(true)
  expect(states()).toEqual(['one kept'])
  expect(store.withdraw('one')).toBe(true)
  store.add([mark('two', 'A002')])
  await enter(branchThat(lost).host)
  expect(store.withdraw('two')).toBe(false)
})

test('a branch that was set back is told again what it had entered today, under the same keys', async () => {
  store.add([mark('one', 'A001')])
  const { host, asked } = branchThat(() => done)
  await enter(host)
  epoch.now = 'epoch-2'
  await enter(host)
  await enter(host)
  expect(asked.map(({ key }) => key)).toEqual(['one', 'one'])
  epoch.now = 'epoch-1'
})

test('there is an end to what is kept, and the marks of another branch are not told here', async () => {
  const many = Array.from({ length: MARKS_OPEN_MAX }, (_, index) => mark(`k${index}`, 'A001', { branchKey: 'another' }))
  expect(store.add(many)).toBe(true)
  expect(store.add([mark('one', 'A001')])).toBe(false)
  const { host, asked } = branchThat(() => done)
  await enter(host)
  expect(asked).toEqual([])
})

test('a mark that the branch never manages to enter waits alone: those of other numbers go on, and staff are told', async () => {
  store.add([mark('bad', 'A001'), mark('two', 'A002'), mark('later', 'A001'), mark('three', 'A003')])
  let isBetter = false
  const broken: BranchAnswer = { status: 500, body: JSON.stringify({ code: 'InternalError' }) }
  const { host, asked } = branchThat(({ key }) => (key === 'bad' && !isBetter ? broken : done))
  await enterInTurns(host, 8, () => {
    isBetter ||= states().includes('three entered')
  })
  expect(asked.slice(0, TROUBLES_MAX).map(({ key }) => key)).toEqual(['bad', 'bad', 'bad'])
  expect(states()).toEqual(['three entered', 'later entered', 'two entered', 'bad entered'])
  // What was noted later of the same number only makes sense after it.
  const order = asked.map(({ key }) => key)
  expect(order.lastIndexOf('bad')).toBeLessThan(order.indexOf('later'))
})

test('what the branch cannot enter says so to staff, and a trouble that is short leaves all in their order', async () => {
  store.add([mark('bad', 'A001'), mark('two', 'A002')])
  const troubled = branchThat((_, count) => (count < TROUBLES_MAX ? { status: 503, body: 'no JSON' } : done))
  await enterInTurns(troubled.host, TROUBLES_MAX)
  expect(troubled.asked.map(({ key }) => key)).toEqual(['bad', 'bad', 'bad', 'two'])
  store.add([mark('worse', 'A003')])
  await enterInTurns(branchThat(() => ({ status: 503, body: 'no JSON' })).host, TROUBLES_MAX)
  expect(store.list([BRANCH])[0]).toMatchObject({ state: 'sending', code: 'InternalError' })
})
