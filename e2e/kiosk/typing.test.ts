import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { pretendPrinter } from '../../kiosk/devices/pretend.ts'
import { traceSealed } from '../../shared/disk/testing/trace-sealed.ts'
import type { Language, ServiceId } from '../../shared/domain/ids.ts'
import type { RunningHost } from '../../shared/host/start-host.ts'
import { profileNamed } from '../../shared/slip/profile.ts'
import { createWords } from '../../shared/words/create-words.ts'
import { type Faces, openBrowser } from '../world/browser.ts'
import { leaveKiosk, press, pressInRow, say, sees, signIn } from '../world/people.ts'
import { openWorld, sampleBank, until, type World } from '../world/world.ts'

const NAME = 'Aïssatou Qanitzy'
const PHONE = '+221779913570'
const profile = profileNamed('paper-80')
const [plain] = sampleBank.services
if (plain === undefined) throw new Error('The bank of the demo has no service')

/** Many services without further questions; one of them asks who comes, one is kept off the kiosk. */
const bank = {
  ...sampleBank,
  branch: { ...sampleBank.branch, kioskPlans: false, kioskCheckIn: true },
  priorityClasses: [],
  services: [
    ...sampleBank.services.map((service) => ({ ...service, hours: null, plan: [] })),
    ...Array.from({ length: 10 }, (_, at) => ({
      ...plain,
      ...{
        id: `extra-${at}` as ServiceId,
        hours: null,
        plan: [],
        category: null,
        asks: at === 0 ? ['name', 'phone'] : [],
      },
      ...{ hidden: at === 9, name: { fr: `Démarche ${at}`, en: `Errand ${at}`, ar: `إجراء ${at}` } },
    })),
  ],
}

// One Monday morning, told in order.
describe('a kiosk that is typed on', () => {
  let world: World
  let faces: Faces
  let kiosk: Page
  let caller: Page
  let kioskHost: RunningHost
  const paperFolder = mkdtempSync(join(tmpdir(), 'smartqueue-typing-'))

  const branch = () => world.branch.running.waist.branch()
  const ticketOf = (number: string) => branch().state.tickets.find(({ facts }) => facts.number === number)
  const textOf = async (selector: string): Promise<string> =>
    ((await kiosk.locator(selector).first().textContent()) ?? '').trim()
  const begin = (language: Language) => kiosk.locator(`.idle-language[lang=${language}]`).click()
  const takes = async (): Promise<string> => textOf('.ticket-number')

  /** Touches the screen's own keys. */
  async function touch(keys: string): Promise<void> {
    for (const key of keys)
      await kiosk
        .locator('.type-key, .pad-key')
        .filter({ hasText: new RegExp(`^\\s*${key === '+' ? '\\+' : key}\\s*$`) })
        .first()
        .click()
  }

  async function chooseAsking(language: Language): Promise<void> {
    const words = createWords(language)
    await begin(language)
    await kiosk.locator('.doors button', { hasText: words.say('typing.search') }).click()
    await kiosk
      .locator('.typing input')
      .fill(language === 'ar' ? 'إجراء 0' : language === 'en' ? 'errand 0' : 'démarche 0')
    await kiosk.locator('.tiles-found .tile').click()
    await kiosk.locator('.details').waitFor()
  }

  const filesIn = (folder: string): readonly string[] =>
    readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map(({ parentPath, name }) => join(parentPath, name))
  /** Files of the devices, kiosk, caller and lobby screen, in which the customer's name or phone stands. */
  const devicesThatTell = (): readonly string[] =>
    [...filesIn(world.folder), ...filesIn(paperFolder)].filter((file) =>
      [NAME, PHONE].some((text) => readFileSync(file).includes(text)),
    )

  beforeAll(async () => {
    world = await openWorld(Date.UTC(2026, 10, 23, 9), { lookMs: 2_000 })
    const { status, body } = await world.branch.installer.send('PUT', '/api/v1/catalogue', bank)
    expect([status, body]).toMatchObject([200, {}])
    faces = await openBrowser()
    kioskHost = await world.kiosk('kiosk', pretendPrinter({ folder: paperFolder, profile }), profile)
    kiosk = await faces.open('kiosk', kioskHost.url, { width: 1080, height: 1920 })
    await world.display('display')
    caller = await faces.open('caller', (await world.caller('caller')).url, { width: 1280, height: 900 })
    await kiosk.locator('.begin').waitFor()
  }, 120_000)

  afterAll(async () => {
    await faces?.[Symbol.asyncDispose]()
    await world?.[Symbol.asyncDispose]()
    rmSync(paperFolder, { recursive: true, force: true })
  })

  test('among many services a few letters find one, touched on the screen or typed on a keyboard', async () => {
    await begin('fr')
    await kiosk.locator('.doors button', { hasText: say('typing.search') }).click()
    await touch('DEPO')
    expect(await kiosk.locator('.tiles-found .tile-name').allTextContents()).toEqual(['Dépôt et retrait'])
    await kiosk.locator('.tiles-found .tile').click()
    expect(ticketOf(await takes())?.facts.serviceId).toBe('cash')
    await leaveKiosk(kiosk)

    await begin('ar')
    await kiosk.locator('.doors button', { hasText: createWords('ar').say('typing.search') }).click()
    // The field has the focus: the hamza and the marks are left out, and Enter takes the only one there is.
    await kiosk.keyboard.type('ايداع')
    expect(await kiosk.locator('.tiles-found .tile').count()).toBe(1)
    await kiosk.keyboard.press('Enter')
    expect(ticketOf(await takes())?.facts).toMatchObject({ serviceId: 'cash', language: 'ar' })
    await leaveKiosk(kiosk)
  })

  test('a service that is kept off the kiosk is not found there, and not given', async () => {
    await begin('fr')
    await kiosk.locator('.doors button', { hasText: say('typing.search') }).click()
    await kiosk.locator('.typing input').fill('démarche 9')
    expect(await textOf('.typing-hint')).toBe(say('typing.foundNone'))
    await kiosk.locator('.foot-start button').click()
    await kiosk.locator('.foot-start button').click()
    const response = await fetch(`${kioskHost.url}/local/v1/tickets`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ serviceId: 'extra-9' }),
    })
    expect(await response.json()).toMatchObject({ code: 'ServiceStaffOnly' })
  })

  test('who a customer says she is stands beside the log alone, and before the agent who serves her', async () => {
    await chooseAsking('fr')
    expect(await textOf('.consent')).toContain('effacé à la fin de la journée')
    await touch('AÏSSATOU')
    await kiosk.locator('.key-space').click()
    await touch('QANITZY')
    expect(await kiosk.locator('.typing input').inputValue()).toBe(NAME)
    await kiosk.locator('.typing-answers .button-primary').click()
    await touch(PHONE)
    await kiosk.locator('.typing-answers .button-primary').click()
    const number = await takes()
    const ticketId = ticketOf(number)?.facts.ticketId
    if (ticketId === undefined) throw new Error('There is no such ticket')
    expect(branch().store.details.find(ticketId)).toMatchObject({
      name: NAME,
      phone: PHONE,
      consent: { language: 'fr' },
    })
    await leaveKiosk(kiosk)

    const db = new Database(join(world.branch.folder, 'branch.db'), { readonly: true })
    const log = (db.prepare('select body from event').pluck().all() as string[]).join('\n')
    db.close()
    expect(log).toContain(number)
    for (const text of [NAME, PHONE]) expect(log).not.toContain(text)
    expect(devicesThatTell()).toEqual([])

    await signIn(caller, 'Guichet 1', 'Awa Ndiaye', '271828')
    await pressInRow(caller, 'waiting', number, 0)
    await sees(caller, number, 'called')
    await expect.poll(() => caller.locator('.current-said').textContent()).toBe(`${NAME}${PHONE}`)
    await press(caller, 'Space', 'serving')
    await press(caller, 'Space', 'none')
    expect(await caller.locator('.current-said').count()).toBe(0)
  })

  test('nobody has to answer, and a number that is too short cannot be told', async () => {
    await chooseAsking('en')
    const words = createWords('en')
    const without = kiosk.locator('.typing-answers button', { hasText: words.say('typing.without') })
    await without.click()
    await touch('12')
    expect(await kiosk.locator('.typing-answers .button-primary').getAttribute('aria-disabled')).toBe('true')
    await without.click()
    const ticketId = ticketOf(await takes())?.facts.ticketId
    expect(ticketId === undefined ? undefined : branch().store.details.find(ticketId)).toBeNull()
    await leaveKiosk(kiosk)
  })

  test('without the branch it stays with the kiosk until the paper is handed over, and then no longer', async () => {
    await world.branch.running.close()
    await until('the kiosk is alone', () => kioskHost.host.status().link === 'down')
    await chooseAsking('ar')
    await kiosk.keyboard.type(NAME)
    await kiosk.keyboard.press('Enter')
    await kiosk.keyboard.type(PHONE)
    await kiosk.keyboard.press('Enter')
    const number = await takes()
    await leaveKiosk(kiosk)
    const kioskFilesThatTell = traceSealed(
      join(world.folder, 'kiosk', 'kiosk.db'),
      [['sealed_details', 'details']],
      [NAME, PHONE],
    )
    expect(kioskFilesThatTell()).not.toEqual([])
    expect(devicesThatTell()).toEqual([])
    await world.branch.restart()
    await until('the paper is known', () => ticketOf(number) !== undefined)
    const ticketId = ticketOf(number)?.facts.ticketId
    expect(ticketId === undefined ? null : branch().store.details.find(ticketId)).toMatchObject({
      name: NAME,
      phone: PHONE,
    })
    await until('the kiosk has forgotten', () => kioskFilesThatTell().length === 0)
    await until('the kiosk is in contact', () => kioskHost.host.status().link === 'up')
  })

  test('who has an appointment checks in by its code, typed or scanned, and is told when there is none', async () => {
    const bookedAtMs = world.clock.wallMs() + 600_000
    const appointments = ['RDV-4821', 'RDV-4822'].map((code) => ({ code, serviceId: 'loan', bookedAtMs }))
    expect((await world.branch.installer.send('PUT', '/api/v1/appointments', { appointments })).status).toBe(200)
    await begin('fr')
    await kiosk.locator('.doors button', { hasText: say('typing.checkIn') }).click()
    await touch('RDV0000')
    await kiosk.locator('.typing-answers .button-primary').click()
    await expect.poll(() => textOf('.typing .field-problem')).toBe(say('typing.problem.unknown'))
    await touch('RDV4821')
    await kiosk.locator('.typing-answers .button-primary').click()
    expect(ticketOf(await takes())?.facts).toMatchObject({ serviceId: 'loan', channel: 'appointment' })
    await leaveKiosk(kiosk)

    // A scanner types what it reads and ends with Enter, whatever stands on the screen.
    await kiosk.keyboard.type('rdv-4822')
    await kiosk.keyboard.press('Enter')
    expect(ticketOf(await takes())?.facts).toMatchObject({ serviceId: 'loan', channel: 'appointment' })
    await leaveKiosk(kiosk)
    await kiosk.keyboard.type('rdv-4822')
    await kiosk.keyboard.press('Enter')
    await expect.poll(() => textOf('.typing .field-problem')).toBe(say('typing.problem.unknown'))
    await kiosk.locator('.typing-answers button').first().click()
    await kiosk.locator('.foot-start button').click()
  })

  test('a white screen is loaded anew, and staff hear of one that hangs', async () => {
    await kiosk.evaluate(() => document.querySelector('#root > *')?.remove())
    await kiosk.locator('.begin').waitFor({ timeout: 20_000 })
    const notes = () => caller.locator('.screen-notes').allTextContents()
    await expect.poll(notes, { timeout: 20_000 }).toEqual([])
    const hangs = kiosk.evaluate(() => {
      const untilMs = performance.now() + 14_000
      while (performance.now() < untilMs);
    })
    await expect.poll(notes, { timeout: 20_000 }).toEqual([say('screen.frozen', { kiosk: 'kiosk' })])
    await hangs.catch(() => undefined)
    await kiosk.locator('.begin').waitFor({ timeout: 20_000 })
    await expect.poll(notes, { timeout: 20_000 }).toEqual([])
    expect(faces.complaints).toEqual([])
  }, 90_000)
})
