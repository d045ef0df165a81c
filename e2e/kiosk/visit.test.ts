import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { pretendPrinter } from '../../kiosk/devices/pretend.ts'
import { type Words, wordsIn } from '../../shared/domain/catalogue.ts'
import type { Language } from '../../shared/domain/ids.ts'
import type { RunningHost } from '../../shared/host/start-host.ts'
import { profileNamed } from '../../shared/slip/profile.ts'
import { createWords } from '../../shared/words/create-words.ts'
import { readPaper } from '../paper/read-paper.ts'
import { type Faces, openBrowser } from '../world/browser.ts'
import { leaveKiosk, say, signIn } from '../world/people.ts'
import { openWorld, sampleBank, until, type World } from '../world/world.ts'

const LANGUAGES = ['fr', 'en', 'ar'] as const
const profile = profileNamed('paper-80')
/** The bank of the demo, open whatever the time. */
const bank = { ...sampleBank, services: sampleBank.services.map((service) => ({ ...service, hours: null })) }

const nameIn = (list: readonly { readonly id: string; readonly name: Words }[], id: string, language: Language) =>
  wordsIn(list.find((it) => it.id === id)?.name ?? {}, language, 'fr')

// One Monday morning, told in order.
describe('one visit, several services', () => {
  let world: World
  let faces: Faces
  let kiosk: Page
  let display: Page
  let awa: Page
  let kioskHost: RunningHost
  const paperFolder = mkdtempSync(join(tmpdir(), 'smartqueue-visit-'))

  const state = () => world.branch.running.waist.branch().state
  const factsOf = (number: string) => state().tickets.find(({ facts }) => facts.number === number)?.facts
  const textOf = async (page: Page, selector: string): Promise<string> =>
    ((await page.locator(selector).first().textContent()) ?? '').replaceAll(/[\u2066-\u2069]/g, '')

  /** At the kiosk: a service, then others, then a priority; the number. */
  async function take(
    language: Language,
    [first = '', ...others]: readonly string[],
    priority: string | null,
  ): Promise<string> {
    const words = createWords(language)
    const tile = (id: string) => kiosk.locator('.tile', { hasText: nameIn(bank.services, id, language) })
    await kiosk.locator(`.idle-language[lang=${language}]`).click()
    await tile(first).click()
    for (const id of others) {
      await kiosk.locator('.visit-add', { hasText: words.say('kiosk.addService') }).click()
      // What is chosen already is not offered again.
      expect(await tile(first).count()).toBe(0)
      await tile(id).click()
    }
    if (priority !== null) {
      const claim = kiosk.locator('.priority', { hasText: nameIn(bank.priorityClasses, priority, language) })
      await claim.click()
      expect(await claim.getAttribute('aria-pressed')).toBe('true')
    }
    expect(await kiosk.locator('[dir]').first().getAttribute('dir')).toBe(language === 'ar' ? 'rtl' : 'ltr')
    await kiosk.locator('.visit-take', { hasText: words.say('kiosk.takeTicket') }).click()
    return (await textOf(kiosk, '.ticket-number')).trim()
  }

  /** A tap that reaches the kiosk's host whatever its screen offers. */
  async function tap(body: object, key = crypto.randomUUID()): Promise<{ number?: string; code?: string }> {
    const response = await fetch(`${kioskHost.url}/local/v1/tickets`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'idempotency-key': key },
      body: JSON.stringify(body),
    })
    const answer = (await response.json()) as { ticket?: { number: string }; code?: string }
    return { ...(answer.ticket && { number: answer.ticket.number }), ...(answer.code && { code: answer.code }) }
  }

  beforeAll(async () => {
    world = await openWorld(Date.UTC(2026, 10, 23, 9))
    expect((await world.branch.installer.send('PUT', '/api/v1/catalogue', bank)).status).toBe(200)
    faces = await openBrowser()
    kioskHost = await world.kiosk('kiosk', pretendPrinter({ folder: paperFolder, profile }), profile)
    kiosk = await faces.open('kiosk', kioskHost.url, { width: 1080, height: 1920 })
    display = await faces.open('display', (await world.display('display')).url, { width: 1920, height: 1080 })
    awa = await faces.open('caller', (await world.caller('caller')).url, { width: 1280, height: 900 })
    await kiosk.locator('.begin').waitFor()
  }, 120_000)

  afterAll(async () => {
    await faces?.[Symbol.asyncDispose]()
    await world?.[Symbol.asyncDispose]()
    rmSync(paperFolder, { recursive: true, force: true })
  })

  for (const language of LANGUAGES)
    test(`a customer chooses several for one number and claims a priority, in ${language}`, async () => {
      const number = await take(language, ['cash', 'loan', 'transfer'], 'senior')
      expect(factsOf(number)).toMatchObject({
        ...{ serviceId: 'cash', plan: ['loan', 'transfer'], priority: 'senior', priorityValue: 10, language },
      })
      const steps = await textOf(kiosk, '.steps')
      for (const id of ['loan', 'transfer']) expect(steps).toContain(nameIn(bank.services, id, language))
      await leaveKiosk(kiosk)
    })

  test('what the branch has planned comes along, what was added can be taken away, and the paper says what follows', async () => {
    await kiosk.locator('.idle-language[lang=fr]').click()
    await kiosk.locator('.tile', { hasText: 'Ouvrir un compte' }).click()
    const listed = async () => (await kiosk.locator('.visit-name').allTextContents()).map((text) => text.trim())
    expect(await listed()).toEqual(['Ouvrir un compte', 'Carte bancaire'])
    await kiosk.locator('.visit-add').click()
    await kiosk.locator('.tile', { hasText: 'Virement' }).click()
    await kiosk.locator('.visit-add').click()
    await kiosk.locator('.tile', { hasText: 'Crédit' }).click()
    expect(await listed()).toEqual(['Ouvrir un compte', 'Carte bancaire', 'Virement', 'Crédit'])
    await kiosk.getByLabel(say('kiosk.dropService', { service: 'Virement' })).click()
    expect(await listed()).toEqual(['Ouvrir un compte', 'Carte bancaire', 'Crédit'])
    await kiosk.locator('.visit-take').click()
    const number = (await textOf(kiosk, '.ticket-number')).trim()
    expect(factsOf(number)).toMatchObject({ serviceId: 'account', plan: ['card', 'loan'], priority: null })
    await leaveKiosk(kiosk)
    const papers = readdirSync(paperFolder)
      .filter((name) => name.endsWith('.bin'))
      .toSorted()
    const paper = await readPaper(readFileSync(join(paperFolder, papers.at(-1) ?? '')), profile)
    for (const text of [number, 'Carte bancaire', 'Crédit']) expect(paper.text).toContain(text)
  })

  test('alone the kiosk gives the same visit, and the branch takes it over with its plan and its priority', async () => {
    await world.branch.running.close()
    await until('the kiosk is alone', () => kioskHost.host.status().link === 'down')
    const number = await take('fr', ['cash', 'loan'], 'disability')
    expect(number).toBe('A1001')
    expect(await textOf(kiosk, '.steps')).toContain('Crédit')
    await leaveKiosk(kiosk)
    const planned = await tap({ serviceId: 'account' })
    expect(await tap({ serviceId: 'cash', priority: 'private' })).toEqual({ code: 'PriorityStaffOnly' })
    expect(await tap({ serviceId: 'cash', plan: ['unheard-of'] })).toEqual({ code: 'ServiceUnknown' })
    await world.branch.restart()
    await until('the papers are known', () => factsOf('A1001') !== undefined && factsOf('C1001') !== undefined)
    expect(factsOf('A1001')).toMatchObject({ plan: ['loan'], priority: 'disability', priorityValue: 20 })
    expect(planned).toEqual({ number: 'C1001' })
    expect(factsOf('C1001')).toMatchObject({ plan: ['card'], priority: null })
    await until('the kiosk is in contact', () => kioskHost.host.status().link === 'up')
  })

  test('a kiosk gives no class that staff alone may give, and one tap asks for one thing', async () => {
    expect(await kiosk.locator('.idle').count()).toBe(1)
    await kiosk.locator('.idle-language[lang=fr]').click()
    await kiosk.locator('.tile', { hasText: 'Virement' }).click()
    const offered = (await kiosk.locator('.priority').allTextContents()).map((text) => text.trim())
    expect(offered).toEqual(['Senior', 'Situation de handicap', 'Femme enceinte, jeune enfant'])
    await kiosk.locator('.foot-start button').click()
    await kiosk.locator('.foot-start button').click()
    expect(await tap({ serviceId: 'cash', priority: 'private' })).toEqual({ code: 'PriorityStaffOnly' })
    const key = crypto.randomUUID()
    const first = await tap({ serviceId: 'cash', plan: ['loan'], priority: 'senior' }, key)
    expect(await tap({ serviceId: 'cash', plan: ['loan'], priority: 'senior' }, key)).toEqual(first)
    for (const other of [{ plan: ['card'], priority: 'senior' }, { plan: ['loan'] }])
      expect(await tap({ serviceId: 'cash', ...other }, key)).toEqual({ code: 'IdempotencyKeyReused' })
  })

  test('staff give a ticket for services in their order, with a class of their own', async () => {
    await signIn(awa, 'Guichet 1', 'Awa Ndiaye', '271828')
    await awa.keyboard.press('g')
    const dialog = awa.locator('dialog[open]')
    await dialog.getByText('Ouvrir un compte', { exact: true }).first().click()
    expect(await dialog.locator('.plan-service').allTextContents()).toEqual(['2Carte bancaire'])
    await dialog.locator('select').selectOption('cash')
    await dialog.locator('select').selectOption('transfer')
    await dialog.getByLabel(say('caller.dropService', { service: 'Carte bancaire' })).click()
    expect(await dialog.locator('.plan-service').allTextContents()).toEqual(['2Dépôt et retrait', '3Virement'])
    await dialog.getByText('Banque privée', { exact: true }).click()
    await dialog.locator('.dialog-actions button').last().click()
    await dialog.waitFor({ state: 'detached' })
    const given = state().tickets.find(({ facts }) => facts.channel === 'counter')?.facts
    expect(given).toMatchObject({ serviceId: 'account', plan: ['cash', 'transfer'], priority: 'private' })
  })

  test('the lobby learns of no class, and no page complained', async () => {
    await display.locator('.stage').waitFor()
    const shown = await display.locator('body').innerText()
    for (const { name } of bank.priorityClasses)
      for (const text of Object.values(name)) expect(shown).not.toContain(text)
    expect(faces.complaints).toEqual([])
  })
})
