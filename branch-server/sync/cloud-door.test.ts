import { setTimeout as wait } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { openCloudDoor } from './cloud-door.ts'

/** Of a cloud that never ends to speak. */
function endless(): ReadableStream<Uint8Array> {
  const part = new Uint8Array(1024 * 1024).fill(32)
  return new ReadableStream({ pull: (controller) => controller.enqueue(part) })
}

const doorTo = (answer: () => Response) =>
  openCloudDoor({
    identity: { cloudUrl: 'http://cloud', tenantId: 'tenant', branchId: 'branch' },
    signRequest: () => 'signature',
    wallMs: () => 0,
    fetch: () => Promise.resolve(answer()),
    pause: (ms, signal) => wait(ms, undefined, { signal, ref: false }).catch(() => {}),
    ending: new AbortController().signal,
  })

test('a branch reads no answer that is longer than any of its cloud’s, whatever it asked', async () => {
  const door = doorTo(() => new Response(endless()))
  await expect(door.post('/path', {})).rejects.toThrow('more than a branch takes')
  await expect(door.get('/path', new AbortController().signal)).rejects.toThrow('more than a branch takes')
})

test('what cannot be read is an answer without a body', async () => {
  expect(await doorTo(() => new Response('<p>', { status: 502 })).post('/path', {})).toMatchObject({
    status: 502,
    body: null,
    turnedAway: null,
  })
  expect(await doorTo(() => new Response('{"a":1}')).post('/path', {})).toMatchObject({ status: 200, body: { a: 1 } })
})
