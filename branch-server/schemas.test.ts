import AjvCompiler from '@fastify/ajv-compiler'
import { expect, test, vi } from 'vitest'
import { openTestBranch } from './testing/test-branch.ts'

// A schema that does not compile would show itself when its route is asked the first time: here all are compiled ahead.
vi.mock('#shared/http/lazy-validators.ts', () => ({ lazyValidators: () => AjvCompiler() }))

test('every schema of every route compiles', async () => {
  await using branch = await openTestBranch()
  expect((await branch.stranger.get('/api/v1/health')).status).toBe(200)
})
