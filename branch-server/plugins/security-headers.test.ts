import { expect, test } from 'vitest'
import { openTestBranch } from '../testing/test-branch.ts'

test('every kind of answer tells the browser what it may not do', async () => {
  await using branch = await openTestBranch()
  const { stranger, installer } = branch
  const answers = [
    await stranger.get('/api/v1/health'),
    await stranger.get('/api/v1/board'),
    await stranger.get('/docs/static/index.html'),
    await installer.get('/nowhere'),
    // Answered before any hook has seen it.
    await stranger.get('/%zz'),
    await installer.send('POST', '/api/v1/pairings', 'no json'),
  ]
  expect(answers.map(({ status }) => status)).toEqual([200, 401, 200, 404, 400, 400])
  for (const { headers } of answers) {
    expect(headers.get('x-content-type-options')).toBe('nosniff')
    expect(headers.get('x-frame-options')).toBe('DENY')
    expect(headers.get('cross-origin-resource-policy')).toBe('same-origin')
    expect(headers.get('referrer-policy')).toBe('no-referrer')
    expect(headers.get('content-security-policy')).toContain("default-src 'none'")
    expect(headers.get('content-security-policy')).toContain("frame-ancestors 'none'")
    // Of plain HTTP nobody can promise that it will be TLS.
    expect(headers.get('strict-transport-security')).toBeNull()
  }
  // The page that describes the interface loads its own script, and nobody else's.
  expect(answers[2]?.headers.get('content-security-policy')).toMatch(/script-src 'self';/)
})
