import { expect, test } from 'vitest'
import { SCOPES } from '#shared/access/roles.ts'
import { servedRoutes } from '#shared/http/testing/served-routes.ts'
import { openTestBranch } from '../testing/test-branch.ts'
import { scopesOfRoute } from './route-scopes.ts'

interface Description {
  readonly openapi: string
  readonly paths: Record<
    string,
    Record<string, { summary: string; security: object[]; responses: Record<string, { description: string }> }>
  >
}

test('the description names every route, what it does, who may ask and what comes back', async () => {
  await using branch = await openTestBranch({ catalogue: null })
  const { body } = await branch.stranger.get<Description>('/openapi.json')
  const described = Object.entries(body.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, route]) => ({ name: `${method.toUpperCase()} ${path}`, route })),
  )
  const interfaces = servedRoutes(branch.running.app).filter((route) => / \/api\/v1\/(?!feed$)/.test(route))
  expect(described.map(({ name }) => name).toSorted()).toEqual(
    interfaces.map((route) => route.replaceAll(/:(\w+)/g, '{$1}')).toSorted(),
  )
  for (const { name, route } of described) {
    expect([name, route.summary]).not.toEqual([name, ''])
    expect(Object.values(route.responses).every(({ description }) => description !== '')).toBe(true)
    expect(Object.keys(route.responses)).toContain('default')
  }
  const behindDoors = described.filter(({ route }) => route.security.length > 0).map(({ name }) => name)
  expect(behindDoors.filter((name) => scopesOfRoute(name) === null)).toEqual([])
  // What each asks for is among the scopes that a role may have, and acts on tickets are not read for nothing.
  const scopes = new Set(described.flatMap(({ route }) => route.security.flatMap((door) => Object.values(door).flat())))
  expect([...scopes].filter((scope) => !SCOPES.some((known) => known === scope))).toEqual([])
  const asked = Object.fromEntries(
    described.map(({ name, route }) => [name, Object.values(route.security[0] ?? {})[0]]),
  )
  expect(asked).toMatchObject({
    ...{ 'POST /api/v1/tickets': ['write:ticket'], 'GET /api/v1/tickets/{ticketId}/details': ['read:customer'] },
    ...{ 'PUT /api/v1/catalogue': ['manage:settings'], 'POST /api/v1/queues/{queueId}/pause': ['manage:queue'] },
    ...{ 'GET /api/v1/reports/today': ['read:reports'], 'GET /api/v1/devices/self': [] },
  })
  const open = described.filter(({ route }) => route.security.length === 0).map(({ name }) => name)
  expect(open.toSorted()).toEqual(['GET /api/v1/health', 'POST /api/v1/pairings/claim'])
})
