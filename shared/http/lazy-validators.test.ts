import Fastify from 'fastify'
import { expect, test } from 'vitest'
import { lazyValidators } from './lazy-validators.ts'

test('a schema is compiled when its route is asked, not before, and refuses what it should', async () => {
  const app = Fastify({ schemaController: { compilersFactory: { buildValidator: lazyValidators() } } })
  const body = { type: 'object', required: ['number'], properties: { number: { type: 'integer' } } }
  app.post('/good', { schema: { body } }, () => 'yes')
  app.post('/broken', { schema: { body: { type: 'nonsense' } } }, () => 'yes')
  await app.ready()
  const ask = (url: string, payload: object) => app.inject({ method: 'POST', url, payload })
  expect((await ask('/good', { number: 1 })).body).toBe('yes')
  const refused = await ask('/good', { number: 'x' })
  expect([refused.statusCode, refused.json().message]).toEqual([400, 'body/number must be integer'])
  expect((await ask('/broken', { number: 1 })).statusCode).toBe(500)
})
