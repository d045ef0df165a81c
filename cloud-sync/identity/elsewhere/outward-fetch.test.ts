import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, test } from 'vitest'
import { UnreachableError } from '../../webhooks/address.ts'
import { createOutwardFetch } from './outward-fetch.ts'

const ask = createOutwardFetch(false)
const GET = { method: 'GET', headers: {} }

test('no address of this machine or its network is asked, however it is written', async () => {
  const hosts = [
    ...['127.0.0.1', '127.1', '0x7f.1', '2130706433', '017700000001', '0.0.0.0', 'localhost'],
    ...['10.1.2.3', '172.16.0.1', '172.31.255.255', '192.168.1.1', '169.254.169.254', '100.64.0.1', '192.0.0.8'],
    ...[
      '[::1]',
      '[::]',
      '[::ffff:127.0.0.1]',
      '[::ffff:a00:1]',
      '[fe80::1]',
      '[fd00::1]',
      '[64:ff9b::7f00:1]',
      '[2002:7f00:1::]',
    ],
  ]
  for (const host of hosts)
    await expect([host, await ask(`https://${host}/keys`, GET).catch((error: unknown) => error)]).toEqual([
      host,
      expect.any(UnreachableError) as UnreachableError,
    ])
  await expect(ask('http://example.org/', GET)).rejects.toThrow(UnreachableError)
})

test('an answer that has no end is given up, and none is followed elsewhere', async () => {
  const server = createServer((request, response) => {
    if (request.url === '/elsewhere') return void response.writeHead(302, { location: '/keys' }).end()
    response.on('error', () => {})
    const more = (): void => {
      if (response.destroyed) return
      response.write('x'.repeat(64 * 1024), () => setImmediate(more))
    }
    return more()
  }).listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  const here = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const askHere = createOutwardFetch(true)
  await expect(askHere(`${here}/endless`, GET)).rejects.toThrow('the answer is too large')
  expect((await askHere(`${here}/elsewhere`, GET)).status).toBe(302)
  server.closeAllConnections()
  await new Promise((resolve) => server.close(resolve))
})
