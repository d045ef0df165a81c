import { expect, test } from 'vitest'
import { counterDesk } from '#shared/project/counter-desk.ts'
import { called, issued, opened, SAMPLE_DEVICE, type SampleEvent, sampleState } from '#shared/project/sample-branch.ts'
import { isWaitedFor, RING_AGAIN_MS, RINGS_MAX, type Ringing, stepRinging } from './waiting-sound.ts'

/** When it rings in a story of moments: somebody waits, or nobody does. */
function rings(story: readonly (readonly [atMs: number, isWaited: boolean])[]): readonly number[] {
  let ringing: Ringing | null = null
  return story.flatMap(([atMs, isWaited]) => {
    const step = stepRinging(ringing, isWaited, atMs)
    ringing = step.ringing
    return step.rings ? [atMs] : []
  })
}

test('it rings when somebody begins to wait, not with each one more, and again for the next after that', () => {
  const story = [
    [0, false],
    [1_000, true],
    [2_000, true],
    [3_000, false],
    [4_000, true],
  ] as const
  expect(rings(story)).toEqual([1_000, 4_000])
})

test('whoever did not hear it is told again a few times, and then no more', () => {
  const hour = Array.from({ length: 360 }, (_, at) => [at * 10_000, true] as const)
  expect(rings(hour)).toEqual(Array.from({ length: RINGS_MAX }, (_, at) => at * RING_AGAIN_MS))
})

const waited = (story: readonly SampleEvent[]) => isWaitedFor(counterDesk(sampleState(story), SAMPLE_DEVICE).post)

test('somebody is waited for only at a free counter of this desk', () => {
  expect(waited([issued(1, 'A001')])).toBe(false)
  expect(waited([opened(1, 1)])).toBe(false)
  expect(waited([opened(1, 1), issued(2, 'A001')])).toBe(true)
  expect(waited([opened(1, 1), issued(2, 'A001'), issued(2, 'A002'), called(3, 'A001', 1)])).toBe(false)
})
