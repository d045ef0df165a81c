import { mkdtempSync, readdirSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { networkPrinter } from '../kiosk/devices/network.ts'
import { pretendPrinter } from '../kiosk/devices/pretend.ts'
import type { StoredEvent } from '../shared/domain/events.ts'
import type { QueueId } from '../shared/domain/ids.ts'
import { waitingIn } from '../shared/domain/state.ts'
import type { RunningHost } from '../shared/host/start-host.ts'
import { lobbyBoard } from '../shared/project/lobby-board.ts'
import { profileNamed } from '../shared/slip/profile.ts'
import { readPaper, showsNumber } from './paper/read-paper.ts'
import { startTcpPrinter, type TcpPrinter } from './paper/tcp-printer.ts'
import { type Faces, openBrowser } from './world/browser.ts'
import {
  answer,
  begin,
  leaveKiosk,
  lobbyCounts,
  lobbyNumbers,
  press,
  pressInRow,
  pressKey,
  rowNumbers,
  say,
  sees,
  signIn,
  takeTicket,
} from './world/people.ts'
import { openWorld, sampleBank, until, type World } from './world/world.ts'

const PORTRAIT = { width: 1080, height: 1920 }
const LOBBY = { width: 1920, height: 1080 }
const DESK = { width: 1280, height: 900 }
const HOUR_MS = 3_600_000
const profile = profileNamed('paper-80')

// One story, told in order: each test is a part of the same day.
describe('a day at the branch', () => {
  let world: World
  let faces: Faces
  let printer: TcpPrinter
  let kiosk1: Page
  let kiosk2: Page
  let display1: Page
  let display2: Page
  let awa: Page
  let moussa: Page
  let ibrahima: Page
  let managerHost: RunningHost
  let kioskHost1: RunningHost
  let kioskHost2: RunningHost
  const paperFolder = mkdtempSync(join(tmpdir(), 'smartqueue-paper-'))
  /** What customers were told, by kiosk. */
  const told: { kiosk: 1 | 2; number: string }[] = []

  const state = () => world.branch.running.waist.branch().state
  const lineOf = (queueId: string): readonly string[] =>
    waitingIn(state(), queueId as QueueId).map(({ ticketId }) => state().tickets.get(ticketId)?.facts.number ?? '')
  const statusOf = (number: string): string =>
    [...state().tickets.values()].find(({ facts }) => facts.number === number)?.phase.status ?? 'unknown'

  /** The manager's caller asks for what has no button yet. */
  async function manage(path: string): Promise<number> {
    const response = await fetch(`${managerHost.url}/api/v1${path}`, { method: 'POST' })
    return response.status
  }

  async function take(kiosk: 1 | 2, language: 'fr' | 'en' | 'ar', service: string): Promise<string> {
    const page = kiosk === 1 ? kiosk1 : kiosk2
    world.clock.pass(1_000)
    const number = await takeTicket(page, language, service)
    told.push({ kiosk, number })
    await leaveKiosk(page)
    return number
  }

  /** Both screens of the lobby show what the server's board says. */
  async function lobbyAgrees(): Promise<void> {
    const wanted = (): string =>
      JSON.stringify(
        lobbyBoard(state())
          .calls.map(({ number }) => number)
          .toSorted(),
      )
    for (const display of [display1, display2])
      await until('the lobby shows the calls of the board', async () => {
        return JSON.stringify((await lobbyNumbers(display)).toSorted()) === wanted()
      })
    const counts = lobbyBoard(state()).queues.map(({ waitingCount }) => String(waitingCount))
    await until('the lobby counts who waits', async () => String(await lobbyCounts(display1)) === String(counts))
  }

  beforeAll(async () => {
    // Half past seven: the branch server was switched on the evening before.
    world = await openWorld(Date.UTC(2026, 10, 23, 7, 30))
    faces = await openBrowser()
    printer = await startTcpPrinter()
    const paper1 = networkPrinter({ host: printer.host, port: printer.port, receipt: profile.receipt })
    kioskHost1 = await world.kiosk('kiosk 1', paper1, profile)
    kioskHost2 = await world.kiosk('kiosk 2', pretendPrinter({ folder: paperFolder, profile }), profile)
    const hosts = [await world.display('display 1'), await world.display('display 2')]
    const callers = [await world.caller('caller 1'), await world.caller('caller 2'), await world.caller('caller 3')]
    managerHost = callers[2] as RunningHost
    kiosk1 = await faces.open('kiosk 1', kioskHost1.url, PORTRAIT)
    kiosk2 = await faces.open('kiosk 2', kioskHost2.url, PORTRAIT)
    display1 = await faces.open('display 1', hosts[0]?.url ?? '', LOBBY)
    display2 = await faces.open('display 2', hosts[1]?.url ?? '', LOBBY)
    awa = await faces.open('caller 1', callers[0]?.url ?? '', DESK)
    moussa = await faces.open('caller 2', callers[1]?.url ?? '', DESK)
    ibrahima = await faces.open('caller 3', callers[2]?.url ?? '', DESK)
  }, 120_000)

  afterAll(async () => {
    await faces?.[Symbol.asyncDispose]()
    await world?.[Symbol.asyncDispose]()
    await printer?.close()
  })

  test('before opening nobody is at a counter, and a closed queue is closed at the kiosk', async () => {
    await signIn(ibrahima, 'Guichet 3', 'Ibrahima Fall', '141421')
    expect(await manage('/queues/cards/close')).toBe(200)
    await kiosk1.locator('.begin').click()
    const card = kiosk1.locator('.tile', { hasText: 'Carte bancaire' })
    await expect.poll(() => card.isDisabled()).toBe(true)
    expect(await card.textContent()).toContain(say('kiosk.serviceClosed'))
    expect(await manage('/queues/cards/open')).toBe(200)
    await expect.poll(() => card.isDisabled()).toBe(false)
    await kiosk1.reload()
  })

  test('customers take tickets at two kiosks in three languages', async () => {
    expect(await take(1, 'fr', 'Dépôt et retrait')).toBe('A001')
    expect(await take(2, 'ar', 'إيداع وسحب')).toBe('A002')
    expect(await take(1, 'en', 'Money transfer')).toBe('B001')
    expect(await take(2, 'fr', 'Ouvrir un compte')).toBe('C001')
    expect(await take(1, 'fr', 'Crédit')).toBe('D001')
    expect(await take(2, 'en', 'Bank card')).toBe('E001')
    await lobbyAgrees()
  })

  test('an agent calls, recalls, starts and completes with the keyboard, and the lobby shows it', async () => {
    await signIn(awa, 'Guichet 1', 'Awa Ndiaye', '271828')
    await signIn(moussa, 'Guichet 2', 'Moussa Diop', '314159')
    await press(awa, 'Space', 'called')
    await sees(awa, 'A001', 'called')
    await lobbyAgrees()
    await pressKey(awa, 'r')
    await until('the call is counted as recalled', () => lobbyBoard(state()).calls[0]?.recallCount === 1)
    await press(awa, 'Space', 'serving')
    await press(awa, 'Space', 'none')
    expect(statusOf('A001')).toBe('completed')
  })

  test('hold and resume, return, no-show and reinstate', async () => {
    await press(awa, 'Space', 'called')
    await sees(awa, 'A002', 'called')
    await press(awa, 'Space', 'serving')
    await begin(awa, 'h')
    await answer(awa, ['Document à chercher'])
    await until('the ticket is held', () => statusOf('A002') === 'held')
    await expect.poll(() => rowNumbers(awa, 'held')).toEqual(['A002'])

    await press(awa, 'Space', 'called')
    await sees(awa, 'B001', 'called')
    await press(awa, 'b', 'none')
    expect(statusOf('B001')).toBe('waiting')
    await press(moussa, 'Space', 'called')
    await sees(moussa, 'B001', 'called')
    await press(moussa, 'n', 'none')
    expect(statusOf('B001')).toBe('no_show')
    await pressInRow(moussa, 'no-shows', 'B001', 0)
    await until('the ticket waits again', () => statusOf('B001') === 'waiting')

    await pressInRow(awa, 'held', 'A002', 0)
    await sees(awa, 'A002', 'serving')
    await press(awa, 'Space', 'none')
    await lobbyAgrees()
  })

  test('a chosen ticket is called, transfers go to three places, a waiting ticket is cancelled', async () => {
    await pressInRow(ibrahima, 'waiting', 'D001', 0)
    await sees(ibrahima, 'D001', 'called')
    await press(ibrahima, 'Space', 'serving')
    await begin(ibrahima, 't')
    await answer(ibrahima, ['Caisses', 'En premier'])
    await until('it waits in the other queue', () => statusOf('D001') === 'waiting')
    await press(awa, 'Space', 'called')
    await sees(awa, 'D001', 'called')
    await begin(awa, 't')
    await answer(awa, ['Conseil', 'En dernier'])
    await until('it waits again', () => statusOf('D001') === 'waiting')
    await pressInRow(ibrahima, 'waiting', 'D001', 0)
    await sees(ibrahima, 'D001', 'called')
    await begin(ibrahima, 't')
    await answer(ibrahima, ['Cartes', say('caller.placeArrival')])
    await until('it waits again', () => statusOf('D001') === 'waiting')
    // D001 came before E001.
    expect(lineOf('cards')).toEqual(['D001', 'E001'])

    await pressInRow(ibrahima, 'waiting', 'C001', 1)
    await answer(ibrahima, [])
    await until('the ticket is cancelled', () => statusOf('C001') === 'cancelled')
    await lobbyAgrees()
  })

  test('a paused queue still gives tickets but is not called', async () => {
    expect(await manage('/queues/tills/pause')).toBe(200)
    expect(await take(2, 'fr', 'Virement')).toBe('B002')
    await until('the pause is known at the desk', async () => (await moussa.locator('.queue-note').count()) > 0)
    await expect.poll(() => moussa.locator('.primary-act').isDisabled()).toBe(true)
    expect(await manage('/queues/tills/resume')).toBe(200)
    await press(moussa, 'Space', 'called')
    await sees(moussa, 'B001', 'called')
  })

  test('the catalogue changes while people wait, and the kiosks offer the new one at once', async () => {
    const [first, ...others] = sampleBank.services
    const renamed = { ...first, name: { fr: 'Espèces', en: 'Cash', ar: 'نقدا' } }
    const catalogue = { ...sampleBank, services: [renamed, ...others] }
    expect((await world.branch.installer.send('PUT', '/api/v1/catalogue', catalogue)).status).toBe(200)
    expect(await take(1, 'fr', 'Espèces')).toBe('A003')
  })

  test('without the server the kiosks go on, the lobby says since when, and everything is handed over', async () => {
    world.clock.pass(60_000)
    await world.branch.running.close()
    await display1.getByText(/Sans contact|contact/).waitFor()
    await awa.locator('.cut-note').waitFor()
    expect(await take(1, 'fr', 'Virement')).toBe('B1001')
    world.clock.pass(30_000)
    expect(await take(2, 'ar', 'تحويل الأموال')).toBe('B2001')
    await world.branch.restart()
    await until('both papers are known', () => statusOf('B1001') === 'waiting' && statusOf('B2001') === 'waiting')
    await awa.locator('.cut-note').waitFor({ state: 'detached' })
    expect(lineOf('tills')).toEqual(['B002', 'A003', 'B1001', 'B2001'])
    await lobbyAgrees()
  })

  test('a number is adopted by hand, and a ticket is given at the counter', async () => {
    await awa.keyboard.press('a')
    await awa.locator('dialog[open] input').fill('A1007')
    await awa.locator('dialog[open] input').press('Enter')
    await sees(awa, 'A1007', 'called')
    await awa.locator('.primary-act:focus').waitFor()
    expect(await awa.locator('.tools button').nth(1).isDisabled()).toBe(true)
    await press(awa, 'Space', 'serving')
    await moussa.keyboard.press('g')
    await moussa.locator('dialog[open]').getByText('Espèces', { exact: true }).click()
    await moussa.keyboard.press('Enter')
    await moussa.locator('dialog').waitFor({ state: 'detached' })
    await moussa.locator('.tools button').first().press('Enter')
    await moussa.keyboard.press('Escape')
    await moussa.locator('.tools button').first().and(moussa.locator(':focus')).waitFor()
    await until('the ticket waits', () => statusOf('A004') === 'waiting')
  })

  test('the clock jumps: tickets go on in the present day until the time is right again or the manager confirms it', async () => {
    const { date } = state().day ?? { date: '' }
    world.clock.jump(-2 * HOUR_MS)
    expect(await take(1, 'fr', 'Crédit')).toBe('D002')
    expect(state().clock.isDoubted).toBe(true)
    expect(state().day?.date).toBe(date)
    world.clock.jump(2 * HOUR_MS)
    expect(await take(1, 'fr', 'Crédit')).toBe('D003')
    expect(state().clock.isDoubted).toBe(false)
    world.clock.jump(-HOUR_MS)
    expect(await take(1, 'fr', 'Crédit')).toBe('D004')
    await awa.getByText(say('caller.clockAskManager')).waitFor()
    await ibrahima.getByText(say('caller.clockConfirm')).click()
    await until('the clock is trusted', () => !state().clock.isDoubted)
    await awa.getByText(say('caller.clockAskManager')).waitFor({ state: 'detached' })
  })

  test('a removed device is cut off, and nobody in front of it is lost', async () => {
    const deviceId = state().openCounters.find(({ agentId }) => agentId === 'moussa')?.deviceId ?? ''
    expect(statusOf('B001')).toBe('called')
    expect((await world.branch.installer.send('DELETE', `/api/v1/devices/${deviceId}`)).status).toBe(200)
    expect(statusOf('B001')).toBe('waiting')
    await moussa.locator('.pairing').waitFor()
  })

  test('the manager ends the day: the kiosks close, who waits is cancelled, who is served is served to the end', async () => {
    world.clock.pass(9 * HOUR_MS)
    await until('the devices are in contact', async () => (await manage('/day/close')) === 200)
    await expect.poll(() => kiosk1.locator('[data-screen]').getAttribute('data-screen')).toBe('closed')
    expect(state().lines.size).toBe(0)
    expect(statusOf('A1007')).toBe('serving')
    await press(awa, 'Space', 'none')
    await begin(awa, 'l')
    await answer(awa, [])
    await awa.locator('.sign-in').waitFor()
  })

  test('past the next cut-over a new day opens by itself, and numbers begin again', async () => {
    const before = state().day?.date ?? ''
    world.clock.pass(14 * HOUR_MS)
    await until('the kiosk opens', async () => (await kiosk1.locator('.begin').count()) === 1, 600)
    expect(await take(1, 'fr', 'Espèces')).toBe('A001')
    expect((state().day?.date ?? '') > before).toBe(true)
    await lobbyAgrees()
  })

  test('screens, paper and log agree', async () => {
    const log = await wholeLog()
    const minted = log.flatMap((event) =>
      event.type === 'TicketIssued' || event.type === 'TicketAdopted' ? [event] : [],
    )
    const byKiosk = { 1: kioskHost1.host.pairing()?.deviceId ?? '', 2: kioskHost2.host.pairing()?.deviceId ?? '' }
    const mintedAt = (kiosk: 1 | 2): readonly string[] =>
      minted
        .filter((event) => (event.type === 'TicketAdopted' ? event.kioskId : event.actor.id) === byKiosk[kiosk])
        .map(({ number }) => number)
    for (const kiosk of [1, 2] as const) {
      const shown = told.filter((ticket) => ticket.kiosk === kiosk).map(({ number }) => number)
      expect(mintedAt(kiosk)).toEqual(shown)
    }
    const pretend = readdirSync(paperFolder)
      .filter((name) => name.endsWith('.bin'))
      .toSorted()
    const papers = { 1: printer.jobs(), 2: pretend.map((name) => readFileSync(join(paperFolder, name))) }
    for (const kiosk of [1, 2] as const) {
      const shown = told.filter((ticket) => ticket.kiosk === kiosk).map(({ number }) => number)
      expect(papers[kiosk]).toHaveLength(shown.length)
      for (const [index, job] of papers[kiosk].entries()) {
        const paper = await readPaper(job, profile)
        const number = shown[index] ?? ''
        expect(paper.faults).toEqual([])
        expect(paper.text).toContain(number)
        expect(showsNumber(paper.paper, number)).toBe(true)
        const event = minted
          .filter((candidate) => candidate.number === number)
          .find(({ ticketId }) => paper.qr?.startsWith(`smartqueue:ticket:${ticketId}.`))
        expect(event, `the QR of ${number} names its ticket`).toBeDefined()
      }
    }
  })

  test('every command of a ticket, a counter, a queue and a day was used, and no page complained', async () => {
    const types = new Set((await wholeLog()).map(({ type }) => type))
    expect([...types].toSorted()).toEqual(EVERY_TYPE.toSorted())
    expect(faces.complaints).toEqual([])
    const check = await world.branch.installer.post<{ fault: string | null }>('/api/v1/checks')
    expect(check.body.fault).toBeNull()
  })

  async function wholeLog(): Promise<readonly StoredEvent[]> {
    const { store, head } = world.branch.running.waist.branch()
    const events: StoredEvent[] = []
    for (let page = store.log.after(head.epoch, 0); page.length > 0; page = store.log.after(head.epoch, events.length))
      events.push(...page.map(({ body }) => JSON.parse(body) as StoredEvent))
    return events
  }
})

const EVERY_TYPE = [
  'EpochStarted',
  'CatalogueApplied',
  'ClockDoubted',
  'ClockTrusted',
  'DayOpened',
  'DayClosed',
  'CounterOpened',
  'CounterClosed',
  'QueuePaused',
  'QueueResumed',
  'QueueClosed',
  'QueueOpened',
  'TicketIssued',
  'TicketAdopted',
  'TicketCalled',
  'TicketRecalled',
  'ServiceStarted',
  'TicketHeld',
  'TicketResumed',
  'TicketReturned',
  'TicketTransferred',
  'TicketCompleted',
  'TicketNoShow',
  'TicketReinstated',
  'TicketCancelled',
]
