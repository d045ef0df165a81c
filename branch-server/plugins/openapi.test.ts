import { expect, test } from 'vitest'
import { servedRoutes } from '#shared/http/testing/served-routes.ts'
import { openTestBranch } from '../testing/test-branch.ts'

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
  const open = described.filter(({ route }) => route.security.length === 0).map(({ name }) => name)
  expect(open.toSorted()).toEqual(['GET /api/v1/health', 'POST /api/v1/pairings/claim'])
})
