import { expect, test } from 'vitest'
import type { LinkNews } from '#shared/host/branch-link.ts'
import type { ReportOf, TrialOrder, TrialReport } from '#shared/wire/trials.ts'
import type { KioskParts } from './take-ticket.ts'
import { answerKioskTrials } from './trials.ts'

const [FIRST, SECOND] = ['019ab0c7-7a7a-7000-8000-000000000001', '019ab0c7-7a7a-7000-8000-000000000002']

const withdrawals = { asking() {}, settled() {}, giveUp() {}, gaveNothing() {}, isGivenUp: () => false, close() {} }

/** A kiosk that takes test tickets of a branch that gives them all. */
function openKiosk() {
  const reports: TrialReport[] = []
  let hear: (news: LinkNews) => void = () => {}
  let number = 0
  const host = {
    pairing: () => ({}),
    status: () => ({ link: 'up' }),
    sinceContact: () => null,
    store: { seen: () => null },
    onNews(listener: (news: LinkNews) => void) {
      hear = listener
      return () => {}
    },
    async ask({ path, body }: { path: string; body: string }) {
      if (path.includes('/trials/')) reports.push(JSON.parse(body) as TrialReport)
      number += 1
      const ticket = { ticketId: `t-${number}`, number: `TEST${number}`, serviceId: 'cash', priority: null, plan: [] }
      return path === '/api/v1/tickets' ? { status: 201, body: JSON.stringify(ticket) } : { status: 200, body: '{}' }
    },
  }
  const parts = {
    ...{ host, store: { answerTo: () => null, keep: () => {} }, queue: {}, withdrawals, wallMs: () => 0 },
    log: { info() {}, warn() {}, error() {} },
  } as unknown as KioskParts
  const trials = answerKioskTrials(parts, () => performance.now())
  return {
    close: () => trials.close(),
    async does(order: TrialOrder): Promise<TrialReport | undefined> {
      const before = reports.length
      hear({ type: 'trial', trialId: 'x', order })
      await expect.poll(() => reports.length).toBe(before + 1)
      return reports.at(-1)
    },
  }
}

const start = (runId = '') => ({ kind: 'start-taps', runId, serviceId: 'cash', everyMs: 1, forMs: 60_000 }) as const

test('what came of one series certifies no other, although the order that began the other was lost', async () => {
  const kiosk = openKiosk()
  await kiosk.does(start(FIRST))
  await new Promise((resolve) => setTimeout(resolve, 30))
  const other = (await kiosk.does({ kind: 'end-taps', runId: SECOND ?? '' })) as ReportOf<'end-taps'>
  expect([other.taps, other.refusedCount]).toEqual([[], 0])
  const own = (await kiosk.does({ kind: 'end-taps', runId: FIRST ?? '' })) as ReportOf<'end-taps'>
  expect(own.taps.length).toBeGreaterThan(0)
  // Whoever asks again, because the first report was lost, hears the same.
  expect(await kiosk.does({ kind: 'end-taps', runId: FIRST ?? '' })).toEqual(own)
  await kiosk.close()
})
