import { createHmac } from 'node:crypto'
import { expect, test } from 'vitest'
import { createKeyedHash } from './keyed-hash.ts'

const byNode = (secret: string, text: string): string => createHmac('sha256', secret).update(text).digest('base64url')

/** One that fits, one as long as a block, one that is hashed first. */
const SECRETS = ['k', 'q'.repeat(43), 'b'.repeat(64), 'l'.repeat(65)]
const TEXTS = [
  '',
  'POST /api/v1/tickets\n{}',
  'é€😀',
  '\ud800',
  'x'.repeat(1_365),
  '€'.repeat(1_366),
  'y'.repeat(20_000),
]

test('hashes of requests that were kept before are found again: they are those that HMAC makes', () => {
  for (const secret of SECRETS) {
    const keyedHash = createKeyedHash(secret)
    for (const text of TEXTS) expect(keyedHash(text)).toBe(byNode(secret, text))
    // A long text leaves nothing of itself in a short one after it.
    expect(keyedHash('short')).toBe(byNode(secret, 'short'))
  }
})
