import { expect, test } from 'vitest'
import type { DeviceId, SteadyMs, TicketId } from '#shared/domain/ids.ts'
import { counterDesk, type Post } from '#shared/project/counter-desk.ts'
import {
  called,
  issued,
  missed,
  opened,
  pausedFrom,
  SAMPLE_DEVICE,
  type SampleEvent,
  sampleState,
  started,
  visitedBy,
} from '#shared/project/sample-branch.ts'
import {
  type CallerModel,
  canDo,
  levelOf,
  primaryAct,
  serviceMsAt,
  startCaller,
  stepCaller,
  TOAST_SHOWN_MS,
  waitMsAt,
} from './model.ts'

const CALLED: readonly SampleEvent[] = [issued(1, 'A001'), issued(2, 'A002'), opened(3, 1), called(4, 'A001', 1)]

const deskOf = (story: readonly SampleEvent[]) => counterDesk(sampleState(story), SAMPLE_DEVICE)

function postOf(story: readonly SampleEvent[]): Post {
  const { post } = deskOf(story)
  if (post === null) throw new Error('Nobody has signed in')
  return post
}

const FREE = postOf([opened(1, 1)])

test('the primary button leads from call to start to complete', () => {
  expect(primaryAct(postOf([opened(1, 1)]))).toBe('call-next')
  expect(primaryAct(postOf(CALLED))).toBe('start')
  expect(primaryAct(postOf([...CALLED, started(5, 'A001', 1)]))).toBe('complete')
})

test('a time turns amber at 80 % of its target and red at 100 %', () => {
  expect([79, 80, 99, 100].map((durationMs) => levelOf(durationMs, 100))).toEqual(['good', 'near', 'near', 'over'])
  expect(levelOf(1_000_000, 0)).toBe('good')
})

test('each side act fits only the tickets it can be done with', () => {
  const atCall = postOf(CALLED)
  const inService = postOf([...CALLED, started(5, 'A001', 1)])
  const acts = ['recall', 'hold', 'return', 'no-show', 'transfer', 'finish', 'note'] as const
  expect(acts.filter((act) => canDo(act, atCall))).toEqual(['recall', 'return', 'no-show', 'transfer', 'note'])
  expect(acts.filter((act) => canDo(act, inService))).toEqual(['hold', 'transfer', 'finish', 'note'])
  expect(acts.filter((act) => canDo(act, FREE))).toEqual([])
})

test('while a customer is at the counter no other number is adopted and the counter stays open', () => {
  const tools = ['adopt', 'issue', 'serve-now', 'break', 'close'] as const
  expect(tools.filter((act) => canDo(act, postOf(CALLED)))).toEqual(['issue'])
  expect(tools.filter((act) => canDo(act, FREE))).toEqual([...tools])
})

test('waits and services are measured on the branch’s steady time', () => {
  const post = postOf([...CALLED, started(5, 'A001', 1)])
  const [waiting] = post.waiting
  if (waiting === undefined || post.current === null) throw new Error('The story lacks a ticket')
  expect(waitMsAt(waiting, (12 * 60_000) as SteadyMs)).toBe(10 * 60_000)
  expect(serviceMsAt(post.current, (8 * 60_000) as SteadyMs)).toBe(3 * 60_000)
})

test('a question about a ticket goes away when the ticket does, and all of them when the counter closes', () => {
  const asked: CallerModel = {
    ...startCaller,
    seat: 'here',
    question: { name: 'transfer', ticketId: 'A001' as TicketId, number: 'A001' },
  }
  expect(stepCaller(asked, { type: 'desk', desk: deskOf(CALLED) }, 0)).toBe(asked)
  expect(stepCaller(asked, { type: 'desk', desk: deskOf([...CALLED, missed(6, 'A001')]) }, 0).question).toBeNull()
  const closed = counterDesk(sampleState(CALLED), 'another' as DeviceId)
  expect(stepCaller(asked, { type: 'desk', desk: closed }, 0).question).toBeNull()
})

test('a refused act keeps its question open and says why for a while', () => {
  const asked = stepCaller(startCaller, { type: 'ask', question: { name: 'adopt' } }, 0)
  const sent = stepCaller(asked, { type: 'sent', isLeaving: false }, 0)
  expect(sent.isBusy).toBe(true)
  const refused = stepCaller(sent, { type: 'answered', toast: { tone: 'problem', text: 'why' }, isDone: false }, 100)
  expect(refused).toMatchObject({ isBusy: false, question: { name: 'adopt' }, toast: { text: 'why' } })
  expect(stepCaller(refused, { type: 'tick' }, 100 + TOAST_SHOWN_MS).toast).toBeNull()
})

test('a refused PIN is said until the next one is sent', () => {
  const refused = stepCaller({ ...startCaller, isBusy: true }, { type: 'pin-refused', text: 'why' }, 0)
  expect(refused).toMatchObject({ isBusy: false, pinProblem: 'why', toast: null })
  expect(stepCaller(refused, { type: 'sent', isLeaving: false }, 0).pinProblem).toBeNull()
})

test('nobody but a manager stays on the manager’s pages, and their questions go with her', () => {
  const looking = stepCaller({ ...startCaller, seat: 'here' }, { type: 'page', page: 'steer' }, 0)
  const asked = stepCaller(looking, { type: 'ask', question: { name: 'close-day' } }, 0)
  const managed = deskOf([opened(1, 1, SAMPLE_DEVICE, 'fatou')])
  expect(stepCaller(asked, { type: 'desk', desk: managed }, 0)).toBe(asked)
  expect(stepCaller(asked, { type: 'desk', desk: deskOf(CALLED) }, 0)).toMatchObject({ page: 'desk', question: null })
})

test('on a break the way back is the next sensible act, and only leaving is another', () => {
  const post = postOf([opened(1, 1), pausedFrom(2, 1, 'papers')])
  expect(primaryAct(post)).toBe('end-break')
  const tools = ['adopt', 'issue', 'serve-now', 'break', 'close'] as const
  expect(tools.filter((act) => canDo(act, post))).toEqual(['close'])
})

test('over the desk of another a manager has her pages alone, and the desk is back when she leaves', () => {
  const visited = deskOf([...CALLED, visitedBy(5, 'fatou')])
  const came = stepCaller({ ...startCaller, seat: 'here' }, { type: 'desk', desk: visited }, 0)
  expect(came.page).toBe('today')
  const steering = stepCaller(came, { type: 'page', page: 'steer' }, 0)
  const back = stepCaller(steering, { type: 'desk', desk: deskOf(CALLED) }, 0)
  expect(back).toMatchObject({ page: 'desk', seat: 'here' })
  const asked: CallerModel = { ...startCaller, seat: 'here', question: { name: 'close' } }
  expect(stepCaller(asked, { type: 'desk', desk: visited }, 0).question).toBeNull()
})

test('whoever finds her counter ended without her is told so; whoever closed it herself is not', () => {
  const closed = counterDesk(sampleState(CALLED), 'another' as DeviceId)
  const here: CallerModel = { ...startCaller, seat: 'here' }
  const taken = stepCaller(here, { type: 'desk', desk: closed }, 0)
  expect(taken.seat).toBe('taken')
  expect(stepCaller(taken, { type: 'desk', desk: deskOf(CALLED) }, 0).seat).toBe('here')
  const leaving = stepCaller(here, { type: 'sent', isLeaving: true }, 0)
  expect(stepCaller(leaving, { type: 'desk', desk: closed }, 0).seat).toBe('none')
  const refused = stepCaller(leaving, { type: 'answered', toast: null, isDone: false }, 0)
  expect(stepCaller(refused, { type: 'desk', desk: closed }, 0).seat).toBe('taken')
})

test('a question that is asked while an act is on its way outlives it; the one it answers does not', () => {
  const [close, pause] = [{ name: 'close' } as const, { name: 'break' } as const]
  const answered = { type: 'answered', toast: null, isDone: true } as const
  const sent = stepCaller(startCaller, { type: 'sent', isLeaving: false }, 0)
  const asked = stepCaller(sent, { type: 'ask', question: close }, 0)
  expect(stepCaller(asked, answered, 0).question).toEqual(close)
  const answering = stepCaller({ ...startCaller, question: pause }, { type: 'sent', isLeaving: false }, 0)
  expect(stepCaller(answering, answered, 0).question).toBeNull()
  expect(stepCaller(answering, { ...answered, isDone: false }, 0).question).toEqual(pause)
})
