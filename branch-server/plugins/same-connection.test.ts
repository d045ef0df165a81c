// Over one connection a token that was shown just before is not looked up again; whom it stands for is.
import { Agent, request } from 'node:http'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openTestBranch, type TestBranch } from '../testing/test-branch.ts'

let branch: TestBranch
const agent = new Agent({ keepAlive: true, maxSockets: 1 })
beforeAll(async () => {
  branch = await openTestBranch()
})
afterAll(async () => {
  agent.destroy()
  await branch[Symbol.asyncDispose]()
})

/** @returns the status, and whether the connection had been used before */
function ask(path: string, token: string | null): Promise<{ status: number | undefined; isSame: boolean }> {
  return new Promise((resolve, reject) => {
    const headers = token === null ? {} : { authorization: `Bearer ${token}` }
    const asked = request(new URL(path, branch.running.url), { agent, headers }, (response) => {
      response.resume().on('end', () => resolve({ status: response.statusCode, isSame: asked.reusedSocket }))
    })
    asked.on('error', reject).end()
  })
}

test('one connection speaks for whoever shows a token in this request, and for a removed device never again', async () => {
  const kiosk = await branch.pair('kiosk')
  const self = '/api/v1/devices/self'
  await ask('/api/v1/health', null)
  for (const [token, status] of [
    [kiosk.token, 200],
    [kiosk.token, 200],
    [null, 401],
    [`${kiosk.token}x`, 401],
    [kiosk.token, 200],
    [branch.installer.token, 403],
  ] as const)
    expect(await ask(self, token)).toEqual({ status, isSame: true })
  expect((await ask('/api/v1/tickets', kiosk.token)).status).toBe(200)
  await branch.installer.send('DELETE', `/api/v1/devices/${kiosk.deviceId}`)
  expect(await ask('/api/v1/tickets', kiosk.token)).toEqual({ status: 401, isSame: true })
  expect(await ask('/api/v1/tickets', kiosk.token)).toEqual({ status: 401, isSame: true })
})
