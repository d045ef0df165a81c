import { expect, test } from 'vitest'
import type { DeviceClient } from '../../branch-server/testing/client.ts'
import { followFeed } from '../../branch-server/testing/follow-feed.ts'
import { openTestBranch } from '../../branch-server/testing/test-branch.ts'
import { cash } from '../../shared/domain/testing/bank.ts'

/** More than the machine's own buffers hold between two of its programs. */
const PAPERS = 20_000
const PAPERS_AT_ONCE = 500

/** Fills the log: paper of a day gone by, each adopted and ended. A series of its own for each bundle. */
async function handOverOldPaper(kiosk: DeviceClient): Promise<void> {
  for (let bundle = 0; bundle * PAPERS_AT_ONCE < PAPERS; bundle += 1) {
    const series = `A${String.fromCharCode(65 + (bundle % 26))}${String.fromCharCode(65 + Math.floor(bundle / 26))}`
    const tickets = Array.from({ length: PAPERS_AT_ONCE }, (_, index) => ({
      ticketId: crypto.randomUUID(),
      number: `${series}${1001 + index}`,
      serviceId: cash,
      language: 'fr',
      priority: null,
      businessDate: '2026-01-05',
      lastContactSteadyMs: 0,
      sinceContactMs: 0,
      tapKey: `${series}-${index}`,
    }))
    const { status } = await kiosk.post('/api/v1/tickets/adopt', { tickets })
    if (status !== 200) throw new Error(`A hand-over was answered ${status}`)
  }
}

test('a screen that takes nothing any more is dropped by name; the others miss nothing and the branch goes on', async () => {
  await using branch = await openTestBranch()
  const kiosk = await branch.pair('kiosk')
  const asleep = await followFeed(await branch.pair('display', 'the frozen screen'), { after: 0 })
  const awake = await followFeed(await branch.pair('display', 'the lively screen'), { after: 0 })
  await asleep.until(1)
  asleep.socket.pause()
  await handOverOldPaper(kiosk)
  const { head } = branch.running.waist.branch()
  await awake.until(head.seq)
  expect(asleep.bodies.length).toBeLessThan(awake.bodies.length)
  const isDropped = () => branch.logLines.some((line) => line.includes('a slow reader was dropped'))
  expect(isDropped()).toBe(false)

  branch.clock.pass(16_000)
  // The branch looks round by its own timer.
  while (!isDropped()) await new Promise((resolve) => setTimeout(resolve, 100))

  const line = branch.logLines.find((text) => text.includes('a slow reader was dropped')) ?? ''
  expect(JSON.parse(line)).toMatchObject({ device: 'the frozen screen' })
  asleep.socket.resume()
  await asleep.closed
  expect(asleep.bodies).toEqual(awake.bodies.slice(0, asleep.bodies.length))
  expect((await kiosk.issue(cash)).status).toBe(201)
  await awake.until(branch.running.waist.branch().head.seq)
  expect(awake.bodies).toHaveLength(branch.running.waist.branch().head.seq)
  await awake.close()
})
