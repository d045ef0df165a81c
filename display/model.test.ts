import { expect, test } from 'vitest'
import type { SteadyMs } from '#shared/domain/ids.ts'
import { lobbyBoard } from '#shared/project/lobby-board.ts'
import {
  called,
  completed,
  issued,
  opened,
  recalled,
  type SampleEvent,
  sampleState,
  started,
} from '#shared/project/sample-branch.ts'
import {
  BAND_TURN_MS,
  bandLanguage,
  burnInShift,
  type DisplayModel,
  RISE_MS,
  RUSH_MS,
  seeCalls,
  stageAt,
  startDisplay,
} from './model.ts'

const MINUTE_MS = 60_000

/** A display sees the branch after this story; its own clock is the branch's steady time. */
function seeAt(model: DisplayModel, story: readonly SampleEvent[], minute: number): DisplayModel {
  return seeCalls(model, sampleState(story), minute * MINUTE_MS, (minute * MINUTE_MS) as SteadyMs)
}

/** A display that saw the whole story as it happened. */
function stageAfter(story: readonly SampleEvent[], minute: number) {
  const model = story.reduce((before, [at], index) => seeAt(before, story.slice(0, index + 1), at), startDisplay)
  return { stage: stageAt(model, lobbyBoard(sampleState(story)), minute * MINUTE_MS), model }
}

const TWO = [issued(1, 'A001'), issued(1, 'A002'), opened(2, 1), called(3, 'A001', 1), started(4, 'A001', 1)]

test('a call rises at once and settles after a few seconds', () => {
  const story = [...TWO, completed(5, 'A001'), called(6, 'A002', 1)]
  const rising = stageAfter(story, 6).stage
  expect(rising.isRising).toBe(true)
  expect(rising.large.map((call) => call.number)).toEqual(['A002'])
  expect(rising.last.map((call) => call.number)).toEqual(['A001'])
  const settled = stageAfter(story, 6 + RISE_MS / MINUTE_MS).stage
  expect(settled.isRising).toBe(false)
  expect(settled.large.map((call) => call.number)).toEqual(['A002'])
})

test('several calls at once share the space, newest first', () => {
  const story = [
    issued(1, 'A001'),
    issued(1, 'B001'),
    opened(2, 1),
    opened(2, 3, 'other' as never),
    called(3, 'A001', 1),
    called(3.05, 'B001', 3),
  ]
  expect(stageAfter(story, 3.1).stage.large.map((call) => call.number)).toEqual(['B001', 'A001'])
})

test('a customer who has come, or did not come, no longer stands large', () => {
  const story = [...TWO.slice(0, 4), called(4.02, 'B001', 3)]
  const both = [issued(1, 'B001'), opened(2, 3, 'other' as never), ...story, started(4.03, 'A001', 1)]
  expect(stageAfter(both, 4.04).stage.large.map((call) => call.number)).toEqual(['B001'])
})

test('a recalled ticket rises again, above those called since', () => {
  const story = [
    issued(1, 'A001'),
    issued(1, 'B001'),
    opened(2, 1),
    opened(2, 3, 'other' as never),
    called(3, 'A001', 1),
    called(5, 'B001', 3),
    recalled(7, 'A001', 1),
  ]
  const { stage, model } = stageAfter(story, 7)
  expect(stage.large.map((call) => call.number)).toEqual(['A001'])
  expect(stage.last.map((call) => call.number)).toEqual(['B001'])
  expect(model.chimeCount).toBe(3)
})

test('a ticket that went back to its queue is no longer shown as called', () => {
  const back: SampleEvent = [8, { type: 'TicketReturned', ticketId: 'A002' as never, queueId: 'cash' as never }]
  const story = [...TWO, completed(5, 'A001'), called(7, 'A002', 1), back]
  expect(stageAfter(story, 8).stage.large.map((call) => call.number)).toEqual(['A001'])
})

test('after an hour without contact old calls come in quietly', () => {
  const late = seeAt(startDisplay, TWO, 60)
  expect(late.chimeCount).toBe(0)
  expect(stageAt(late, lobbyBoard(sampleState(TWO)), 1)).toMatchObject({
    isRising: false,
    large: [{ number: 'A001' }],
  })
})

test('calls and recalls that came inside one snapshot rise and are heard, each once', () => {
  const before = stageAfter(TWO, 4).model
  const missed = [...TWO, completed(5, 'A001'), called(6, 'A002', 1), recalled(6.1, 'A002', 1)]
  const caughtUp = seeAt(before, missed, 6.2)
  expect(caughtUp.chimeCount).toBe(before.chimeCount + 1)
  expect(stageAt(caughtUp, lobbyBoard(sampleState(missed)), 6.2 * MINUTE_MS)).toMatchObject({
    isRising: true,
    large: [{ number: 'A002' }],
  })
  expect(seeAt(caughtUp, missed, 6.3)).toBe(caughtUp)
})

test('two calls in the same instant both rise, even when the second is seen later', () => {
  const one = [issued(1, 'A001'), issued(1, 'B001'), opened(2, 1), opened(2, 3, 'other' as never), called(3, 'A001', 1)]
  expect(stageAfter([...one, called(3, 'B001', 3)], 3).model.chimeCount).toBe(2)
})

test('in a rush every number that is called stands on the screen, until the voice is through with them', () => {
  const numbers = Array.from({ length: 12 }, (_, at) => `A${String(at + 1).padStart(3, '0')}`)
  const story = [
    ...numbers.map((number) => issued(1, number)),
    ...numbers.map((_, at) => opened(2, at + 1, `caller-${at + 1}` as never)),
    ...numbers.map((number, at) => called(3, number, at + 1)),
  ]
  const model = seeAt(startDisplay, story, 3)
  const stage = (afterMs: number) => stageAt(model, lobbyBoard(sampleState(story)), 3 * MINUTE_MS + afterMs)
  const shown = (afterMs: number) =>
    stage(afterMs)
      .large.map(({ number }) => String(number))
      .toSorted()
  expect(shown(0)).toEqual(numbers)
  expect(shown(RUSH_MS - 1)).toEqual(numbers)
  expect(stage(RUSH_MS)).toMatchObject({ isRising: false, large: [{ number: expect.any(String) }] })
  // Whoever has come makes room.
  const served = [...story, started(3.1, 'A001', 1), started(3.1, 'A002', 2)]
  const after = stageAt(model, lobbyBoard(sampleState(served)), 3 * MINUTE_MS + RUSH_MS - 1)
  expect(after.large.map(({ number }) => String(number)).toSorted()).toEqual(numbers.slice(2))
})

test('a page that was just opened takes an old call that nobody has answered yet for no rush', () => {
  const numbers = ['A001', 'A002', 'A003', 'A004', 'A005', 'A006']
  const story = [
    ...numbers.map((number) => issued(1, number)),
    ...numbers.map((_, at) => opened(2, at + 1, `caller-${at + 1}` as never)),
    ...numbers.map((number, at) => called(3, number, at + 1)),
  ]
  expect(stageAt(startDisplay, lobbyBoard(sampleState(story)), 0)).toMatchObject({
    isRising: false,
    large: { length: 1 },
  })
})

test('the ground moves a few pixels each minute and never far', () => {
  const shifts = Array.from({ length: 200 }, (_, minute) => burnInShift(minute * MINUTE_MS))
  expect(new Set(shifts.map(({ xPx, yPx }) => `${xPx} ${yPx}`)).size).toBeGreaterThan(10)
  for (const { xPx, yPx } of shifts) expect(Math.max(Math.abs(xPx), Math.abs(yPx))).toBeLessThanOrEqual(6)
})

test('who learns is neither heard nor seen', () => {
  const [minute, birth] = issued(1, 'A001')
  const [openMinute, open] = opened(2, 1)
  const story: readonly SampleEvent[] = [
    [minute, { ...birth, isTraining: true } as SampleEvent[1]],
    [openMinute, { ...open, isTraining: true } as SampleEvent[1]],
    called(3, 'A001', 1),
  ]
  const { stage, model } = stageAfter(story, 3)
  expect([model.chimeCount, stage.large.length, stage.last.length]).toEqual([0, 0, 0])
})

test('a visit that goes on elsewhere leaves the call at once, and its next call rises and is heard', () => {
  const gone: SampleEvent = [
    5,
    {
      type: 'LegCompleted',
      ticketId: 'A001' as never,
      number: 'A001' as never,
      counterId: 'counter-1' as never,
      agentId: 'awa' as never,
      serviceId: 'cash' as never,
      queueId: 'cash' as never,
      outcome: null,
      serviceMs: 60_000,
      toServiceId: 'cards' as never,
      toQueueId: 'cards' as never,
      plan: [],
    },
  ]
  expect(stageAfter([...TWO, gone], 5).stage.large).toEqual([])
  const [minute, call] = called(7, 'A001', 1)
  const { stage, model } = stageAfter([...TWO, gone, [minute, { ...call, queueId: 'cards' } as SampleEvent[1]]], 7)
  expect(stage).toMatchObject({ isRising: true, large: [{ number: 'A001' }] })
  expect(model.chimeCount).toBe(2)
})

test('a band speaks each language of the branch in turn', () => {
  const turns = [0, 1, 2, 3].map((turn) => bandLanguage(['fr', 'ar', 'en'], turn * BAND_TURN_MS))
  expect(turns).toEqual(['fr', 'ar', 'en', 'fr'])
  expect(bandLanguage([], 5)).toBeUndefined()
})
