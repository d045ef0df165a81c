import { afterEach, expect, test } from 'vitest'
import type { KeptOrder } from '#shared/wire/orders.ts'
import type { OpenOrder } from '../store/orders.ts'
import type { Store } from '../store/store.ts'
import type { CloudAnswer } from './cloud-door.ts'
import { openOrderDesk } from './order-desk.ts'

const BRANCH = 'branch-1'
const ORDER: KeptOrder = { type: 'SendDiagnostics', orderId: '11111111-1111-4111-8111-111111111111' }
let ending = new AbortController()
afterEach(() => {
  ending.abort()
  ending = new AbortController()
})

/** A desk with one order for diagnostics, and what a cloud answers that is asked again and again. */
async function settledAfter(answers: readonly number[]) {
  const open: OpenOrder[] = [{ number: 1, message: ORDER, expiresAtMs: 1_000, isTold: false }]
  const said: (readonly [number, string])[] = []
  const left = [...answers]
  const store = {
    orders: {
      open: () => [...open],
      results: () => [],
      drop: () => void open.splice(0),
      settle: (_: string, number: number, outcome: string) => {
        said.push([number, outcome])
        open.splice(0)
      },
    },
  } as unknown as Store
  const post = (): Promise<CloudAnswer> =>
    Promise.resolve({ status: left.shift() ?? 200, body: null, turnedAway: null })
  const desk = openOrderDesk({
    ...{ cloudBranchId: BRANCH, bundle: () => ({}) as never, roster: { find: () => undefined } },
    waist: { branch: () => ({ store }) } as never,
    feed: { isInContact: () => false, tell: () => false } as never,
    door: { post, get: () => Promise.reject(new Error('nobody gets')), nowMs: () => 0 },
    write: (writes) => {
      writes(store)
      return Promise.resolve(true)
    },
    ...{ wallMs: () => 0, monotonicMs: () => 0, random: () => 0.5 },
    pause: () => new Promise((resolve) => setImmediate(resolve)),
    log: { info: () => {}, warn: () => {} } as never,
    ending: ending.signal,
  })
  await expect.poll(() => open.length).toBe(0)
  ending.abort()
  await desk.over
  return { said, unasked: left.length }
}

test.each([401, 403, 408, 409, 425, 500, 503])('a bundle that is answered %i is sent again', async (status) => {
  expect(await settledAfter([status, status])).toEqual({ said: [], unasked: 0 })
})

test.each([
  [400, 'RequestInvalid'],
  [404, 'RequestInvalid'],
  [413, 'RequestTooLarge'],
  [422, 'RequestInvalid'],
])('a bundle that is answered %i would be again, and is given up', async (status, outcome) => {
  expect(await settledAfter([status, 200])).toEqual({ said: [[1, outcome]], unasked: 1 })
})
