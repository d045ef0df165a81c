import { expect, test } from 'vitest'
import { createClient, createDeviceClient, type DeviceClient } from '../testing/client.ts'
import { openTestBranch } from '../testing/test-branch.ts'

const TOKEN = '/api/v1/devices/self/token'
const offered = async (device: DeviceClient): Promise<DeviceClient> => {
  const { status, body } = await device.post<{ token: string }>(TOKEN)
  expect(status).toBe(201)
  return createDeviceClient(device.url, { ...device, token: body.token })
}
const isKnown = async (device: DeviceClient): Promise<boolean> =>
  (await device.get('/api/v1/devices/self')).status === 200

test('a new token counts once its device has confirmed it, and then the one before counts no more', async () => {
  await using branch = await openTestBranch()
  const old = await branch.pair('kiosk')
  const next = await offered(old)
  expect([await isKnown(old), await isKnown(next)]).toEqual([true, false])
  expect((await next.issue('cash')).status).toBe(401)
  expect((await next.post(`${TOKEN}/confirm`)).status).toBe(200)
  expect([await isKnown(old), await isKnown(next)]).toEqual([false, true])
  // The answer was lost: asked again, it is the same.
  expect((await next.post(`${TOKEN}/confirm`)).status).toBe(200)
  expect((await old.post(`${TOKEN}/confirm`)).status).toBe(401)
  await branch.restart()
  expect([await isKnown(old), await isKnown(next)]).toEqual([false, true])
})

test('whatever answer is lost, the device has a token that counts', async () => {
  await using branch = await openTestBranch()
  const old = await branch.pair('display')
  // The first offer never arrived; the second is the one.
  const lost = await offered(old)
  const next = await offered(old)
  expect((await lost.post(`${TOKEN}/confirm`)).status).toBe(401)
  expect(await isKnown(old)).toBe(true)
  await branch.restart()
  expect((await next.post(`${TOKEN}/confirm`)).status).toBe(200)
  expect(await isKnown(next)).toBe(true)
})

test('a token that was given up long ago is seen when somebody shows it, and opens nothing', async () => {
  await using branch = await openTestBranch()
  const old = await branch.pair('caller', 'desk two')
  const next = await offered(old)
  await next.post(`${TOKEN}/confirm`)
  const alarms = (): number => branch.logLines.filter((line) => line.includes('somebody has an old copy')).length
  // What was under way meanwhile is no sign of anything.
  expect(await isKnown(old)).toBe(false)
  expect(alarms()).toBe(0)
  branch.clock.pass(61_000)
  expect(await isKnown(old)).toBe(false)
  expect(alarms()).toBe(1)
  expect(branch.logLines.join('\n')).not.toContain(old.token)
  expect(await isKnown(next)).toBe(true)
})

test('a device that is removed has no token left, neither the one nor the one it could have confirmed', async () => {
  await using branch = await openTestBranch()
  const old = await branch.pair('caller')
  const next = await offered(old)
  expect((await branch.installer.send('DELETE', `/api/v1/devices/${old.deviceId}`)).status).toBe(200)
  expect((await next.post(`${TOKEN}/confirm`)).status).toBe(401)
  expect(await isKnown(old)).toBe(false)
})

test('nobody confirms for another, and the installer has no token to change', async () => {
  await using branch = await openTestBranch()
  expect((await branch.installer.post(TOKEN)).status).toBe(403)
  expect(
    (
      await createClient(branch.url, 'nobody’s')
        .post(`${TOKEN}/confirm`)
        .catch(() => ({ status: 401 }))
    ).status,
  ).toBe(401)
  const [one, other] = [await branch.pair('kiosk', 'one'), await branch.pair('kiosk', 'other')]
  const next = await offered(one)
  expect((await other.post(`${TOKEN}/confirm`)).status).toBe(200)
  expect([await isKnown(one), await isKnown(other), await isKnown(next)]).toEqual([true, true, false])
})
