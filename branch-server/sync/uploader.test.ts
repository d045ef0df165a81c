import { expect, test } from 'vitest'
import type { Epoch } from '#shared/domain/ids.ts'
import type { Frame } from '../store/event-log.ts'
import type { CloudAnswer } from './cloud-door.ts'
import { startUploader } from './uploader.ts'

const epoch = 'e' as Epoch
const silent = { info: () => {}, warn: () => {}, error: () => {} }

/** A cloud that answers as it is told to, and a log of so many events. */
function world() {
  const state = { lastSeq: 1, answers: [] as ((answer: CloudAnswer) => void)[] }
  const frames = (after: number) =>
    Array.from({ length: state.lastSeq - after }, (_, at) => ({
      seq: after + at + 1,
      body: `{"seq":${after + at + 1}}`,
    }))
  const uploader = startUploader({
    log: silent,
    door: {
      post: () => new Promise((resolve) => state.answers.push(resolve)),
      get: () => Promise.reject(new Error('nothing is asked for')),
      nowMs: () => null,
    },
    events: {
      epochs: () => [epoch],
      lastSeq: () => state.lastSeq,
      after: (_, seq) => frames(seq) as unknown as readonly Frame[],
      catalogue: () => null,
    },
    present: { step: () => Promise.resolve(null), dueInMs: () => 60_000, lose: () => {} },
    random: () => 0.5,
    pause: (ms, signal) =>
      ms < 1_000
        ? Promise.resolve()
        : new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true })),
  })
  return { state, uploader }
}

const asked = (answers: readonly unknown[], count: number) => expect.poll(() => answers.length).toBe(count)

test('a branch whose cloud is slow to answer does not say that it is up to date', async () => {
  const { state, uploader } = world()
  await asked(state.answers, 1)
  state.answers[0]?.({ status: 200, body: { ackedSeq: 1 }, turnedAway: null })
  await expect.poll(() => uploader.status()).toEqual({ state: 'up to date', behind: 0 })
  state.lastSeq = 3
  uploader.wake()
  await asked(state.answers, 2)
  // The request is under way, and may be so for a minute.
  expect(uploader.status()).toEqual({ state: 'catching up', behind: 2 })
  state.answers[1]?.({ status: 200, body: { ackedSeq: 3 }, turnedAway: null })
  await expect.poll(() => uploader.status()).toEqual({ state: 'up to date', behind: 0 })
  await uploader.close()
})
