import { expect, test } from 'vitest'
import { isSignedOut, signInSecond } from './signed-out.ts'

test('what was given up to the second in which she left is over; who comes back in that second is in', () => {
  const person = { signedOutAtMs: 10_500 }
  expect([9, 10, 11].map((atS) => isSignedOut(person, atS))).toEqual([true, true, false])
  for (const nowMs of [10_500, 10_999, 11_000, 60_000])
    expect([nowMs, isSignedOut(person, signInSecond(person, nowMs))]).toEqual([nowMs, false])
  expect([isSignedOut({ signedOutAtMs: null }, 0), signInSecond({ signedOutAtMs: null }, 7_900)]).toEqual([false, 7])
})
