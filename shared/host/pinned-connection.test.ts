import { expect, test } from 'vitest'
import { keyAt } from './pinned-connection.ts'
import { UnreachableError } from './unreachable.ts'

test('an IPv6 address in a URL is dialled, not looked up as if it were a name', async () => {
  const asked = keyAt(new URL('https://[::1]:1'), 3_000)
  await expect(asked).rejects.toThrow(UnreachableError)
  await expect(asked).rejects.not.toThrow(/ENOTFOUND|EAI_AGAIN|no handshake in time/)
})
