import buildAjv from '@fastify/ajv-compiler'
import { expect, test, vi } from 'vitest'
import { openTestBranch } from './testing/test-branch.ts'

// A schema that does not compile would show itself when its route is asked the first time: here all are compiled ahead,
// and are compared with what a schema must look like.
vi.mock('#shared/http/late-validators.ts', () => ({
  lateValidators: { buildValidator: buildAjv() },
  PROVEN_SCHEMAS: {},
}))

test('every schema of every route compiles', async () => {
  await using branch = await openTestBranch()
  expect((await branch.stranger.get('/api/v1/health')).status).toBe(200)
})
