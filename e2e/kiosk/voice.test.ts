import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { readTroubles } from '../../caller/printer-troubles.ts'
import { pretendPrinter } from '../../kiosk/devices/pretend.ts'
import { IDLE_AFTER_MS, IDLE_AFTER_MS_PATIENT, WARNED_MS, WARNED_MS_PATIENT } from '../../kiosk/visit-time.ts'
import { wordsIn } from '../../shared/domain/catalogue.ts'
import type { Language } from '../../shared/domain/ids.ts'
import type { RunningHost } from '../../shared/host/start-host.ts'
import { profileNamed } from '../../shared/slip/profile.ts'
import { loudness, secondsOf } from '../../shared/speech/wav.ts'
import { createWords } from '../../shared/words/create-words.ts'
import { spelled, spokenText } from '../../shared/words/spoken.ts'
import { type Faces, openBrowser } from '../world/browser.ts'
import { openWorld, sampleBank, until, type World } from '../world/world.ts'
import { type Ear, listenTo } from './ear.ts'

const profile = profileNamed('paper-80')
/** The bank of the demo, open whatever the time. */
const bank = { ...sampleBank, services: sampleBank.services.map((service) => ({ ...service, hours: null })) }
const nameIn = (id: string, language: Language): string =>
  wordsIn(bank.services.find((it) => it.id === id)?.name ?? {}, language, 'fr')

const PAD = { up: 'ArrowUp', down: 'ArrowDown', select: 'Enter', back: 'Escape', access: 'F17', unplug: 'F21' } as const

/** A key of the pad, as the keyboard it is to the machine; Chromium's driver knows no key beyond F12 by name. */
const press = (page: Page, key: keyof typeof PAD): Promise<void> =>
  page.evaluate((code) => {
    const target = document.activeElement ?? document.body
    target.dispatchEvent(new KeyboardEvent('keydown', { code, key: code, bubbles: true, cancelable: true }))
  }, PAD[key])

// One kiosk, met by people who do not see it, and by some who only do not reach.
describe('a kiosk for everybody', () => {
  let world: World
  let faces: Faces
  let host: RunningHost
  let kiosk: Page
  let ear: Ear
  const folder = mkdtempSync(join(tmpdir(), 'smartqueue-voice-'))
  const printer = () => pretendPrinter({ folder, profile })

  const mode = () => kiosk.locator('.kiosk').getAttribute('data-mode')
  const screen = () => kiosk.locator('.kiosk').getAttribute('data-screen')
  const heardText = (from = 0): string =>
    ear.said
      .slice(from)
      .map(({ text }) => text)
      .join(' | ')
  const hears = (text: string, from: number, language: Language = 'fr') =>
    expect.poll(() => heardText(from), { timeout: 8_000 }).toContain(spokenText(text, language))

  /** Goes down with the pad until a control with this text has the focus, and has been spoken. */
  async function downTo(text: string): Promise<void> {
    for (let steps = 0; steps < 40; steps += 1) {
      await press(kiosk, 'down')
      const focused = await kiosk.evaluate(() => document.querySelector('button:focus')?.textContent ?? '')
      if (focused.replaceAll(/\s+/g, ' ').includes(text)) return
    }
    throw new Error(`The pad never came to ${text}`)
  }

  async function endVisit(): Promise<void> {
    if ((await screen()) === 'idle' && (await mode()) === 'usual') return
    await kiosk.clock.fastForward(IDLE_AFTER_MS_PATIENT * 4)
    await expect.poll(screen).toBe('idle')
    await expect.poll(mode).toBe('usual')
  }

  beforeAll(async () => {
    world = await openWorld(Date.UTC(2026, 10, 23, 9))
    expect((await world.branch.installer.send('PUT', '/api/v1/catalogue', bank)).status).toBe(200)
    faces = await openBrowser()
    host = await world.kiosk('kiosk', printer(), profile)
    kiosk = await faces.open('kiosk', host.url, { width: 1080, height: 1920 })
    await kiosk.clock.install()
    ear = await listenTo(kiosk)
    await kiosk.locator('.begin').waitFor()
  }, 120_000)

  // Each meets the kiosk as the one before left it: as new.
  beforeEach(endVisit)

  afterAll(async () => {
    await faces?.[Symbol.asyncDispose]()
    await world?.[Symbol.asyncDispose]()
    rmSync(folder, { recursive: true, force: true })
  })

  test('the host turns sentences of each language into sound, without any network, and says that it can', async () => {
    const state = async () => ((await (await fetch(`${host.url}/local/v1/state`)).json()) as { speech: string }).speech
    await until('the kiosk has found its voice', async () => (await state()) === 'ready')
    const lengths: number[] = []
    for (const language of ['fr', 'en', 'ar'] as const) {
      const answer = await fetch(`${host.url}/local/v1/speech`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ text: createWords(language).say('kiosk.haveSeat'), language }),
      })
      expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'audio/wav'])
      const wav = Buffer.from(await answer.arrayBuffer())
      expect(loudness(wav)).toBeGreaterThan(0.03)
      lengths.push(secondsOf(wav))
    }
    for (const seconds of lengths) expect(seconds).toBeGreaterThan(2)
    const tooLong = await fetch(`${host.url}/local/v1/speech`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ text: 'a'.repeat(601), language: 'fr' }),
    })
    expect(tooLong.status).toBe(400)
  })

  test('nothing is said aloud to whoever only needs it lower and larger', async () => {
    await kiosk.locator('.foot-access').click()
    expect(await mode()).toBe('accessible')
    await kiosk.locator('.begin').click()
    await kiosk.locator('.tile', { hasText: nameIn('transfer', 'fr') }).click()
    await kiosk.locator('.visit-take').waitFor()
    expect([ear.said, await ear.played()]).toEqual([[], []])
  })

  for (const language of ['fr', 'en', 'ar'] as const)
    test(`a ticket is taken with four keys and two ears, in ${language}`, async () => {
      const words = createWords(language)
      const from = ear.said.length
      const playedBefore = (await ear.played()).length
      await press(kiosk, 'down')
      await expect.poll(mode).toBe('accessible')
      await hears(createWords('fr').say('access.keys'), from)
      await hears(createWords('fr').say('kiosk.welcome'), from)
      await downTo(language === 'fr' ? 'Français' : language === 'en' ? 'English' : 'العربية')
      await press(kiosk, 'select')
      await expect.poll(screen).toBe('choose-service')
      await hears(words.say('kiosk.chooseService'), from, language)
      await downTo(nameIn('transfer', language))
      await hears(nameIn('transfer', language), from, language)
      await press(kiosk, 'select')
      await hears(words.say('kiosk.visitTitle'), from, language)
      await downTo(words.say('kiosk.takeTicket'))
      await press(kiosk, 'select')
      const number = ((await kiosk.locator('.ticket-number').textContent()) ?? '').trim()
      await hears(spelled(number), from)
      await hears(words.say('kiosk.haveSeat'), from, language)
      await downTo(words.say('kiosk.done'))
      await press(kiosk, 'select')
      await expect.poll(screen).toBe('idle')
      expect(await mode()).toBe('usual')
      await hears(words.say('access.modeEnds'), from, language)
      const voices = new Set(ear.said.slice(from).map((said) => said.language))
      expect(voices).toContain(language)
      // What was fetched came out of the page, and could be heard; the last sentence to its end.
      const played = async () => (await ear.played()).slice(playedBefore)
      await expect.poll(async () => (await played()).at(-1), { timeout: 15_000 }).toMatchObject({ hasEnded: true })
      for (const sound of await played()) expect(sound.loudness).toBeGreaterThan(0.02)
      expect((await played()).length).toBeGreaterThan(0)
      expect(await kiosk.locator('body').textContent()).not.toContain(number)
    })

  test('what closed services are is heard too, back goes back, and at the start it says the help again', async () => {
    await world.branch.installer.send('PUT', '/api/v1/catalogue', {
      ...bank,
      services: bank.services.map((service) => (service.id === 'loan' ? { ...service, hours: {} } : service)),
    })
    await press(kiosk, 'down')
    await downTo(createWords('fr').say('kiosk.begin'))
    await press(kiosk, 'select')
    await kiosk.locator('.tile[aria-disabled=true]').waitFor()
    const from = ear.said.length
    await downTo(nameIn('loan', 'fr'))
    await hears(createWords('fr').say('access.notNow'), from)
    await press(kiosk, 'select')
    expect(await screen()).toBe('choose-service')
    await press(kiosk, 'back')
    await expect.poll(screen).toBe('idle')
    expect(await mode()).toBe('usual')
    const again = ear.said.length
    await press(kiosk, 'down')
    await kiosk.clock.fastForward(1_000)
    await press(kiosk, 'back')
    const text = spokenText(createWords('fr').say('access.keys'), 'fr')
    await expect.poll(() => ear.said.slice(again).filter((said) => said.text === text).length).toBe(2)
    await world.branch.installer.send('PUT', '/api/v1/catalogue', bank)
  })

  test('a name is typed with four keys: groups, letters and what stands so far are heard, and what is agreed to', async () => {
    const words = createWords('fr')
    const keys = (letters: string): string => [...letters].join('\u200c')
    /** A trembling hand presses twice within half a second; this one takes its time. */
    const select = async (): Promise<void> => {
      await kiosk.clock.fastForward(600)
      await press(kiosk, 'select')
    }
    const focused = () => kiosk.evaluate(() => document.querySelector('button:focus')?.textContent ?? '')
    const asking = bank.services.map((it) => (it.id === 'transfer' ? { ...it, asks: ['name', 'phone'] } : it))
    await world.branch.installer.send('PUT', '/api/v1/catalogue', { ...bank, services: asking })
    await press(kiosk, 'down')
    await downTo('Français')
    await select()
    await downTo(nameIn('transfer', 'fr'))
    await select()
    await downTo(words.say('kiosk.takeTicket'))
    await select()
    await expect.poll(screen).toBe('details')
    const from = ear.said.length
    await downTo(keys('FGHIJ'))
    await hears('f, g, h, i, j', from)
    await select()
    await expect.poll(focused).toBe('F')
    await press(kiosk, 'down')
    await select()
    await hears(words.say('access.typed', { text: 'G' }), from)
    await expect.poll(focused).toBe(keys('ABCDE'))
    await press(kiosk, 'up')
    await select()
    await hears(words.say('typing.consent'), from)
    await expect.poll(focused).toBe(words.say('typing.tell'))
    await select()
    await hears(words.say('typing.phoneTitle'), from)
    await downTo(words.say('typing.without'))
    await select()
    const number = ((await kiosk.locator('.ticket-number').textContent()) ?? '').trim()
    const { state, store } = world.branch.running.waist.branch()
    const ticket = state.tickets.find(({ facts }) => facts.number === number)
    expect(ticket === undefined ? null : store.details.find(ticket.facts.ticketId)).toMatchObject({ name: 'G' })
    await downTo(words.say('kiosk.done'))
    await select()
    await expect.poll(screen).toBe('idle')
    await world.branch.installer.send('PUT', '/api/v1/catalogue', bank)
  })

  test('a touch that trembles counts once in the accessible mode, whatever stands there after the first', async () => {
    await kiosk.locator('.foot-access').click()
    await kiosk.locator('.begin').dblclick()
    await expect.poll(screen).toBe('choose-service')
    await kiosk.locator('.tile', { hasText: nameIn('transfer', 'fr') }).dblclick()
    await expect.poll(screen).toBe('visit')
  })

  test('whoever pulls the headphones out is silent at once, and nothing more is said about them', async () => {
    await press(kiosk, 'down')
    await expect.poll(async () => (await ear.played()).at(-1)).toMatchObject({ hasEnded: false })
    await press(kiosk, 'unplug')
    await expect.poll(async () => (await ear.played()).at(-1)).toMatchObject({ hasEnded: true })
    const saidBefore = ear.said.length
    await kiosk.locator('.begin').click()
    await kiosk.locator('.tile', { hasText: nameIn('transfer', 'fr') }).click()
    await kiosk.locator('.visit-take').waitFor()
    expect(await mode()).toBe('accessible')
    expect(ear.said.length).toBe(saidBefore)
  })

  test('the end of a visit is told to two senses, any key keeps it, and then nothing of it stays', async () => {
    await press(kiosk, 'access')
    await press(kiosk, 'down')
    await downTo('English')
    await press(kiosk, 'select')
    await kiosk.locator('.tile').first().waitFor()
    await kiosk.clock.fastForward(1_000)
    await press(kiosk, 'down')
    const from = ear.said.length
    const chimes = async () => (await ear.played()).filter(({ kind }) => kind === 'chime').length
    const before = await chimes()
    await until('it is silent', async () => (await ear.played()).every(({ hasEnded }) => hasEnded))
    await kiosk.clock.fastForward(IDLE_AFTER_MS_PATIENT - WARNED_MS_PATIENT + 500)
    await kiosk.locator('.still-there').waitFor()
    expect(await chimes()).toBe(before + 2)
    await hears(createWords('en').say('access.stillThere'), from, 'en')
    await press(kiosk, 'up')
    await kiosk.locator('.still-there').waitFor({ state: 'detached' })
    expect(await screen()).toBe('choose-service')
    await until('it is silent', async () => (await ear.played()).every(({ hasEnded }) => hasEnded))
    await kiosk.clock.fastForward(IDLE_AFTER_MS_PATIENT + 1_000)
    await expect.poll(screen).toBe('idle')
    expect(await mode()).toBe('usual')
    expect(await kiosk.locator('html').getAttribute('lang')).toBe('fr')
    const left = await kiosk.evaluate(() => [localStorage.length, sessionStorage.length, document.cookie])
    expect(left).toEqual([0, 0, ''])
  })

  test('in the usual mode a visit ends after twenty seconds, and is told ten before, by a sign and a sound', async () => {
    const chimes = async () => (await ear.played()).filter(({ kind }) => kind === 'chime').length
    const before = await chimes()
    await kiosk.locator('.idle-language[lang=ar]').click()
    await kiosk.locator('.tile').first().waitFor()
    await kiosk.clock.fastForward(IDLE_AFTER_MS - WARNED_MS - 1_500)
    expect(await kiosk.locator('.still-there').count()).toBe(0)
    await kiosk.clock.fastForward(2_000)
    await kiosk.locator('.still-there').waitFor()
    expect(await chimes()).toBe(before + 2)
    await kiosk.locator('.still-there .button-primary').click()
    await kiosk.locator('.still-there').waitFor({ state: 'detached' })
    await kiosk.clock.fastForward(IDLE_AFTER_MS)
    expect(await screen()).toBe('choose-service')
    await kiosk.clock.fastForward(IDLE_AFTER_MS_PATIENT)
    await expect.poll(screen).toBe('idle')
    expect(await kiosk.locator('html').getAttribute('lang')).toBe('fr')
  })

  test('a keyboard alone takes a ticket: each control is reached with Tab and pressed with Enter', async () => {
    const tabTo = async (text: string): Promise<void> => {
      for (let steps = 0; steps < 40; steps += 1) {
        await kiosk.keyboard.press('Tab')
        const focused = await kiosk.evaluate(() => document.querySelector('button:focus')?.textContent ?? '')
        if (focused.includes(text)) return
      }
      throw new Error(`Tab never came to ${text}`)
    }
    const saidBefore = ear.said.length
    await tabTo('English')
    await kiosk.keyboard.press('Enter')
    await tabTo(nameIn('transfer', 'en'))
    await kiosk.keyboard.press('Enter')
    await tabTo(createWords('en').say('kiosk.takeTicket'))
    await kiosk.keyboard.press('Enter')
    await kiosk.locator('.ticket-number').waitFor()
    await tabTo(createWords('en').say('kiosk.done'))
    await kiosk.keyboard.press('Enter')
    await expect.poll(screen).toBe('idle')
    // Enter is typed by scanners too: it makes nothing speak.
    expect(ear.said.length).toBe(saidBefore)
  })

  test('a kiosk without the program says so to its staff and to whoever wants to listen, and gives tickets as before', async () => {
    const mute = await world.kiosk('mute kiosk', printer(), profile, undefined, join(folder, 'not-installed'))
    await until('it has looked', async () => {
      const state = (await (await fetch(`${mute.url}/local/v1/state`)).json()) as { speech: string }
      return state.speech === 'missing'
    })
    const caller = await world.caller('desk')
    await until('staff are told', async () => {
      const told = await fetch(`${caller.url}/api/v1/printers`)
      return JSON.stringify(readTroubles(await told.json())).includes('no-voice')
    })
    const page = await faces.open('mute', mute.url, { width: 1280, height: 800 })
    await page.locator('.begin').waitFor()
    await press(page, 'down')
    const note = page.locator('.notes', { hasText: createWords('fr').say('access.noSpeech') })
    await note.waitFor()
    await page.locator('.begin').click()
    await page.locator('.tile', { hasText: nameIn('transfer', 'fr') }).click()
    await page.locator('.visit-take').click()
    await page.locator('.ticket-number').waitFor()
    await page.close()
  })

  test('no page complained', () => {
    expect(faces.complaints).toEqual([])
  })
})
