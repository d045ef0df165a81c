import fastify from 'fastify'
import { errors } from 'oidc-provider'
import { expect, test } from 'vitest'
import type { Identity } from '../../identity/open-identity.ts'
import type { App } from '../../parts.ts'
import { DatabaseBusyError } from '../../store/transactions.ts'
import { takeForms, underWay } from './sign-in-pages.ts'

test('a sign-in that is under way is told to come again while the database is busy, and that it has ended once it has', async () => {
  const pages = fastify()
  takeForms(pages as unknown as App, 'http://127.0.0.1')
  const failing = (error: Error) =>
    ({ provider: () => ({ interactionDetails: () => Promise.reject(error) }) }) as unknown as Identity
  pages.get('/busy', async (request, reply) => {
    await underWay(failing(new DatabaseBusyError('all at work')), request, reply)
  })
  pages.get('/ended', async (request, reply) => {
    await underWay(failing(new errors.SessionNotFound('gone')), request, reply)
    return reply
  })
  const busy = await pages.inject('/busy')
  expect([busy.statusCode, Number(busy.headers['retry-after']) > 0]).toEqual([503, true])
  expect((await pages.inject('/ended')).statusCode).toBe(410)
})
