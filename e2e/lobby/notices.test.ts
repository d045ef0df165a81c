import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { Value } from 'typebox/value'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { pretendPrinter } from '../../kiosk/devices/pretend.ts'
import type { RunningHost } from '../../shared/host/start-host.ts'
import { profileNamed } from '../../shared/slip/profile.ts'
import { WaitsAnswer } from '../../shared/wire/waits.ts'
import { createWords } from '../../shared/words/create-words.ts'
import { type Faces, openBrowser } from '../world/browser.ts'
import { leaveKiosk, lobbyNumbers, say, takeTicket } from '../world/people.ts'
import { openWorld, sampleBank, until, type World } from '../world/world.ts'

const MINUTE_MS = 60_000
const HOUR_MS = 60 * MINUTE_MS
/** From the server's answer to the screen, with a browser and a busy machine in between. */
const SHOWN_MS_MAX = 2_000
const profile = profileNamed('paper-80')
const day = [
  { opens: '08:00', closes: '12:30' },
  { opens: '14:00', closes: '16:30' },
]
const week = { mon: day, tue: day, wed: day, thu: day, fri: day }

// One Monday, from nine in the morning on: each test is a part of it.
describe('what the branch tells everybody', () => {
  let world: World
  let faces: Faces
  let kiosk: Page
  let display: Page
  let kioskHost: RunningHost
  const paperFolder = mkdtempSync(join(tmpdir(), 'smartqueue-notices-'))

  const installer = () => world.branch.installer
  async function manage(path: string, body: object = {}): Promise<void> {
    expect(await installer().post(`/api/v1${path}`, body)).toMatchObject({ status: 200 })
  }
  async function apply(change: object): Promise<void> {
    expect((await installer().send('PUT', '/api/v1/catalogue', { ...sampleBank, ...change })).status).toBe(200)
  }
  const withHours = (openingHours: object | null) => ({ branch: { ...sampleBank.branch, openingHours } })

  const screen = (): Promise<string | null> => kiosk.locator('[data-screen]').getAttribute('data-screen')
  const textOf = async (page: Page, selector: string): Promise<string> =>
    ((await page.locator(selector).first().textContent()) ?? '')
      .replaceAll(/[\u2066-\u2069]/g, '')
      .replaceAll(/\s+/g, ' ')

  /** A tap that reaches the kiosk's host whatever its screen shows. */
  async function tap(serviceId: string): Promise<string> {
    const response = await fetch(`${kioskHost.url}/local/v1/tickets`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'idempotency-key': crypto.randomUUID() },
      body: JSON.stringify({ serviceId }),
    })
    const body = (await response.json()) as { ticket?: { number: string }; code?: string }
    return body.ticket?.number ?? body.code ?? 'nothing'
  }

  beforeAll(async () => {
    world = await openWorld(Date.UTC(2026, 10, 23, 9))
    faces = await openBrowser()
    kioskHost = await world.kiosk('kiosk', pretendPrinter({ folder: paperFolder, profile }), profile)
    const displayHost = await world.display('display')
    kiosk = await faces.open('kiosk', kioskHost.url, { width: 1080, height: 1920 })
    display = await faces.open('display', displayHost.url, { width: 1920, height: 1080 })
    await kiosk.locator('.begin').waitFor()
    await display.locator('.stage').waitFor()
  }, 120_000)

  afterAll(async () => {
    await faces?.[Symbol.asyncDispose]()
    await world?.[Symbol.asyncDispose]()
    rmSync(paperFolder, { recursive: true, force: true })
  })

  test('an emergency takes kiosk and lobby at once, in every language, and no ticket can be taken until it is over', async () => {
    await kiosk.locator('.begin').click()
    await manage('/message', { messageId: 'evacuate' })
    const shownFrom = performance.now()
    await Promise.all([kiosk, display].map((page) => page.locator('.emergency').waitFor()))
    expect(performance.now() - shownFrom).toBeLessThan(SHOWN_MS_MAX)
    for (const page of [kiosk, display]) {
      const languages = await page
        .locator('.emergency p')
        .evaluateAll((all) => all.map((it) => (it as HTMLElement).lang))
      expect(languages).toEqual(['fr', 'en', 'ar'])
      const box = await page.locator('.emergency').boundingBox()
      const size = page.viewportSize()
      expect((box?.width ?? 0) >= (size?.width ?? 1) && (box?.height ?? 0) >= (size?.height ?? 1)).toBe(true)
    }
    expect(await kiosk.locator('.tile').count()).toBe(0)
    expect(await tap('cash')).toBe('EmergencyIsShown')
    await manage('/message/clear')
    const clearedFrom = performance.now()
    await Promise.all([kiosk.locator('.tile').first().waitFor(), display.locator('.stage').waitFor()])
    expect(performance.now() - clearedFrom).toBeLessThan(SHOWN_MS_MAX)
    await kiosk.locator('.foot-start button').click()
  })

  test('a delay stands under the calls and above the choices, and covers neither', async () => {
    const caller = await world.branch.pair('caller', 'the desk')
    expect(await takeTicket(kiosk, 'fr', 'Dépôt et retrait')).toBe('A001')
    await leaveKiosk(kiosk)
    expect((await caller.open('counter-1', 'awa', '271828')).status).toBe(200)
    expect((await caller.callNext('counter-1')).body.number).toBe('A001')
    await manage('/message', { messageId: 'delay', minutes: 15 })
    await display.locator('.band').waitFor()
    expect(await textOf(display, '.band')).toMatch(/15/)
    expect(await lobbyNumbers(display)).toEqual(['A001'])
    const [call, band] = await Promise.all(['.large', '.band'].map((part) => display.locator(part).boundingBox()))
    expect((call?.y ?? 0) + (call?.height ?? 0)).toBeLessThanOrEqual(band?.y ?? 0)
    await kiosk.locator('.notes').waitFor()
    expect(await textOf(kiosk, '.notes')).toContain('15 minutes')
    expect(await takeTicket(kiosk, 'fr', 'Virement')).toBe('B001')
    await leaveKiosk(kiosk)
    await manage('/message/clear')
    await display.locator('.band').waitFor({ state: 'detached' })
  })

  test('a stopped intake closes the kiosk calmly, and it opens again when intake is resumed', async () => {
    await manage('/intake/stop')
    await expect.poll(screen).toBe('closed')
    expect(await textOf(kiosk, '.quiet-page')).toContain(say('kiosk.closedIntakeHelp'))
    await display.locator('.intake-note').waitFor()
    expect(await tap('cash')).toBe('IntakeIsStopped')
    await world.branch.running.close()
    await until('the kiosk is alone', async () => (await tap('cash')) === 'IntakeIsStopped' && !kioskIsInContact())
    await world.branch.restart()
    await until('the kiosk is in contact', kioskIsInContact)
    await manage('/intake/resume')
    await kiosk.locator('.begin').waitFor()
  })

  const kioskIsInContact = (): boolean => kioskHost.host.status().link === 'up'

  test('a service outside its hours is greyed and says when it opens', async () => {
    const services = sampleBank.services.map((service) =>
      service.id === 'loan' ? { ...service, hours: { mon: [{ opens: '14:00', closes: '16:00' }] } } : service,
    )
    await apply({ ...withHours(week), services })
    await kiosk.locator('.begin').click()
    const loan = kiosk.locator('.tile', { hasText: 'Crédit' })
    await expect.poll(() => loan.isDisabled()).toBe(true)
    expect(await loan.textContent()).toContain(say('kiosk.opensAt', { time: '14:00' }))
    expect(await tap('loan')).toBe('OutsideHours')
    await kiosk.locator('.foot-start button').click()
  })

  test('outside the branch’s hours the kiosk says when it opens, keeps to it alone, and its papers are taken over', async () => {
    await apply(withHours(week))
    world.clock.pass(3.75 * HOUR_MS)
    await expect.poll(screen, { timeout: 20_000 }).toBe('closed')
    expect(await textOf(kiosk, '.next-opening')).toContain('14:00')
    await world.branch.running.close()
    expect(await tap('cash')).toBe('OutsideHours')
    world.clock.pass(1.5 * HOUR_MS)
    expect(await tap('cash')).toBe('A1001')
    await world.branch.restart()
    await until('the paper is known', () =>
      world.branch.running.waist.branch().state.tickets.some(({ facts }) => facts.number === 'A1001'),
    )
    await kiosk.locator('.begin').waitFor()
  })

  test('a holiday is called by its name in the language of the customer', async () => {
    const name = { fr: 'Grand Magal', en: 'Grand Magal', ar: 'المغال الكبير' }
    await apply({ ...withHours(week), holidays: [{ date: '2026-11-23', name }] })
    await expect.poll(screen).toBe('closed')
    expect(await textOf(kiosk, 'h1')).toContain('Grand Magal')
    expect(await textOf(kiosk, '.next-opening')).toContain('24')
    await kiosk.locator('.kiosk-foot .language[lang=ar]').click()
    await expect.poll(() => textOf(kiosk, 'h1')).toContain(name.ar)
    expect(await kiosk.locator('html').getAttribute('dir')).toBe('rtl')
    // A branch that is otherwise always open does not open at midnight: it opens the next day.
    await apply({ ...withHours(null), holidays: [{ date: '2026-11-23', name }] })
    await expect.poll(() => textOf(kiosk, '.next-opening')).not.toContain(':00')
    expect(await textOf(kiosk, '.next-opening')).toContain('24')
    await apply(withHours(null))
    await kiosk.locator('.begin').waitFor()
  })

  test('an expected wait stands on the tile and on the lobby, and is gone without the server', async () => {
    const answer = await fetch(`${kioskHost.url}/api/v1/waits`)
    expect([...Value.Errors(WaitsAnswer, await answer.json())]).toEqual([])
    const estimate = { lowMs: 10 * MINUTE_MS, highMs: 20 * MINUTE_MS }
    for (const page of [kiosk, display])
      await page.route('**/api/v1/waits', (route) =>
        route.fulfill({
          json: {
            seq: 1,
            atMs: world.clock.wallMs(),
            services: sampleBank.services.map(({ id, queueId }) => ({
              serviceId: id,
              estimate: queueId === 'tills' ? estimate : null,
            })),
            tickets: [],
          },
        }),
      )
    await kiosk.locator('.idle-language[lang=en]').click()
    expect(await tap('transfer')).toMatch(/^B00/)
    const cash = kiosk.locator('.tile', { hasText: 'Deposit' })
    const told = createWords('en').say('common.waitBetween', { low: 10, count: 20 })
    await expect.poll(() => cash.textContent(), { timeout: 15_000 }).toContain(told)
    expect(await kiosk.locator('.tile', { hasText: 'Loans' }).textContent()).not.toMatch(/min/)
    await expect
      .poll(() => display.locator('.queue-wait').allTextContents(), { timeout: 15_000 })
      .toEqual([say('common.waitBetween', { low: 10, count: 20 })])
    await world.branch.running.close()
    await expect.poll(() => display.locator('.queue-wait').count(), { timeout: 30_000 }).toBe(0)
    await expect.poll(() => kiosk.locator('.tile', { hasText: 'min' }).count()).toBe(0)
    await world.branch.start()
  })

  test('no page complained', () => {
    expect(faces.complaints).toEqual([])
  })
})
