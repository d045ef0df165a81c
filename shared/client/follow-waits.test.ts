import { expect, test } from 'vitest'
import type { ServiceId } from '../domain/ids.ts'
import {
  ASK_EVERY_MS,
  ASK_WAIT_MS,
  followWaits,
  type HeardWaits,
  readWaits,
  STALE_MS,
  waitsNow,
} from './follow-waits.ts'

const CASH = 'cash' as ServiceId
const ANSWER = {
  seq: 7,
  atMs: 1_000_000,
  services: [
    { serviceId: 'cash', estimate: { lowMs: 1, highMs: 2 } },
    { serviceId: 'loan', estimate: null },
  ],
  tickets: [{ ticketId: 't-1', estimate: { lowMs: 3, highMs: 4 } }],
}

/** A page whose clock and host are in the test's hands. */
function page() {
  let nowMs = 0
  const asked: number[] = []
  const heard: HeardWaits[] = []
  let planned: { readonly atMs: number; readonly act: () => void } | null = null
  const answers: ((json: unknown) => void)[] = []
  const follower = followWaits(
    {
      ask: () => {
        asked.push(nowMs)
        return new Promise((resolve) => answers.push(resolve))
      },
      nowMs: () => nowMs,
      later: (waitMs, act) => {
        planned = { atMs: nowMs + waitMs, act }
        return () => {
          planned = null
        }
      },
    },
    (one) => heard.push(one),
  )
  return {
    follower,
    asked,
    heard,
    passTo(untilMs: number) {
      while (planned !== null && planned.atMs <= untilMs) {
        nowMs = planned.atMs
        const { act } = planned
        planned = null
        act()
      }
      nowMs = untilMs
    },
    async answer(json: unknown) {
      answers.shift()?.(json)
      await Promise.resolve()
      await Promise.resolve()
    },
  }
}

test('waits are asked for at once, then at most once a second while things happen, and every ten seconds otherwise', async () => {
  const { follower, asked, answer, passTo, heard } = page()
  follower.hear(1)
  passTo(0)
  await answer(ANSWER)
  expect(heard).toHaveLength(1)
  for (const [seq, atMs] of [
    [2, 100],
    [3, 300],
    [4, 600],
  ] as const) {
    passTo(atMs)
    follower.hear(seq)
  }
  passTo(ASK_WAIT_MS)
  await answer(ANSWER)
  passTo(ASK_WAIT_MS + ASK_EVERY_MS)
  expect(asked).toEqual([0, ASK_WAIT_MS, ASK_WAIT_MS + ASK_EVERY_MS])
})

test('a host that is slow to answer is not asked again before it has answered, and a page that has gone asks nothing', async () => {
  const { follower, asked, answer, passTo } = page()
  follower.hear(1)
  passTo(0)
  follower.hear(2)
  passTo(5_000)
  expect(asked).toEqual([0])
  await answer(null)
  passTo(5_000)
  expect(asked).toEqual([0, 5_000])
  follower.stop()
  await answer(ANSWER)
  passTo(60_000)
  expect(asked).toEqual([0, 5_000])
})

test('an answer is read, and what it does not tell is not told', () => {
  const heard = readWaits(ANSWER, 5)
  expect([...(heard?.waits.byService ?? [])]).toEqual([['cash', { lowMs: 1, highMs: 2 }]])
  expect([...(heard?.waits.byTicket ?? [])]).toEqual([['t-1', { lowMs: 3, highMs: 4 }]])
  expect(readWaits({ code: 'RouteUnknown' }, 5)).toBeNull()
  expect(readWaits(null, 5)).toBeNull()
  expect(readWaits({ atMs: 1, services: 'x', tickets: [null, { ticketId: 3 }] }, 5)?.waits.byService.size).toBe(0)
})

test('without the server nothing is told, nor what was reckoned more than a minute ago', () => {
  const heard = readWaits(ANSWER, 5_000)
  const shown = (link: 'up' | 'down', nowMs: number, atMs: number | null) =>
    waitsNow(heard, link, nowMs, atMs).byService.has(CASH)
  expect(shown('up', 5_000 + STALE_MS, ANSWER.atMs + STALE_MS)).toBe(true)
  expect(shown('up', 5_001 + STALE_MS, ANSWER.atMs)).toBe(false)
  expect(shown('up', 5_000, ANSWER.atMs + STALE_MS + 1)).toBe(false)
  expect(shown('up', 5_000, null)).toBe(false)
  expect(shown('down', 5_000, ANSWER.atMs)).toBe(false)
  expect(waitsNow(null, 'up', 0, 0).byService.size).toBe(0)
})
