import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { DeviceId, SteadyMs } from '#shared/domain/ids.ts'
import { bank, cash } from '#shared/domain/testing/bank.ts'
import { installer, openBranch, type Story } from '#shared/domain/testing/story.ts'
import type { LinkNews } from '#shared/host/branch-link.ts'
import { profileNamed } from '#shared/slip/profile.ts'
import { decodePaper } from './devices/paper.ts'
import { pretendPrinter } from './devices/pretend.ts'
import { openKioskStore } from './kiosk-store.ts'
import { printListsAsked } from './print-list.ts'
import { createPrintQueue } from './print-queue.ts'

const ME = 'kiosk-1' as DeviceId
const profile = profileNamed('paper-80')
const log = { info() {}, warn() {}, error() {} } as never

let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'smartqueue-list-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

/** A kiosk that hears what a branch does, and its printer's folder. */
async function hear(
  story: Story,
  kioskId: DeviceId,
  lateMs = 0,
): Promise<{ states: readonly string[]; papers: readonly string[] }> {
  const paper = join(folder, 'paper')
  const store = openKioskStore(join(folder, 'kiosk.db'), () => 1_000, log)
  const printers = [{ address: 'pretend', printer: pretendPrinter({ folder: paper, profile }), profile }]
  const queue = createPrintQueue({ printers, store, log, monotonicMs: () => performance.now(), logo: () => null })
  let tell: (news: LinkNews) => void = () => {}
  const host = {
    now: () => ({ ...story.state().now, steadyMs: (story.state().now.steadyMs + lateMs) as SteadyMs }),
    pairing: () => ({ deviceId: ME }) as never,
    onNews: (listener: (news: LinkNews) => void) => {
      tell = listener
      return () => {}
    },
    store: { seen: () => ({ state: story.state() }) as never },
  }
  printListsAsked(host, queue, () => 1_000, log)
  for (const event of story.does({ type: 'TellPower', isLow: true, kioskId }, installer))
    tell({ type: 'event', text: '', event: event as never })
  await queue.close()
  const states = store.jobs().map(({ number, state }) => `${number} ${state}`)
  store.close()
  const names = existsSync(paper) ? readdirSync(paper).filter((name) => name.endsWith('.bin')) : []
  const papers = names.map((name) => {
    const { elements } = decodePaper(readFileSync(join(paper, name)), profile)
    return elements.flatMap((it) => (it.type === 'text' ? [it.spans.map(({ text }) => text).join('')] : [])).join('\n')
  })
  return { states, papers }
}

test('the kiosk that is asked prints the list from what it has followed itself, and its journal says so', async () => {
  const story = openBranch(bank)
  for (let count = 0; count < 3; count += 1) story.takes(cash)
  const { states, papers } = await hear(story, ME)
  expect(states).toEqual(['1/1 confirmed'])
  expect(papers[0]?.match(/A\d{3}/g)).toEqual(['A001', 'A002', 'A003'])
})

test('a kiosk that is not asked prints nothing', async () => {
  const story = openBranch(bank)
  story.takes(cash)
  expect((await hear(story, 'kiosk-2' as DeviceId)).states).toEqual([])
})

test('a list that was asked for long ago is not printed, and the journal says so', async () => {
  const story = openBranch(bank)
  story.takes(cash)
  expect(await hear(story, ME, 301_000)).toEqual({ states: ['1/1 expired'], papers: [] })
})

test('a list that is heard of after a minute is still printed', async () => {
  const story = openBranch(bank)
  story.takes(cash)
  expect((await hear(story, ME, 60_000)).states).toEqual(['1/1 confirmed'])
})
