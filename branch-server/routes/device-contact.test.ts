import { expect, test } from 'vitest'
import type { DeviceContact } from '#shared/wire/device-contact.ts'
import { UNHEARD_MS_MAX } from '../feed.ts'
import { followFeed } from '../testing/follow-feed.ts'
import { openTestBranch } from '../testing/test-branch.ts'

test('staff hear which devices are in contact; one whose line is open but silent is not', async () => {
  await using branch = await openTestBranch()
  const kiosk = await branch.pair('kiosk', 'Entrance')
  const display = await branch.pair('display', 'Lobby')
  const caller = await branch.pair('caller', 'Counter')
  const told = async () => {
    const { body } = await caller.get<readonly DeviceContact[]>('/api/v1/devices/contact')
    return body.map(({ name, kind, isInContact }) => `${kind} ${name} ${isInContact}`).toSorted()
  }
  expect(await told()).toEqual(['caller Counter false', 'display Lobby false', 'kiosk Entrance false'])
  const line = await followFeed(display)
  await expect.poll(told).toContain('display Lobby true')
  branch.clock.pass(UNHEARD_MS_MAX + 1)
  expect(await told()).toContain('display Lobby false')
  line.socket.send('{"type":"ping"}')
  await expect.poll(told).toContain('display Lobby true')
  await line.close()
  await expect.poll(told).toContain('display Lobby false')
  expect((await kiosk.get('/api/v1/devices/contact')).status).toBe(403)
})
