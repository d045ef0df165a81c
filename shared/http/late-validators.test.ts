import Fastify, { type FastifyInstance } from 'fastify'
import { expect, test } from 'vitest'
import { lateValidators } from './late-validators.ts'

const server = (): FastifyInstance => {
  const app = Fastify({ schemaController: { compilersFactory: lateValidators } })
  const person = {
    type: 'object',
    required: ['name'],
    properties: { name: { type: 'string' }, age: { type: 'integer' } },
  }
  app.post('/people', { schema: { body: person } }, ({ body }) => body)
  app.get(
    '/people/:id',
    { schema: { params: { type: 'object', properties: { id: { type: 'string', pattern: '^p' } } } } },
    () => ({}),
  )
  return app
}

test('a request is checked by the schema of its route, the first as every other', async () => {
  const app = server()
  for (const _ of [1, 2]) {
    const refused = await app.inject({ method: 'POST', url: '/people', payload: { age: 'old' } })
    expect(refused.json()).toMatchObject({ statusCode: 400, message: "body must have required property 'name'" })
    const taken = await app.inject({ method: 'POST', url: '/people', payload: { name: 'Awa', age: 7 } })
    expect(taken.json()).toEqual({ name: 'Awa', age: 7 })
  }
  const other = await app.inject('/people/7')
  expect(other.json()).toMatchObject({ statusCode: 400, message: 'params/id must match pattern "^p"' })
  expect((await app.inject('/people/p7')).statusCode).toBe(200)
})

test('nothing is compiled before it is needed', async () => {
  const app = server()
  app.post('/seldom', { schema: { body: { type: 'no such type' } } }, () => ({}))
  await app.ready()
  expect((await app.inject({ method: 'POST', url: '/people', payload: { name: 'Awa' } })).statusCode).toBe(200)
  expect((await app.inject({ method: 'POST', url: '/seldom', payload: {} })).statusCode).toBe(500)
})

test('what one server has compiled the next in the same program knows', async () => {
  let readCount = 0
  const schema = {
    type: 'object',
    get properties() {
      readCount += 1
      return { name: { type: 'string' } }
    },
  }
  const ask = async (): Promise<number> => {
    const app = Fastify({ schemaController: { compilersFactory: lateValidators } })
    app.post('/people', { schema: { body: schema } }, () => ({}))
    await app.ready()
    const readBefore = readCount
    expect((await app.inject({ method: 'POST', url: '/people', payload: { name: {} } })).statusCode).toBe(400)
    return readCount - readBefore
  }
  expect(await ask()).toBeGreaterThan(0)
  expect(await ask()).toBe(0)
})
