import { expect, test } from 'vitest'
import { amadou, cash, counter1 } from '#shared/domain/testing/bank.ts'
import { followFeed } from './testing/follow-feed.ts'
import { openTestBranch } from './testing/test-branch.ts'

test('smoke', async () => {
  await using branch = await openTestBranch()
  const kiosk = await branch.pair('kiosk')
  const caller = await branch.staff(counter1, amadou)
  const feed = await followFeed(kiosk, { after: 0 })
  const issued = await kiosk.issue(cash)
  expect(issued.status).toBe(201)
  const called = await caller.callNext(counter1)
  expect(called.body.ticketId).toBe(issued.body.ticketId)
  await feed.until(branch.running.waist.branch().head.seq)
  console.log(
    feed.messages.map((m) => m.type),
    branch.logLines.length,
  )
  await branch.restart()
  expect((await kiosk.issue(cash)).status).toBe(201)
})
