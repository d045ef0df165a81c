import { expect, test } from 'vitest'
import { buildApp } from '../app.ts'
import { silent } from '../testing/test-database.ts'
import { registerHealthRoutes } from './health.ts'

test('a disk that takes nothing is told by the health of the cloud, with what is to be done', async () => {
  let nowMs = 1_000
  const app = buildApp(silent, () => nowMs)
  const database = { asNobody: () => Promise.resolve([]) } as never
  registerHealthRoutes(
    app,
    { database, version: '0', nowMs: () => nowMs },
    { health: () => ({}) as never },
    new Map() as never,
  )
  app.post('/write', { config: { door: 'open' } }, () => {
    throw Object.assign(new Error('could not extend file'), { code: '53100' })
  })
  const health = () => app.inject('/api/v1/health')
  expect((await health()).json()).toMatchObject({ status: 'ok' })
  expect((await app.inject({ method: 'POST', url: '/write' })).json()).toMatchObject({ code: 'StorageUnavailable' })
  const told = await health()
  expect([told.statusCode, told.json()]).toMatchObject([
    503,
    { status: 'storage-unavailable', hint: 'The disk of the database is full: make room; it goes on by itself' },
  ])
  nowMs += 61_000
  expect((await health()).statusCode).toBe(200)
  await app.close()
})
