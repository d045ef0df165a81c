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
  sampleLog,
  sampleState,
  started,
} from '#shared/project/sample-branch.ts'
import { burnInShift, hearEvent, RISE_MS, stageAt, startDisplay } from './model.ts'

const MINUTE_MS = 60_000

/** A display that heard the whole story as it happened; its own clock is the branch's steady time. */
function stageAfter(story: readonly SampleEvent[], minute: number) {
  const state = sampleState(story)
  const model = sampleLog(story).reduce(
    (before, event) => hearEvent(before, event, event.steadyMs, event.steadyMs),
    startDisplay,
  )
  return { stage: stageAt(model, lobbyBoard(state), state, minute * MINUTE_MS), model }
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
  const late = sampleLog(TWO).reduce(
    (before, event) => hearEvent(before, event, 0, (event.steadyMs + 60 * MINUTE_MS) as SteadyMs),
    startDisplay,
  )
  expect(late.chimeCount).toBe(0)
  const state = sampleState(TWO)
  expect(stageAt(late, lobbyBoard(state), state, 1)).toMatchObject({ isRising: false, large: [{ number: 'A001' }] })
})

test('the ground moves a few pixels each minute and never far', () => {
  const shifts = Array.from({ length: 200 }, (_, minute) => burnInShift(minute * MINUTE_MS))
  expect(new Set(shifts.map(({ xPx, yPx }) => `${xPx} ${yPx}`)).size).toBeGreaterThan(10)
  for (const { xPx, yPx } of shifts) expect(Math.max(Math.abs(xPx), Math.abs(yPx))).toBeLessThanOrEqual(6)
})
