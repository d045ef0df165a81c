import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, test } from 'vitest'
import type { DeviceId } from '../domain/ids.ts'
import { askBranch, claimCode } from './branch-client.ts'
import { UnreachableError } from './unreachable.ts'

const A_KEY = Buffer.alloc(32, 7).toString('base64url')
const CHUNK = Buffer.alloc(1024 * 1024, ' ')
const SENT_CHUNKS_MAX = 200

test('an answer without end is given up while it comes in, not after', async () => {
  let sentCount = 0
  const server = createServer((_asked, answer) => {
    const send = (): void => {
      if (answer.destroyed || sentCount >= SENT_CHUNKS_MAX) {
        answer.end()
        return
      }
      sentCount += 1
      if (answer.write(CHUNK)) setImmediate(send)
      else answer.once('drain', send)
    }
    send()
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')

  const asked = claimCode(
    { branchUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, branchKey: A_KEY },
    'ABC',
    'kiosk',
    'key',
    null,
  )

  await expect(asked).rejects.toThrow(UnreachableError)
  await expect(asked).rejects.toThrow('too large')
  expect(sentCount).toBeLessThan(SENT_CHUNKS_MAX)
  server.closeAllConnections()
  server.close()
})

test('whatever is asked, a branch is told how long its body is', async () => {
  const heard: (readonly [string | undefined, string | undefined, string])[] = []
  const server = createServer((asked, answer) => {
    const chunks: Buffer[] = []
    asked.on('data', (chunk: Buffer) => chunks.push(chunk))
    asked.on('end', () => {
      heard.push([asked.method, asked.headers['content-type'], Buffer.concat(chunks).toString()])
      answer.end('{}')
    })
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const branchUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const pairing = {
    branchUrl,
    branchKey: A_KEY,
    deviceId: 'd' as DeviceId,
    kind: 'caller',
    token: 't',
    name: 'n',
    slot: null,
  } as const
  const asking = { path: '/', timeoutMs: 5_000 } as const
  for (const method of ['POST', 'PUT', 'DELETE']) await askBranch(pairing, { ...asking, method, body: '{"a":1}' })
  await askBranch(pairing, { ...asking, method: 'PUT', bytes: Buffer.from('film') })
  await askBranch(pairing, { ...asking, method: 'GET' })
  expect(heard).toEqual([
    ...['POST', 'PUT', 'DELETE'].map((method) => [method, 'application/json', '{"a":1}']),
    ['PUT', 'application/octet-stream', 'film'],
    ['GET', undefined, ''],
  ])
  server.closeAllConnections()
  server.close()
})
