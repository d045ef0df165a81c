import type { FastifyRequest } from 'fastify'
import { expect, test } from 'vitest'
import { createSecretAnswers, SECRET_ANSWERS_MAX } from './secret-answers.ts'

const MINUTE_MS = 60_000

function open() {
  const world = { nowMs: 0, settled: 0, count: 0, status: 201 }
  const answers = createSecretAnswers({
    nowMs: () => world.nowMs,
    askerOf: ({ ip }) => ip,
    settleAudit: () => {
      world.settled += 1
    },
  })
  const ask = (key: string, more: { readonly ip?: string; readonly body?: object } = {}) => {
    const { ip = '10.0.0.1', body = {} } = more
    const request = { method: 'POST', url: '/codes', headers: { 'idempotency-key': key }, ip, body }
    return answers.once(request as unknown as FastifyRequest, async () => {
      world.count += 1
      return { status: world.status, body: { secret: `secret ${world.count}` } }
    })
  }
  return { world, ask }
}

test('a secret is told again by the same key to the same asker for ten minutes, and then it is kept by nobody', async () => {
  const { world, ask } = open()
  const first = await ask('once')
  world.nowMs = 10 * MINUTE_MS - 1
  expect(await ask('once')).toEqual(first)
  expect(world).toMatchObject({ count: 1, settled: 1 })
  world.nowMs = 10 * MINUTE_MS
  expect(await ask('once')).toEqual({ status: 201, body: { secret: 'secret 2' } })
})

test('another asker is another, another request by the same key is refused, and a failure is no answer', async () => {
  const { world, ask } = open()
  const first = await ask('once')
  expect((await ask('once', { ip: '10.0.0.2' })).body).not.toEqual(first.body)
  expect(await ask('once', { body: { other: true } })).toMatchObject({ status: 422 })
  world.status = 503
  await ask('fails')
  world.status = 201
  expect((await ask('fails')).status).toBe(201)
})

test('of more than are remembered the oldest is forgotten', async () => {
  const { world, ask } = open()
  for (let at = 0; at <= SECRET_ANSWERS_MAX; at += 1) await ask(`key-${at}`)
  await ask(`key-${SECRET_ANSWERS_MAX}`)
  expect(world.count).toBe(SECRET_ANSWERS_MAX + 1)
  await ask('key-0')
  expect(world.count).toBe(SECRET_ANSWERS_MAX + 2)
})
