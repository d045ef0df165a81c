import { expect, test } from 'vitest'
import type { Epoch, EventSeq } from '#shared/domain/ids.ts'
import type { Log } from '../log.ts'
import { ANSWER_MS_MAX, type CloudAnswer, type CloudDoor } from './cloud-door.ts'
import { startUploader } from './uploader.ts'
import type { Pause } from './within.ts'

const EPOCH = 'e' as Epoch
const prev = '0'.repeat(64)
const frames = [{ epoch: EPOCH, seq: 1 as EventSeq, body: JSON.stringify({ seq: 1, type: 'PowerBack', prev }) }]

/** Nobody waits, but for what has no end. */
const pause: Pause = (ms, signal) =>
  new Promise((resolve) => {
    const timer = ms < ANSWER_MS_MAX ? setTimeout(resolve, 1) : null
    signal.addEventListener('abort', () => {
      if (timer !== null) clearTimeout(timer)
      resolve()
    })
    if (signal.aborted) resolve()
  })

test('a file that cannot be read once does not end the upload: it is told, and gone on with', async () => {
  const told: string[] = []
  const log: Log = { info: () => {}, warn: () => {}, error: (_: unknown, text?: string) => told.push(String(text)) }
  const answer: CloudAnswer = { status: 200, body: { ackedSeq: 1 }, turnedAway: null }
  const door = { post: () => Promise.resolve(answer) } as Pick<CloudDoor, 'post'> as CloudDoor
  let readCount = 0
  const uploader = startUploader({
    ...{ log, door, random: Math.random, pause },
    present: { step: () => Promise.resolve(null), dueInMs: () => 3_600_000, lose: () => {} },
    events: {
      epochs: () => [EPOCH],
      lastSeq: () => 1,
      after(_, seq) {
        readCount += 1
        if (readCount === 1) throw Object.assign(new Error('disk I/O error'), { code: 'SQLITE_IOERR' })
        return frames.slice(seq)
      },
      catalogue: () => null,
    },
  })
  await expect.poll(() => uploader.status(), { interval: 5 }).toEqual({ state: 'up to date', behind: 0 })
  expect(told).toEqual(['what is to be told to the cloud cannot be read; it is tried again'])
  await uploader.close()
})
