import fc from 'fast-check'
import { expect, test } from 'vitest'
import { ASK_MS, askTurn, LEASE_MS, NOBODY, PATIENCE_MS, type ZoneTurn } from './zone-turn.ts'

/** From the death of whoever speaks to the next voice. */
const TAKEOVER_MS_MAX = 2_000

const able = (page: string, wants = true, canSound = true) => ({ page, wants, canSound })

test('whoever spoke last is waited for a moment, and no longer', () => {
  const first = askTurn(NOBODY, able('one'), 0)
  expect(first.leaseMs).toBe(LEASE_MS)
  const silent = askTurn(first.turn, able('one', false), 500).turn
  const other = askTurn(silent, able('two'), 10_000)
  expect(other.leaseMs).toBe(0)
  expect(askTurn(other.turn, able('one'), 10_020).leaseMs).toBe(LEASE_MS)
  expect(askTurn(other.turn, able('two'), 10_000 + PATIENCE_MS).leaseMs).toBe(LEASE_MS)
})

test('a page whose loudspeaker is silent does not speak, and is not waited for', () => {
  const first = askTurn(NOBODY, able('one'), 0).turn
  const mute = askTurn(first, able('one', true, false), 100)
  expect(mute.leaseMs).toBe(0)
  expect(askTurn(mute.turn, able('two'), 110).leaseMs).toBe(LEASE_MS)
})

test('a page that is killed is followed within two seconds', () => {
  for (let diedMs = 0; diedMs < ASK_MS; diedMs += 10) {
    let { turn } = askTurn(NOBODY, able('one'), 0)
    let askMs = 137
    while (askTurn(turn, able('two'), askMs).leaseMs === 0) {
      turn = askTurn(turn, able('two'), askMs).turn
      askMs += ASK_MS
    }
    expect(askMs - diedMs).toBeLessThan(TAKEOVER_MS_MAX - 150)
  }
})

/** One ask of one page: when it is sent, how long it is on its way, and what it says. */
const ask = fc.record({
  page: fc.constantFrom('one', 'two', 'three'),
  afterMs: fc.nat(400),
  wayMs: fc.nat(900),
  wants: fc.boolean(),
  canSound: fc.constantFrom(true, true, true, false),
})

test('two never may speak at once, however long the way takes', () => {
  fc.assert(
    fc.property(fc.array(ask, { maxLength: 80 }), (asks) => {
      let sentMs = 0
      const sent = asks.map((it) => {
        sentMs += it.afterMs
        return { ...it, sentMs, heardMs: sentMs + it.wayMs }
      })
      let turn: ZoneTurn = NOBODY
      const leases: { page: string; fromMs: number; untilMs: number }[] = []
      for (const it of sent.toSorted((a, b) => a.heardMs - b.heardMs)) {
        // A page asks for nothing only once it is silent: its lease is over where it says so.
        if (!it.wants || !it.canSound)
          for (const lease of leases)
            if (lease.page === it.page) lease.untilMs = Math.min(lease.untilMs, Math.max(lease.fromMs, it.sentMs))
        const answer = askTurn(turn, it, it.heardMs)
        turn = answer.turn
        if (answer.leaseMs > 0) leases.push({ page: it.page, fromMs: it.heardMs, untilMs: it.sentMs + answer.leaseMs })
      }
      for (const a of leases)
        for (const b of leases)
          if (a.page !== b.page) expect(Math.min(a.untilMs, b.untilMs) <= Math.max(a.fromMs, b.fromMs)).toBe(true)
    }),
    { numRuns: 400 },
  )
})
