import { expect, test } from 'vitest'
import { UnreachableError } from '#shared/host/unreachable.ts'
import { problem } from '#shared/wire/problem.ts'
import { checkIn } from './check-in.ts'
import type { KioskParts } from './take-ticket.ts'
import { checkInRefused } from './typing.ts'

const LIMITED = { status: 429, body: JSON.stringify(problem('TooManyRequests')) }
const IN_TROUBLE = { status: 503, body: JSON.stringify(problem('StorageUnavailable')) }

/** What the customer's screen says when the branch answers so each time, and how often it was asked. */
async function told(answer: { status: number; body: string } | 'away') {
  let askedCount = 0
  const host = {
    pairing: () => ({}),
    status: () => ({ link: 'up' }),
    async ask() {
      askedCount += 1
      if (answer === 'away') throw new UnreachableError('away')
      return answer
    },
  }
  const givenUp: string[] = []
  const withdrawals = {
    asking() {},
    settled() {},
    gaveNothing: (key: string) => givenUp.push(key),
    isGivenUp: () => false,
  }
  const parts = { host, withdrawals, store: { answerTo: () => null } } as unknown as KioskParts
  const { body } = await checkIn(parts, { key: 'key', code: 'RDV4821', language: 'fr' })
  const screen = 'code' in body ? checkInRefused(body.code) : null
  return [screen?.name === 'check-in' ? screen.problem : null, askedCount, ...givenUp]
}

test('whoever has tried too many codes is told so, and the branch is not asked again at once', async () => {
  expect(await told(LIMITED)).toEqual(['too-many', 1])
})

test('an answer that was lost is asked for again, and then said to be missing', async () => {
  expect(await told('away')).toEqual(['unreachable', 3, 'key'])
  expect(await told(IN_TROUBLE)).toEqual(['unreachable', 3, 'key'])
})
