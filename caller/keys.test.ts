import { expect, test } from 'vitest'
import { counterDesk } from '#shared/project/counter-desk.ts'
import {
  called,
  issued,
  opened,
  SAMPLE_DEVICE,
  type SampleEvent,
  sampleState,
  started,
  visitedBy,
} from '#shared/project/sample-branch.ts'
import { ACT_KEYS, actOfKey } from './keys.ts'
import { meaningOf } from './meaning.ts'

const actOf = (key: string, code = '') => actOfKey({ key, code }, 'desk')

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

test('no two acts share a key', () => {
  const keys = Object.values(ACT_KEYS)
  expect(new Set(keys).size).toBe(keys.length)
})

test('on the manager’s pages the keys of the desk are asleep', () => {
  const onPage = (key: string) => actOfKey({ key, code: '' }, 'today')
  expect([' ', 'Enter', 'r', 'l'].map(onPage)).toEqual([null, null, null, null])
  expect(['1', '2', '3', 'Escape', 'm'].map(onPage)).toEqual(['today', 'floor', 'steer', 'desk', 'manage'])
})

const deskOf = (story: readonly SampleEvent[]) => counterDesk(sampleState(story), SAMPLE_DEVICE)
const SERVING = [issued(1, 'A001'), opened(2, 1), called(3, 'A001', 1), started(4, 'A001', 1)]

test('a key becomes an act, a question, or nothing where it does not fit', () => {
  expect(meaningOf('primary', deskOf(SERVING), 'desk')).toEqual({ type: 'complete', ticketId: 'A001' })
  expect(meaningOf('finish', deskOf(SERVING), 'desk')).toMatchObject({ type: 'ask', question: { name: 'finish' } })
  expect(meaningOf('break', deskOf(SERVING), 'desk')).toBeNull()
  expect(meaningOf('break', deskOf([opened(1, 1)]), 'desk')).toEqual({ type: 'ask', question: { name: 'break' } })
  expect(meaningOf('primary', deskOf(SERVING), 'steer')).toBeNull()
})

test('only a manager is led to the manager’s pages, and back by the same key', () => {
  const managed = deskOf([opened(1, 1, SAMPLE_DEVICE, 'fatou')])
  expect(meaningOf('manage', managed, 'desk')).toEqual({ type: 'page', page: 'today' })
  expect(meaningOf('manage', managed, 'floor')).toEqual({ type: 'page', page: 'desk' })
})

test('at the desk of an agent the same key asks for a manager’s PIN; over it she leaves by two keys', () => {
  const asked = { type: 'ask', question: { name: 'manager-in' } }
  expect(meaningOf('manage', deskOf(SERVING), 'desk')).toEqual(asked)
  const visited = deskOf([...SERVING, visitedBy(5, 'fatou')])
  expect(meaningOf('floor', visited, 'today')).toEqual({ type: 'page', page: 'floor' })
  expect(meaningOf('desk', visited, 'today')).toEqual({ type: 'manager-out' })
  expect(meaningOf('primary', visited, 'today')).toBeNull()
})
