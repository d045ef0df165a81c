import { expect, test } from 'vitest'
import { createSender, TRIES_MAX, unread } from './send-command.ts'

type Reply = Response | 'nobody'

function sender(replies: readonly Reply[]) {
  const keys: string[] = []
  let count = 0
  const send = createSender({
    fetch: (_path, init) => {
      keys.push(new Headers(init.headers).get('idempotency-key') ?? '')
      const reply = replies[keys.length - 1] ?? 'nobody'
      return reply === 'nobody' ? Promise.reject(new TypeError('no answer')) : Promise.resolve(reply)
    },
    newKey: () => `key-${++count}`,
    wait: () => Promise.resolve(),
  })
  return { send, keys }
}

const json = (body: object, status: number): Response => new Response(JSON.stringify(body), { status })

test('an act whose answer was lost is tried again with the same key', async () => {
  const { send, keys } = sender(['nobody', json({ number: 'A001' }, 201)])
  const answer = await send('/api/v1/tickets', {}, unread)
  expect(answer).toEqual({ ok: true, value: true })
  expect(keys).toEqual(['key-1', 'key-1'])
})

test('two acts have two keys', async () => {
  const { send, keys } = sender([json({}, 200), json({}, 200)])
  await send('/a', {}, unread)
  await send('/a', {}, unread)
  expect(keys).toEqual(['key-1', 'key-2'])
})

test('a refusal is told by its code and not tried again', async () => {
  const { send, keys } = sender([json({ code: 'QueueEmpty', status: 409 }, 409)])
  expect(await send('/a', {}, unread)).toEqual({ ok: false, code: 'QueueEmpty' })
  expect(keys).toHaveLength(1)
})

test('after three tries without an answer the host counts as unreachable', async () => {
  const { send, keys } = sender([])
  expect(await send('/a', {}, unread)).toEqual({ ok: false, code: 'HostUnreachable' })
  expect(keys).toHaveLength(TRIES_MAX)
})

test('an answer that is no JSON, or not what was asked for, is a problem and no crash', async () => {
  const { send } = sender([new Response('<html>', { status: 200 }), json({ surprise: 1 }, 200)])
  expect(await send('/a', {}, unread)).toEqual({ ok: false, code: 'other' })
  expect(await send('/a', {}, () => null)).toEqual({ ok: false, code: 'other' })
})
