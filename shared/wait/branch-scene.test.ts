import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Catalogue } from '../domain/catalogue.ts'
import { chooseNext } from '../domain/choose-next.ts'
import type { CounterId, ProfileId } from '../domain/ids.ts'
import {
  accounts,
  adviceLine,
  amadou,
  bank,
  binta,
  cardLine,
  cards,
  cash,
  chloe,
  counter1,
  counter2,
  counter3,
  loans,
  senior,
  tellerLine,
  transfers,
  withQueue,
} from '../domain/testing/bank.ts'
import { callerOrigin, openBranch, type Story } from '../domain/testing/story.ts'
import { happeningsOf } from './branch-happenings.ts'
import { branchSceneAt, laneIdOf } from './branch-scene.ts'
import { learn } from './learn.ts'
import { emptyLearned, learnedOf } from './learned.ts'
import { replay } from './replay.ts'
import type { Heads, Scene } from './scene.ts'
import { MINUTE_MS, steadyBranch, TEN_MS } from './testing/hall.ts'

const COUNTERS = [counter1, counter2, counter3] as const
const SERVICES = [cash, transfers, cards, loans, accounts] as const

const withCounters = (catalogue: Catalogue, change: Partial<Catalogue['counters'][number]>): Catalogue => ({
  ...catalogue,
  counters: catalogue.counters.map((counter) => ({ ...counter, ...change })),
})

/** The same bank under each kind of rule there is. */
const BANKS: readonly Catalogue[] = [
  bank,
  withQueue(withQueue(bank, tellerLine, { algorithm: 'priority' }), cardLine, { algorithm: 'sla' }),
  withQueue(bank, adviceLine, { aging: { minutesPerPoint: 2, passedMax: null } }),
  withCounters(withQueue(bank, tellerLine, { algorithm: 'priority' }), { choosing: 'relative-wait' }),
  withCounters(
    {
      ...bank,
      workProfiles: [
        {
          id: 'help' as ProfileId,
          name: { fr: 'Aide' },
          rules: [
            { queueIds: [adviceLine], when: { queueId: adviceLine, waitOverMinutes: 12, waitingOver: 1 } },
            { queueIds: [cardLine, tellerLine], when: { queueId: cardLine, waitOverMinutes: null, waitingOver: 2 } },
          ],
        },
      ],
    },
    { profileId: 'help' as ProfileId },
  ),
]

const openBank = (catalogue: Catalogue): Story =>
  openBranch(withQueue(catalogue, cardLine, { maxCapacity: null }), [
    [counter1, amadou],
    [counter2, binta],
    [counter3, chloe],
  ])

function headsOf({ lanes }: Scene): Heads {
  const heads = lanes.map(({ tickets, isPaused }) => (isPaused ? undefined : tickets[0]))
  return {
    orderMs: Float64Array.from(heads, (head) => head?.orderMs ?? Number.POSITIVE_INFINITY),
    joinedMs: Float64Array.from(heads, (head) => head?.joinedMs ?? Number.POSITIVE_INFINITY),
    waitingCounts: Int32Array.from(lanes, ({ tickets }, at) => (heads[at] === undefined ? 0 : tickets.length)),
  }
}

/** Whom the replay would let a counter call at this very moment; null when nobody. */
function calledInReplay(story: Story, counterId: CounterId): string | null {
  const { steadyMs } = story.clock.read()
  const { scene, rules } = branchSceneAt(story.state(), steadyMs, TEN_MS)
  const counter = scene.counters.find(({ id }) => id === counterId)
  if (counter === undefined) return null
  return scene.lanes[rules(counter, headsOf(scene), steadyMs)]?.tickets[0]?.id ?? null
}

function calledByRules(story: Story, counterId: CounterId): string | null {
  const next = chooseNext(story.state(), counterId, story.clock.read().steadyMs)
  return next.ok ? next.value.ticketId : null
}

test('at each moment of any morning the replay calls whom the branch would call', () => {
  const turn = fc.tuple(fc.nat(9), fc.nat(4), fc.nat(2), fc.integer({ min: 1, max: 400 }))
  fc.assert(
    fc.property(fc.nat(BANKS.length - 1), fc.array(turn, { minLength: 10, maxLength: 40 }), (which, turns) => {
      const story = openBank(BANKS[which] ?? bank)
      for (const [act, service, counter, seconds] of turns) {
        story.clock.pass(seconds * 1_000)
        const counterId = COUNTERS[counter] ?? counter1
        if (act < 6) story.takes(SERVICES[service] ?? cash, act === 0 ? senior : null)
        else if (act < 9) {
          const open = story.state().openCounters.get(counterId)
          if (open !== undefined && open.ticketId !== null) story.completes(counterId, open.ticketId)
          else if (calledByRules(story, counterId) !== null) story.callsNext(counterId)
        } else transferOne(story, counterId)
        for (const id of COUNTERS) expect(calledInReplay(story, id)).toBe(calledByRules(story, id))
      }
    }),
    { numRuns: 100, seed: 20 },
  )
})

test('who is kept for somebody counts for a work profile in the replay as in the branch', () => {
  const story = openBank(BANKS.at(-1) ?? bank)
  story.takes(cash)
  const card = story.takes(cards)
  story.takes(cards)
  const kept = story.takes(cards)
  story.does({
    ...{ type: 'ReserveTicket', ticketId: kept, place: 'arrival' },
    reserveFor: { kind: 'counter', counterId: counter2 },
  })
  expect(calledByRules(story, counter1)).toBe(card)
  expect(calledInReplay(story, counter1)).toBe(card)
})

function transferOne(story: Story, counterId: CounterId): void {
  const open = story.state().openCounters.get(counterId)
  if (open !== undefined && open.ticketId !== null) story.transfers(counterId, open.ticketId, adviceLine, 'first')
}

test('nobody is called from a paused queue, by a closed counter, or on a break', () => {
  const story = openBank(bank)
  story.takes(cash)
  const learned = steadyBranch(MINUTE_MS)
  const say = () => {
    const { scene, rules, placeFor } = branchSceneAt(story.state(), story.clock.read().steadyMs, TEN_MS)
    const place = placeFor(cash, tellerLine, 0)
    return place === null ? null : replay(scene, learned, rules, [place], 1)[0]
  }
  // Two counters are free and one waits: whoever joins is called at once.
  expect(say()?.meanMs).toBe(0)
  story.does({ type: 'StartBreak', counterId: counter1, reason: null }, callerOrigin(counter1))
  expect(say()?.meanMs).toBe(MINUTE_MS)
  story.does({ type: 'PauseQueue', queueId: tellerLine })
  expect(say()).toBeNull()
})

/** Learns from what has happened since it was last called; at most one command. */
function listenTo(story: Story) {
  const learned = emptyLearned()
  let seen = story.log().length
  let before = story.state()
  const listen = (): void => {
    for (const event of story.log().slice(seen))
      for (const it of happeningsOf(event, before, TEN_MS)) learn(learned, it)
    seen = story.log().length
    before = story.state()
  }
  return { learned, listen }
}

test('the branch learns from its own events who came, who was called, how long it took and who went', () => {
  const story = openBank(bank)
  const { learned, listen } = listenTo(story)
  const first = story.takes(cash)
  listen()
  const second = story.takes(cash, senior)
  listen()
  story.clock.pass(3 * MINUTE_MS)
  story.callsNext(counter1)
  listen()
  story.clock.pass(2 * MINUTE_MS)
  story.completes(counter1, first)
  listen()
  story.does({ type: 'CancelTicket', ticketId: second }, callerOrigin(counter1))
  listen()
  expect(Object.keys(learned.arrivals)).toEqual([laneIdOf(tellerLine, cash, 0), laneIdOf(tellerLine, cash, 10)])
  expect(learnedOf(learned, cash)?.pace.lastWaitMs).toBe(3 * MINUTE_MS)
  expect(learnedOf(learned, cash)?.durations.recent.values).toEqual([2 * MINUTE_MS])
  expect(learnedOf(learned, cash)?.pace.leaves.count).toBe(1)
  expect(Object.keys(learned.freeSinceMs)).toEqual([`counter ${counter1}`])
})

test('the hour in which a customer was away, on hold, is no time at the counter', () => {
  const story = openBank(bank)
  const { learned, listen } = listenTo(story)
  const ticketId = story.takes(cash)
  listen()
  story.callsNext(counter1)
  listen()
  story.acts('StartService', counter1, ticketId)
  story.clock.pass(2 * MINUTE_MS)
  listen()
  story.holds(counter1, ticketId)
  listen()
  story.clock.pass(60 * MINUTE_MS)
  story.does({ type: 'ResumeTicket', ticketId, counterId: counter1 }, callerOrigin(counter1))
  listen()
  expect(learned.freeSinceMs).toEqual({})
  story.clock.pass(3 * MINUTE_MS)
  const nowMs = story.clock.read().steadyMs
  const { scene } = branchSceneAt(story.state(), nowMs, TEN_MS)
  expect(scene.counters[0]?.busy).toEqual({ serviceId: cash, sinceMs: nowMs - 3 * MINUTE_MS })
  story.completes(counter1, ticketId)
  listen()
  expect(learnedOf(learned, cash)?.durations.recent.values).toEqual([2 * MINUTE_MS, 3 * MINUTE_MS])
})
