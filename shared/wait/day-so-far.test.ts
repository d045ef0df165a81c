import { expect, test } from 'vitest'
import type { Catalogue } from '../domain/catalogue.ts'
import { chooseNext } from '../domain/choose-next.ts'
import type { ProfileId, SkillId, TicketId } from '../domain/ids.ts'
import {
  amadou,
  bank,
  binta,
  cardLine,
  cards,
  cash,
  counter1,
  counter2,
  loans,
  senior,
  tellerLine,
  transfers,
} from '../domain/testing/bank.ts'
import { openBranch, type Story } from '../domain/testing/story.ts'
import { turnSinceMs } from './branch-scene.ts'
import { type CounterTime, type DayNotes, daySoFar, meanTargetMs, oneCounter, type PlayableDay } from './day-so-far.ts'
import { seededDice } from './dice.ts'
import { type DayChange, type DayFigures, replayDay } from './replay-day.ts'

const MINUTE = 60_000

const NOTHING_NOTED: DayNotes = { breaks: [], calls: [], notGivenUp: new Set() }

const dayOf = (story: Story, times: readonly CounterTime[], notes = NOTHING_NOTED): PlayableDay =>
  daySoFar(story.state(), times, notes, story.clock.read().steadyMs)

const played = ({ day, rules }: PlayableDay, change: DayChange | null, targetMs: number): DayFigures =>
  replayDay(day, rules, change, targetMs)

/** Twelve come at once; one counter takes four minutes for each. */
function morning(): { story: Story; fromMs: number } {
  const story = openBranch(undefined, [[counter1, amadou]])
  const fromMs = story.clock.read().steadyMs
  for (let times = 0; times < 12; times += 1) story.takes(cash)
  for (let times = 0; times < 12; times += 1) {
    const ticketId = story.callsNext(counter1)
    story.acts('StartService', counter1, ticketId)
    story.clock.pass(4 * MINUTE)
    story.completes(counter1, ticketId)
  }
  return { story, fromMs }
}

test('the day played again as it was gives the waits that there were', () => {
  const { story, fromMs } = morning()
  const playable = dayOf(story, [{ counterId: counter1, agentId: amadou, fromMs, toMs: null }])
  const figures = played(playable, null, meanTargetMs(story.state()))
  const waits = [...story.state().tickets.values()].map(({ facts }) => facts.waitMs ?? 0)
  expect(figures.servedCount).toBe(12)
  expect(figures.meanWaitMs).toBeCloseTo(waits.reduce((sum, waitMs) => sum + waitMs, 0) / 12, -1)
})

test('with one counter more half the wait is gone, with one less than one there is nothing to tell', () => {
  const { story, fromMs } = morning()
  const playable = dayOf(story, [{ counterId: counter1, agentId: amadou, fromMs, toMs: null }])
  const asItWas = played(playable, null, 600_000)
  const more = played(playable, oneCounter(playable.day, 'more'), 600_000)
  expect(more.meanWaitMs).toBeLessThan(0.55 * asItWas.meanWaitMs)
  expect(more.withinTargetShare).toBeGreaterThan(asItWas.withinTargetShare)
  expect(oneCounter(playable.day, 'less')).toBeNull()
})

test('a counter less is the one that was open for the shortest time, and people wait longer', () => {
  const { story, fromMs } = morning()
  story.opens(counter2, binta)
  const times = [
    { counterId: counter1, agentId: amadou, fromMs, toMs: null },
    { counterId: counter2, agentId: binta, fromMs, toMs: fromMs + 20 * MINUTE },
  ]
  const playable = dayOf(story, times)
  const change = oneCounter(playable.day, 'less')
  expect(change).toEqual({ type: 'counter-removed', ids: [`${counter2} 1`] })
  const [asItWas, less] = [played(playable, null, 0), played(playable, change, 0)]
  expect(less.meanWaitMs).toBeGreaterThan(asItWas.meanWaitMs)
})

test('a no-show took the counter from the call on, however often it was called again', () => {
  const story = openBranch(undefined, [[counter1, amadou]])
  const fromMs = story.clock.read().steadyMs
  story.takes(cash)
  const ticketId = story.callsNext(counter1)
  story.clock.pass(3 * MINUTE)
  story.acts('RecallTicket', counter1, ticketId)
  story.clock.pass(MINUTE)
  expect(turnSinceMs(story.ticket(ticketId))).toBe(fromMs)
  story.acts('MarkNoShow', counter1, ticketId)
  const { day } = dayOf(story, [{ counterId: counter1, agentId: amadou, fromMs, toMs: null }])
  expect(day.visits.map(({ takenMs }) => takenMs)).toEqual([4 * MINUTE])
})

test('whoever gave up gives up again, and training is not of the day', () => {
  const { story, fromMs } = morning()
  const ticketId = story.takes(cash)
  story.clock.pass(3 * MINUTE)
  story.acts('CancelTicket', counter1, ticketId)
  const nowMs = story.clock.read().steadyMs
  const playable = dayOf(story, [{ counterId: counter1, agentId: amadou, fromMs, toMs: nowMs - 3 * MINUTE }])
  expect(played(playable, null, 0)).toMatchObject({ servedCount: 12, leftCount: 1 })
})

/** Binta knows nothing of transfers, counter 2 helps with cash once three wait there. */
const picky: Catalogue = {
  ...bank,
  services: bank.services.map((service) =>
    service.id === transfers ? { ...service, skill: 'transfers' as SkillId } : service,
  ),
  agents: bank.agents.map((agent) => ({ ...agent, skills: agent.id === binta ? [] : null })),
  queues: bank.queues.map((queue) => ({ ...queue, maxCapacity: null })),
  workProfiles: [
    {
      id: 'helps' as ProfileId,
      name: { fr: 'Aide', en: 'Helps', ar: 'Aide' },
      rules: [
        { when: { queueId: tellerLine, waitingOver: 2, waitOverMinutes: null }, queueIds: [tellerLine] },
        { when: null, queueIds: [cardLine] },
      ],
    },
  ],
  counters: bank.counters.map((counter) =>
    counter.id === counter2 ? { ...counter, queueIds: [cardLine], profileId: 'helps' as ProfileId } : counter,
  ),
}

interface GeneratedDay {
  readonly story: Story
  readonly times: readonly CounterTime[]
  readonly notes: DayNotes
}

/** A day of some forty people by the live commands: agents take seconds to call, one goes on a break, ghosts are cancelled. */
function generatedDay(seed: number): GeneratedDay {
  const dice = seededDice(seed)
  const desks = [
    { counterId: counter1, agentId: amadou, freeMs: 0, ticketId: null as TicketId | null },
    { counterId: counter2, agentId: binta, freeMs: 0, ticketId: null as TicketId | null },
  ]
  const story = openBranch(picky, [
    [counter1, amadou],
    [counter2, binta],
  ])
  const fromMs = story.clock.read().steadyMs
  const steadyMs = (): number => story.clock.read().steadyMs - fromMs
  const pause = { fromMs: 40 * MINUTE, toMs: 55 * MINUTE }
  let joinsMs = 0
  let count = 0
  for (let turn = 0; turn < 2_000 && (count < 40 || desks.some((desk) => desk.ticketId !== null)); turn += 1) {
    story.clock.pass(5_000)
    if (count < 40 && steadyMs() >= joinsMs) {
      const kind = dice()
      story.takes(kind < 0.45 ? cash : kind < 0.65 ? transfers : cards, dice() < 0.1 ? senior : null)
      joinsMs += -80_000 * Math.log(1 - dice())
      count += 1
    }
    for (const desk of desks) {
      if (steadyMs() < desk.freeMs) continue
      if (desk.ticketId !== null) {
        story.completes(desk.counterId, desk.ticketId)
        desk.ticketId = null
        desk.freeMs = steadyMs() + 5_000
        continue
      }
      if (desk.counterId === counter1 && steadyMs() >= pause.fromMs && steadyMs() < pause.toMs) continue
      if (!chooseNext(story.state(), desk.counterId, story.clock.read().steadyMs).ok) continue
      desk.ticketId = story.callsNext(desk.counterId)
      story.acts('StartService', desk.counterId, desk.ticketId)
      desk.freeMs = steadyMs() + 30_000 - 120_000 * Math.log(1 - dice())
    }
  }
  return {
    story,
    times: desks.map(({ counterId, agentId }) => ({ counterId, agentId, fromMs, toMs: null })),
    notes: {
      ...NOTHING_NOTED,
      breaks: [{ counterId: counter1, fromMs: fromMs + pause.fromMs, toMs: fromMs + pause.toMs }],
    },
  }
}

/** How far the mean wait of the day that is played again lies from the measured one, as a share of it. */
function gapOf({ story, times, notes }: GeneratedDay): number {
  const { meanWaitMs } = played(dayOf(story, times, notes), null, 0)
  const waits = [...story.state().tickets.values()].flatMap(({ facts }) => facts.waitMs ?? [])
  const measuredMs = waits.reduce((sum, waitMs) => sum + waitMs, 0) / waits.length
  return Math.abs(meanWaitMs - measuredMs) / measuredMs
}

test('generated days with skills, a work profile and a break are played again as they were, within a tenth', () => {
  const gaps = [1, 2, 3, 4].map((seed) => gapOf(generatedDay(seed)))
  expect(Math.max(...gaps)).toBeLessThan(0.1)
})

test('without the break, or as if everybody had every skill, the days would not be as they were', () => {
  const days = [1, 2, 3, 4].map(generatedDay)
  const worst = (change: (day: GeneratedDay) => GeneratedDay): number =>
    Math.max(...days.map((day) => gapOf(change(day))))
  const gaps = [
    worst((day) => ({ ...day, notes: NOTHING_NOTED })),
    worst((day) => ({ ...day, times: day.times.map((time) => ({ ...time, agentId: amadou })) })),
  ]
  expect(Math.min(...gaps)).toBeGreaterThan(0.15)
})

test('the first service of a visit that goes on elsewhere is no dawdling of the agent', () => {
  const story = openBranch(undefined, [[counter1, amadou]])
  const fromMs = story.clock.read().steadyMs
  for (let times = 0; times < 8; times += 1) story.takes(cash, null, times % 2 === 0 ? [] : [loans])
  const calls = Array.from({ length: 8 }, () => {
    const atMs = story.clock.read().steadyMs
    const ticketId = story.callsNext(counter1)
    story.acts('StartService', counter1, ticketId)
    story.clock.pass(4 * MINUTE)
    story.completes(counter1, ticketId)
    return { counterId: counter1, atMs }
  })
  story.clock.pass(60 * MINUTE)
  const times = [{ counterId: counter1, agentId: amadou, fromMs, toMs: null }]
  expect(gapOf({ story, times, notes: { ...NOTHING_NOTED, calls } })).toBeLessThan(0.01)
  // What the tickets alone tell: each of these visits twice, as itself and as a gap.
  expect(gapOf({ story, times, notes: NOTHING_NOTED })).toBeGreaterThan(0.3)
})

test('paper that nobody held and whoever the evening sent home have not given up', () => {
  const { story, fromMs } = morning()
  const ticketId = story.takes(cash)
  story.clock.pass(3 * MINUTE)
  story.acts('CancelTicket', counter1, ticketId)
  const times = [{ counterId: counter1, agentId: amadou, fromMs, toMs: null }]
  const playable = dayOf(story, times, { ...NOTHING_NOTED, notGivenUp: new Set([ticketId]) })
  expect(played(playable, null, 0)).toMatchObject({ servedCount: 12, leftCount: 0 })
})
