import { expect, test } from 'vitest'
import type { DeviceId, SteadyMs, TicketId } from '#shared/domain/ids.ts'
import { counterDesk, type Post } from '#shared/project/counter-desk.ts'
import {
  called,
  issued,
  missed,
  opened,
  SAMPLE_DEVICE,
  type SampleEvent,
  sampleState,
  started,
} from '#shared/project/sample-branch.ts'
import {
  actOfKey,
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
  const atCall = postOf(CALLED).current
  const inService = postOf([...CALLED, started(5, 'A001', 1)]).current
  const acts = ['recall', 'hold', 'return', 'no-show', 'transfer'] as const
  expect(acts.filter((act) => canDo(act, atCall))).toEqual(['recall', 'return', 'no-show', 'transfer'])
  expect(acts.filter((act) => canDo(act, inService))).toEqual(['hold', 'transfer'])
  expect(acts.filter((act) => canDo(act, null))).toEqual([])
})

test('while a customer is at the counter no other number is adopted and the counter stays open', () => {
  const tools = ['adopt', 'issue', 'close'] as const
  expect(tools.filter((act) => canDo(act, postOf(CALLED).current))).toEqual(['issue'])
  expect(tools.filter((act) => canDo(act, null))).toEqual(['adopt', 'issue', 'close'])
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
    question: { name: 'transfer', ticketId: 'A001' as TicketId, number: 'A001' },
  }
  expect(stepCaller(asked, { type: 'desk', desk: deskOf(CALLED) }, 0)).toBe(asked)
  expect(stepCaller(asked, { type: 'desk', desk: deskOf([...CALLED, missed(6, 'A001')]) }, 0).question).toBeNull()
  const closed = counterDesk(sampleState(CALLED), 'another' as DeviceId)
  expect(stepCaller(asked, { type: 'desk', desk: closed }, 0).question).toBeNull()
})

test('a refused act keeps its question open and says why for a while', () => {
  const asked = stepCaller(startCaller, { type: 'ask', question: { name: 'adopt' } }, 0)
  const sent = stepCaller(asked, { type: 'sent' }, 0)
  expect(sent.isBusy).toBe(true)
  const refused = stepCaller(sent, { type: 'answered', toast: { tone: 'problem', text: 'why' }, isDone: false }, 100)
  expect(refused).toMatchObject({ isBusy: false, question: { name: 'adopt' }, toast: { text: 'why' } })
  expect(stepCaller(refused, { type: 'tick' }, 100 + TOAST_SHOWN_MS).toast).toBeNull()
})

test('a refused PIN is said until the next one is sent', () => {
  const refused = stepCaller({ ...startCaller, isBusy: true }, { type: 'pin-refused', text: 'why' }, 0)
  expect(refused).toMatchObject({ isBusy: false, pinProblem: 'why', toast: null })
  expect(stepCaller(refused, { type: 'sent' }, 0).pinProblem).toBeNull()
})

const actOf = (key: string, code = '') => actOfKey({ key, code })

test('space and enter do the next sensible act, letters the others, whatever their case', () => {
  expect([' ', 'Enter', 'r', 'R', 'n', 'x'].map((key) => actOf(key))).toEqual([
    'primary',
    'primary',
    'recall',
    'recall',
    'no-show',
    null,
  ])
})

test('a key that types no Latin letter acts by its place, any other by its letter', () => {
  expect(actOf('ق', 'KeyR')).toBe('recall')
  expect(actOf('a', 'KeyQ')).toBe('adopt')
  expect(actOf('q', 'KeyA')).toBeNull()
})
