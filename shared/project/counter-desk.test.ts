import { expect, test } from 'vitest'
import type { DeviceId, QueueId } from '../domain/ids.ts'
import { counterDesk } from './counter-desk.ts'
import { called, held, issued, missed, opened, SAMPLE_DEVICE, sampleState, started } from './sample-branch.ts'

test('nobody has signed in: the counters and agents to choose from, and who holds which', () => {
  const desk = counterDesk(sampleState([opened(1, 2, 'another' as DeviceId)]), SAMPLE_DEVICE)
  expect(desk.post).toBeNull()
  expect(desk.counters.map((counter) => counter.takenBy)).toEqual([null, 'Awa Ndiaye', null, null])
  expect(desk.agents).toHaveLength(3)
})

test('the waiting list holds only the queues of the counter, the longest wait first', () => {
  const state = sampleState([
    issued(1, 'C001'),
    issued(2, 'A001'),
    issued(3, 'B001'),
    issued(4, 'A002', 'senior'),
    opened(5, 1),
  ])
  const post = counterDesk(state, SAMPLE_DEVICE).post
  expect(post?.waiting.map((ticket) => ticket.number)).toEqual(['C001', 'A001', 'A002'])
  expect(post?.waiting[2]).toMatchObject({ isPriority: true, waitTargetMs: 600_000, arrivedSteadyMs: 240_000 })
  expect(post?.canCallNext).toBe(true)
})

test('a called ticket shows how long its customer waited, and may be recalled', () => {
  const post = counterDesk(sampleState([issued(1, 'A001'), opened(2, 1), called(9, 'A001', 1)]), SAMPLE_DEVICE).post
  expect(post?.current).toMatchObject({ status: 'called', waitMs: 8 * 60_000, canRecall: true })
  expect(post?.waiting).toEqual([])
})

test('a paused queue cannot be called from', () => {
  const state = sampleState([issued(1, 'A001'), opened(2, 2), [3, { type: 'QueuePaused', queueId: 'cash' as QueueId }]])
  expect(counterDesk(state, SAMPLE_DEVICE).post).toMatchObject({ canCallNext: false })
})

test('held and missed customers stay in reach, the missed ones only as long as they may come back', () => {
  const story = [
    issued(1, 'A001'),
    issued(2, 'A002'),
    opened(3, 1),
    called(4, 'A001', 1),
    started(5, 'A001', 1),
    held(6, 'A001', 1, 'papers'),
    called(7, 'A002', 1),
    missed(8, 'A002'),
  ]
  const soon = counterDesk(sampleState(story), SAMPLE_DEVICE).post
  expect(soon?.held).toMatchObject([{ number: 'A001', reasonName: { fr: 'Cherche un document' } }])
  expect(soon?.noShows.map((ticket) => ticket.number)).toEqual(['A002'])
  const late = counterDesk(sampleState([...story, issued(60, 'A003')]), SAMPLE_DEVICE).post
  expect(late?.noShows).toEqual([])
})
