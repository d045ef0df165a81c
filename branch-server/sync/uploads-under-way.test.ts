import { expect, test } from 'vitest'
import type { Epoch, EventSeq } from '#shared/domain/ids.ts'
import { type Frame, LOG_PAGE_MAX } from '../store/event-log.ts'
import type { CloudAnswer } from './cloud-door.ts'
import type { ReadyUpload } from './ready-upload.ts'
import { createUploadsUnderWay } from './uploads-under-way.ts'

const EPOCH = 'e' as Epoch

const frame = (seq: number): Frame => ({ epoch: EPOCH, seq: seq as EventSeq, body: JSON.stringify({ seq }) })
const kept = ({ lastSeq: ackedSeq }: ReadyUpload): CloudAnswer => ({
  ...{ status: 200, body: { ackedSeq }, turnedAway: null },
})
const gapAt = (expectedSeq: number): CloudAnswer => ({
  ...{ status: 409, body: { code: 'SequenceGap', expectedSeq }, turnedAway: null },
})

/** A log of so many pages; what is sent waits for its answer. */
function world(pageCount: number, isWayMade = true) {
  const posted: { readonly upload: ReadyUpload; readonly answer: (it: CloudAnswer | Error) => void }[] = []
  const lastSeq = pageCount * LOG_PAGE_MAX
  const underWay = createUploadsUnderWay({
    read: (_, seq) =>
      Array.from({ length: Math.min(LOG_PAGE_MAX, lastSeq - seq) }, (_nothing, at) => frame(seq + at + 1)),
    post: (upload) =>
      new Promise((resolve, reject) => {
        posted.push({ upload, answer: (it) => (it instanceof Error ? reject(it) : resolve(it)) })
      }),
    makeWay: () => Promise.resolve(isWayMade),
    isFollowed: (upload) => upload.lastSeq < lastSeq,
    pause: () => Promise.resolve(),
  })
  const answer = (at: number, it?: CloudAnswer | Error): void => {
    const asked = posted[at]
    if (asked === undefined) throw new Error(`Only ${posted.length} were sent`)
    asked.answer(it ?? kept(asked.upload))
  }
  const sent = (count: number) =>
    expect.poll(() => posted.map(({ upload }) => upload.after / LOG_PAGE_MAX), { interval: 1 }).toHaveLength(count)
  const pages = () => posted.map(({ upload }) => upload.after / LOG_PAGE_MAX)
  const send = (page: number) => underWay.send(underWay.after(EPOCH, page * LOG_PAGE_MAX))
  return { answer, sent, pages, send }
}

test('the next upload leaves before the last is answered, once, and no third beside them', async () => {
  const { answer, sent, pages, send } = world(3)
  const first = send(0)
  await sent(2)
  answer(0)
  expect(await first).toMatchObject({ status: 200 })
  const second = send(1)
  await sent(3)
  answer(1)
  answer(2)
  expect((await second).body).toEqual({ ackedSeq: 2 * LOG_PAGE_MAX })
  expect((await send(2)).body).toEqual({ ackedSeq: 3 * LOG_PAGE_MAX })
  expect(pages()).toEqual([0, 1, 2])
})

test('one that overtook the one before is sent again in its turn, and what it was told is not heard; then it is one by one', async () => {
  const { answer, sent, pages, send } = world(4)
  const first = send(0)
  await sent(2)
  answer(1, gapAt(1))
  answer(0)
  await first
  // Nothing is sent behind it: it would follow on nothing.
  const second = send(1)
  await sent(3)
  answer(2)
  expect((await second).body).toEqual({ ackedSeq: 2 * LOG_PAGE_MAX })
  const third = send(2)
  await sent(4)
  answer(3)
  await third
  expect(pages()).toEqual([0, 1, 1, 2])
})

test('what an early one was told before its turn is not believed then, however long that is', async () => {
  const { answer, sent, pages, send } = world(3)
  const first = send(0)
  await sent(2)
  answer(0)
  await first
  answer(1, new Error('the line is broken'))
  await new Promise((resolve) => setImmediate(resolve))
  const second = send(1)
  await sent(3)
  answer(2)
  expect((await second).body).toEqual({ ackedSeq: 2 * LOG_PAGE_MAX })
  expect(pages()).toEqual([0, 1, 1])
})

test('one that is a gap although its turn had come is sent again, once what was sent behind it is over', async () => {
  const { answer, sent, pages, send } = world(4)
  const first = send(0)
  await sent(2)
  answer(0)
  await first
  const second = send(1)
  await sent(3)
  answer(1, gapAt(1))
  answer(2, gapAt(LOG_PAGE_MAX + 1))
  await sent(4)
  answer(3)
  expect((await second).body).toEqual({ ackedSeq: 2 * LOG_PAGE_MAX })
  expect(pages()).toEqual([0, 1, 2, 1])
})

test('where one is not kept, what was sent behind it is over before anything else is done, and is not heard', async () => {
  const { answer, sent, pages, send } = world(3)
  const first = send(0)
  await sent(2)
  let isOver = false
  const refused = first.catch((error: Error) => {
    isOver = true
    return error
  })
  answer(0, new Error('the line is broken'))
  await new Promise((resolve) => setImmediate(resolve))
  expect(isOver).toBe(false)
  answer(1, gapAt(1))
  expect(await refused).toMatchObject({ message: 'the line is broken' })
  // Whoever asks again gets what follows where the cloud stands.
  const again = send(0)
  await sent(4)
  answer(2)
  await again
  expect(pages()).toEqual([0, 1, 0, 1])
})

test('a cloud that takes only one at a time is sent one at a time', async () => {
  const { answer, sent, pages, send } = world(4)
  const first = send(0)
  await sent(2)
  answer(0)
  await first
  const second = send(1)
  await sent(3)
  const busy: CloudAnswer = { status: 503, body: null, turnedAway: { kind: 'turned away', askedMs: 2_000 } }
  answer(1, busy)
  answer(2, busy)
  // It is told so: it comes no earlier than it was asked to.
  expect(await second).toEqual(busy)
  const again = send(1)
  await sent(4)
  answer(3)
  expect((await again).status).toBe(200)
  expect(pages()).toEqual([0, 1, 2, 1])
})

test('nothing is sent ahead of what must be there before it', async () => {
  const { answer, sent, pages, send } = world(2, false)
  const first = send(0)
  await sent(1)
  answer(0)
  await first
  expect(pages()).toEqual([0])
})

test('where the cloud stands elsewhere than was thought, what is sent follows there', async () => {
  const { answer, sent, pages, send } = world(4)
  const first = send(0)
  await sent(2)
  answer(0)
  answer(1)
  await first
  const next = send(3)
  await sent(3)
  answer(2)
  await next
  expect(pages()).toEqual([0, 1, 3])
})
