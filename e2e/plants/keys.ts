import type { ServerPlant } from './server.ts'

const apiKeys = 'cloud-sync/store/api-keys.ts'
const keysTest = 'e2e/identity/api-keys.test.ts'

/** Bugs planted in what lets programs in. */
export const keyPlants: readonly ServerPlant[] = [
  {
    name: 'a key of a tenant is known by its id alone',
    file: apiKeys,
    find: 'if (row === undefined || !isSecret(given.secret, row.secret_hash)) return null',
    replace: 'if (row === undefined) return null',
    testFile: keysTest,
    testName: 'it is shown once',
  },
  {
    name: 'a key that was revoked goes on',
    file: apiKeys,
    find: ' and revoked_at is null and expires_at > $3',
    replace: ' and expires_at > $3',
    testFile: keysTest,
    testName: 'it is over when it ends',
  },
  {
    name: 'a key never ends',
    file: apiKeys,
    find: ' and revoked_at is null and expires_at > $3',
    replace: ' and revoked_at is null and $3::timestamptz is not null',
    testFile: keysTest,
    testName: 'it is over when it ends',
  },
  {
    name: 'somebody gives what she lacks',
    file: 'cloud-sync/plugins/person-door.ts',
    find: 'lacking.length === 0 ? null : problem',
    replace: "lacking.length === 0 || person.personId !== '' ? null : problem",
    testFile: keysTest,
    testName: 'nobody gives what she lacks',
  },
  {
    name: 'what one person was answered is told to another',
    file: 'cloud-sync/store/answers.ts',
    find: 'create({ nowMs, askerOf,',
    replace: "create({ nowMs, askerOf: () => '',",
    testFile: keysTest,
    testName: 'the same request',
  },
  {
    name: 'a key opens what its scopes do not say',
    file: 'cloud-sync/plugins/key-door.ts',
    find: "needed !== 'platform' && found.scopes.includes(needed)",
    replace: "needed !== 'platform'",
    testFile: 'e2e/identity/matrix.test.ts',
    testName: 'each route',
  },
  {
    name: 'nobody is told to wait',
    file: 'shared/http/pace.ts',
    find: '      if (count >= max) return waitMs\n',
    replace: '',
    testFile: 'cloud-sync/routes/security.test.ts',
    testName: 'whoever asks too much',
  },
  {
    name: 'a page of another site may frame ours',
    file: 'shared/http/security-headers.ts',
    find: "    'frame-ancestors': [\"'none'\"],\n",
    replace: '',
    testFile: 'cloud-sync/routes/security.test.ts',
    testName: 'every kind of answer',
  },
  {
    name: 'the cloud keeps each request for ever',
    file: 'cloud-sync/plugins/doors.ts',
    find: '  const limits = createRateLimits(parts)\n',
    replace: `  const limits = createRateLimits(parts)
  const kept: unknown[] = []
  app.addHook('onRequest', async (request) => void kept.push(request))
`,
    testFile: 'e2e/hostile/cloud.test.ts',
    testName: '1000 bad requests',
  },
  {
    name: 'the cloud hangs up on what it does not understand',
    file: 'cloud-sync/plugins/doors.ts',
    find: "    reply.header('x-smartqueue-now', nowMs())\n",
    replace: `    reply.header('x-smartqueue-now', nowMs())
    if (request.headers['content-type'] === 'text/plain') {
      request.raw.destroy()
      return reply.hijack()
    }
`,
    testFile: 'e2e/hostile/cloud.test.ts',
    testName: '1000 bad requests',
  },
  {
    name: 'wrong secrets of a pairing code are not counted',
    file: 'branch-server/access/pairings.ts',
    find: 'found.wrongCount += 1',
    replace: 'found.wrongCount += 0',
    testFile: 'e2e/hostile/guesses.test.ts',
    testName: 'whoever has read the open part',
  },
]
