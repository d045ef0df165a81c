import { readFileSync } from 'node:fs'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { DeviceClient } from '../../branch-server/testing/client.ts'
import type { CounterId } from '../../shared/domain/ids.ts'
import type { RunningHost } from '../../shared/host/start-host.ts'
import { createWords } from '../../shared/words/create-words.ts'
import { type Faces, openBrowser } from '../world/browser.ts'
import { answer, begin, lobbyNumbers, press, pressUntil, rowNumbers, say, sees, signIn } from '../world/people.ts'
import { openWorld, sampleBank, until, type World } from '../world/world.ts'

const DESK = { width: 1280, height: 900 }
const MINUTE_MS = 60_000
const NOTE = 'Parle surtout wolof.'

/** The bank of the demo, with a visit of three services and one counter more. */
const bank = {
  ...sampleBank,
  services: sampleBank.services.map((service) =>
    service.id === 'account' ? { ...service, plan: ['card', 'transfer'] } : service,
  ),
  agents: [...sampleBank.agents, { id: 'khady', name: 'Khady Ba', role: 'agent', pin: '173205' }],
  counters: [
    ...sampleBank.counters,
    { id: 'counter-4', name: { fr: 'Guichet 4', en: 'Counter 4', ar: 'الشباك 4' }, queueIds: ['tills'] },
  ],
}

// One story, told in order: each test is a part of the same morning.
describe('a morning at the desks', () => {
  let world: World
  let faces: Faces
  let door: DeviceClient
  let display: Page
  let awa: Page
  let moussa: Page
  let ibrahima: Page
  let fatou: Page
  let spare: Page
  let managerHost: RunningHost

  const state = () => world.branch.running.waist.branch().state
  const ticketOf = (number: string) => [...state().tickets.values()].find(({ facts }) => facts.number === number)
  const statusOf = (number: string): string => ticketOf(number)?.phase.status ?? 'unknown'
  const textOf = async (page: Page, selector: string): Promise<string> =>
    ((await page.locator(selector).first().textContent()) ?? '').replaceAll(/[\u2066-\u2069]/g, '')

  async function shows(page: Page, selector: string, text: string): Promise<void> {
    await expect.poll(() => textOf(page, selector), { timeout: 10_000 }).toContain(text)
  }

  async function take(serviceId: string, more: object = {}): Promise<string> {
    world.clock.pass(1_000)
    const { status, body } = await door.issue(serviceId, more)
    expect(status).toBe(201)
    return body.number
  }

  const speak = (page: Page, language: string) => page.locator('.head-language').selectOption(language)

  beforeAll(async () => {
    world = await openWorld(Date.UTC(2026, 10, 23, 8))
    expect((await world.branch.installer.send('PUT', '/api/v1/catalogue', bank)).status).toBe(200)
    door = await world.branch.pair('kiosk')
    faces = await openBrowser()
    display = await faces.open('display', (await world.display('display')).url, { width: 1920, height: 1080 })
    const hosts: RunningHost[] = []
    for (const name of ['awa', 'moussa', 'ibrahima', 'fatou', 'spare']) hosts.push(await world.caller(name))
    const [first, second, third, fourth, fifth] = await Promise.all(
      hosts.map((host, index) => faces.open(`caller ${index + 1}`, host.url, DESK)),
    )
    if (!first || !second || !third || !fourth || !fifth || !hosts[2]) throw new Error('A caller is missing')
    ;[awa, moussa, ibrahima, fatou, spare] = [first, second, third, fourth, fifth]
    managerHost = hosts[2]
    await signIn(awa, 'Guichet 1', 'Awa Ndiaye', '271828')
    await signIn(moussa, 'Guichet 2', 'Moussa Diop', '314159')
    await signIn(ibrahima, 'Guichet 3', 'Ibrahima Fall', '141421')
  }, 120_000)

  afterAll(async () => {
    await faces?.[Symbol.asyncDispose]()
    await world?.[Symbol.asyncDispose]()
  })

  test('a visit of three services goes through three counters, with its note, in three languages', async () => {
    const number = await take('account')
    await press(ibrahima, 'Space', 'called')
    await sees(ibrahima, number, 'called')
    await shows(ibrahima, '.current-visit', say('caller.visitStep', { step: 1, count: 3 }))
    await shows(ibrahima, '.current-visit', say('caller.visitNext', { service: 'Carte bancaire' }))
    await shows(ibrahima, '.current-why', say('caller.why.only'))
    await press(ibrahima, 'Space', 'serving')
    await ibrahima.keyboard.press('o')
    await ibrahima.locator('dialog[open] textarea').fill(NOTE)
    await answer(ibrahima, ['À suivre'])
    await until('the first service is over', () => ticketOf(number)?.facts.legs.length === 1)

    await press(awa, 'Space', 'called')
    await sees(awa, number, 'called')
    await shows(awa, '.current-note', NOTE)
    await speak(awa, 'en')
    await shows(awa, '.current-visit', createWords('en').say('caller.visitStep', { step: 2, count: 3 }))
    await shows(awa, '.current-visit', createWords('en').say('caller.visitNext', { service: 'Money transfer' }))
    await speak(awa, 'fr')
    await press(awa, 'Space', 'serving')
    await press(awa, 'Space', 'none')

    await press(moussa, 'Space', 'called')
    await sees(moussa, number, 'called')
    await speak(moussa, 'ar')
    await shows(moussa, '.current-visit', 'الخدمة 3 من 3')
    await shows(moussa, '.current-visit', createWords('ar').say('caller.visitLast'))
    expect(await moussa.locator('html').getAttribute('dir')).toBe('rtl')
    await speak(moussa, 'fr')
    await press(moussa, 'Space', 'serving')
    await press(moussa, 'Space', 'none')
    expect(statusOf(number)).toBe('completed')
    expect(ticketOf(number)?.facts.legs.map(({ counterId }) => counterId)).toEqual(['counter-3', 'counter-1'])
  })

  test('the desk says why this ticket, and who would have been called else', async () => {
    const plain = await take('cash')
    const senior = await take('cash', { priority: 'senior' })
    await press(awa, 'Space', 'called')
    await sees(awa, senior, 'called')
    await shows(awa, '.current-why', `${say('caller.why.priority')} · ${say('caller.whyElse', { number: plain })}`)
  })

  test('a ticket kept for a colleague who leaves is everybody’s again, and another calls it', async () => {
    const senior = await textOf(awa, '.current-number')
    await press(awa, 'Space', 'serving')
    await begin(awa, 't')
    await awa.locator('dialog[open] input[type=search]').fill('moussa')
    await answer(awa, ['Moussa Diop'])
    await until('it is kept', () => ticketOf(senior)?.facts.place.reservedFor?.kind === 'agent')
    await shows(moussa, '.list-waiting .row:first-child .badge', say('caller.forYou'))
    await shows(awa, '.list-waiting', say('caller.keptFor', { name: 'Moussa Diop' }))
    const kept = awa.locator('.list-waiting .row', { hasText: senior })
    expect(await kept.locator('button').first().getAttribute('aria-disabled')).toBe('true')

    await begin(moussa, 'l')
    await answer(moussa, [])
    await moussa.locator('.sign-in').waitFor()
    expect(ticketOf(senior)?.facts.place.reservedFor).toBeNull()
    await press(awa, 'Space', 'called')
    await sees(awa, senior, 'called')
    await press(awa, 'Space', 'serving')
    await press(awa, 'Space', 'none')
  })

  test('a customer who stands at the counter is served at once', async () => {
    await begin(awa, 's')
    await answer(awa, ['Virement'])
    await expect.poll(() => awa.locator('.current-ticket').getAttribute('data-status')).toBe('serving')
    await press(awa, 'Space', 'none')
  })

  test('a break has a reason and a time, colleagues see it, and the way back is one key', async () => {
    await begin(awa, 'p')
    await answer(awa, ['Déjeuner'])
    await awa.locator('.break-card').waitFor()
    await shows(awa, '.break-reason', 'Déjeuner')
    await shows(ibrahima, '.colleagues', `Awa NdiayeGuichet 1${say('caller.seat.break')}`)
    world.clock.pass(3 * MINUTE_MS)
    await shows(awa, '.break-timer', '3:')
    await awa.keyboard.press('Space')
    await awa.locator('.desk').waitFor()
    expect(state().openCounters.get('counter-1' as CounterId)?.onBreak).toBeNull()
  })

  test('whoever learns works with tickets that nobody else sees and nothing counts', async () => {
    await fatou.getByText(say('caller.trainingChoose'), { exact: true }).click()
    await signIn(fatou, 'Guichet 4', 'Fatou Sow', '161803')
    await shows(fatou, '.badge-training', say('caller.training'))
    await fatou.keyboard.press('g')
    await answer(fatou, ['Dépôt et retrait'])
    await expect.poll(() => rowNumbers(fatou, 'waiting')).toEqual(['TEST001'])
    await press(fatou, 'Space', 'called')
    await sees(fatou, 'TEST001', 'called')
    expect(await rowNumbers(awa, 'waiting')).not.toContain('TEST001')
    expect(await lobbyNumbers(display)).not.toContain('TEST001')
    const today = await fetch(`${managerHost.url}/api/v1/reports/today`)
    const issued = [...state().tickets.values()].filter(({ facts }) => !facts.isTraining).length
    expect(await today.json()).toMatchObject({ total: { issuedCount: issued } })
    await press(fatou, 'n', 'none')
  })

  test('a counter is taken over from another device, with whoever is in front of it', async () => {
    await press(awa, 'Space', 'called')
    const number = await textOf(awa, '.current-number')
    await spare.locator('.choice-text', { hasText: 'Guichet 1' }).click()
    await spare.locator('.choice-text', { hasText: 'Moussa Diop' }).click()
    await shows(spare, '.sign-in-note', createWords('fr').sayProblem('CounterTaken'))
    await spare.locator('.choice-text', { hasText: 'Awa Ndiaye' }).click()
    await shows(spare, '.sign-in-note', say('caller.takeOverHelp'))
    await signIn(spare, 'Guichet 1', 'Awa Ndiaye', '271828')
    await sees(spare, number, 'called')
    await awa.locator('.sign-in').waitFor()
    await press(spare, 'b', 'none')
  })

  test('the manager reads the day and takes it along as a table and on paper', async () => {
    await spare.keyboard.press('m')
    // At the desk of an agent the same key asks for a manager's PIN.
    await spare.locator('dialog[open] .pin-input').waitFor()
    await spare.keyboard.press('Escape')
    await spare.locator('dialog[open]').waitFor({ state: 'detached' })
    await ibrahima.keyboard.press('m')
    await shows(ibrahima, '.figures .table tbody', 'Dépôt et retrait')
    await ibrahima.getByText(say('manager.by.agents'), { exact: true }).click()
    await shows(ibrahima, '.figures .table tbody', 'Awa Ndiaye')
    // Agents are printed only when they are what is looked at.
    for (const [word, start] of [
      ['manager.csv', '\ufeff'],
      ['manager.pdf', '%PDF'],
    ] as const) {
      const [download] = await Promise.all([
        ibrahima.waitForEvent('download'),
        ibrahima.getByText(say(word), { exact: true }).click(),
      ])
      expect(readFileSync(await download.path(), 'utf8').startsWith(start)).toBe(true)
    }
    await ibrahima.getByText(say('manager.by.services'), { exact: true }).click()
    const dayPdf = ibrahima.getByText(say('manager.dayPdf'), { exact: true })
    expect(await dayPdf.getAttribute('href')).not.toContain('by=')
    await ibrahima.keyboard.press('2')
    await shows(ibrahima, '.floor tbody', `Awa Ndiaye${say('caller.seat.free')}`)
  })

  test('the manager stops new tickets and gives them again; nobody is called by a key of the desk meanwhile', async () => {
    await ibrahima.keyboard.press('3')
    await ibrahima.locator('.intake button').press('Enter')
    await answer(ibrahima, [])
    await shows(ibrahima, '.intake', say('manager.intakeStopped'))
    expect(await door.issue('cash')).toMatchObject({ status: 409, body: { code: 'IntakeIsStopped' } })
    await ibrahima.locator('h1').first().click({ force: true })
    await ibrahima.keyboard.press('Space')
    await ibrahima.locator('.intake button').press('Enter')
    await shows(ibrahima, '.intake', say('manager.intakeOpen'))
    expect(state().openCounters.get('counter-3' as CounterId)?.ticketId).toBeNull()
    await take('cash')
  })

  test('a queue is paused and called from again', async () => {
    const tills = ibrahima.locator('.queue-row', { hasText: 'Caisses' })
    await tills.getByText(say('manager.pauseQueue'), { exact: true }).click()
    await spare.locator('.queue-note').waitFor()
    await tills.getByText(say('manager.resumeQueue'), { exact: true }).click()
    await spare.locator('.queue-note').waitFor({ state: 'detached' })
  })

  test('an emergency is asked about once more, stands on every screen, and is cleared', async () => {
    const text = 'Veuillez quitter le bâtiment calmement par la sortie la plus proche.'
    const row = ibrahima.locator('.message-row', { hasText: text })
    await row.getByText(say('manager.show'), { exact: true }).click()
    await answer(ibrahima, [])
    await ibrahima.locator('.on-show-emergency').waitFor()
    await display.getByText(text).first().waitFor()
    await spare.locator('.shown-emergency', { hasText: text }).waitFor()
    await ibrahima.getByText(say('manager.clear'), { exact: true }).click()
    await ibrahima.locator('.on-show').waitFor({ state: 'detached' })
    await display.getByText(text).first().waitFor({ state: 'detached' })
    await spare.locator('.shown-emergency').waitFor({ state: 'detached' })
    await ibrahima.keyboard.press('Escape')
    await ibrahima.locator('.desk').waitFor()
  })

  test('with every counter staffed the manager steers from a caller that has none, by her PIN typed without a click', async () => {
    await begin(ibrahima, 'l')
    await answer(ibrahima, [])
    await ibrahima.locator('.sign-in').waitFor()
    await signIn(moussa, 'Guichet 2', 'Moussa Diop', '314159')
    await signIn(awa, 'Guichet 3', 'Khady Ba', '173205')
    expect(state().openCounters.size).toBe(bank.counters.length)

    await ibrahima.locator('.choice-text', { hasText: say('manager.pages') }).click()
    expect(await ibrahima.locator('.choice-text', { hasText: 'Khady Ba' }).count()).toBe(0)
    await ibrahima.locator('.choice-text', { hasText: 'Ibrahima Fall' }).click()
    await ibrahima.keyboard.type('141421')
    await ibrahima.keyboard.press('Enter')
    await shows(ibrahima, '.figures .table tbody', 'Dépôt et retrait')
    await shows(ibrahima, '.head-post', 'Ibrahima Fall')
    expect((await fetch(`${managerHost.url}/api/v1/waits/what-if?counters=1`)).status).toBe(200)

    await ibrahima.keyboard.press('3')
    await ibrahima.locator('.intake button').press('Enter')
    await answer(ibrahima, [])
    await shows(ibrahima, '.intake', say('manager.intakeStopped'))
    await ibrahima.locator('.intake button').press('Enter')
    await shows(ibrahima, '.intake', say('manager.intakeOpen'))
  })

  test('she frees a counter that its agent has left, and whoever stood there is not lost', async () => {
    await take('cash')
    await press(spare, 'Space', 'called')
    const number = await textOf(spare, '.current-number')
    await ibrahima.keyboard.press('2')
    const seat = ibrahima.locator('.floor tbody tr', { hasText: 'Guichet 1' })
    const free = seat.getByText(say('manager.free'), { exact: true })
    await free.click()
    await answer(ibrahima, [say('manager.freeReturn')])
    await until('the ticket waits again', () => statusOf(number) === 'waiting')
    expect(state().openCounters.get('counter-1' as CounterId)?.ticketId).toBeNull()
    await press(spare, 'Space', 'called')
    await free.click()
    await answer(ibrahima, [])
    await spare.locator('.sign-in').waitFor()
    expect(statusOf(number)).toBe('waiting')
  })

  test('she leaves with one key, and nobody steers from there any more', async () => {
    await pressUntil(ibrahima, 'Escape', '.sign-in')
    expect((await fetch(`${managerHost.url}/api/v1/reports/today`)).status).toBe(403)
    expect(state().managers.size).toBe(0)
  })

  test('no screen complained', () => {
    expect(faces.complaints).toEqual([])
  })
})
