// A kiosk prints without the server and is destroyed; its papers are in people's hands. Staff take them in by hand, and
// when the kiosk is repaired after all, what it brings is known already.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { pretendPrinter } from '../../kiosk/devices/pretend.ts'
import { LANGUAGES } from '../../shared/domain/ids.ts'
import type { RunningHost } from '../../shared/host/start-host.ts'
import type { Figures } from '../../shared/project/figures.ts'
import { profileNamed } from '../../shared/slip/profile.ts'
import { createWords } from '../../shared/words/create-words.ts'
import { type Faces, openBrowser } from '../world/browser.ts'
import { press, rowNumbers, say, sees, signIn } from '../world/people.ts'
import { openWorld, sampleBank, until, type World } from '../world/world.ts'

const profile = profileNamed('paper-80')
const bank = { ...sampleBank, services: sampleBank.services.map((service) => ({ ...service, hours: null })) }

// One morning, told in order.
describe('papers of a kiosk that never came back', () => {
  let world: World
  let faces: Faces
  let awa: Page
  let papers: readonly string[] = []
  const paperFolder = mkdtempSync(join(tmpdir(), 'smartqueue-adopt-'))

  const state = () => world.branch.running.waist.branch().state
  const bearing = (number: string) => [...state().tickets.values()].filter(({ facts }) => facts.number === number)
  const problemText = async (): Promise<string> =>
    ((await awa.locator('dialog[open] [role=alert]').first().textContent()) ?? '').trim()

  const startKiosk = (): Promise<RunningHost> =>
    world.kiosk('kiosk', pretendPrinter({ folder: paperFolder, profile }), profile)

  async function tap(kiosk: RunningHost): Promise<string> {
    const response = await fetch(`${kiosk.url}/local/v1/tickets`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ serviceId: 'cash' }),
    })
    const { ticket, offline } = (await response.json()) as { ticket: { number: string }; offline: boolean }
    expect(offline).toBe(true)
    return ticket.number
  }

  /** Types a number as it stands on paper, in small letters, and says yes. */
  async function typeNumber(number: string): Promise<void> {
    if ((await awa.locator('dialog[open]').count()) === 0) await awa.keyboard.press('a')
    await awa.locator('dialog[open] .number-input').fill(number.toLowerCase())
    await awa.locator('dialog[open] .dialog-actions button').last().click()
  }

  const servedCount = async (): Promise<number> =>
    (await world.branch.installer.get<{ total: Figures }>('/api/v1/reports/today')).body.total.completedCount

  beforeAll(async () => {
    world = await openWorld(Date.UTC(2026, 10, 23, 9))
    expect((await world.branch.installer.send('PUT', '/api/v1/catalogue', bank)).status).toBe(200)
    const caller = await world.caller('awa')
    const kiosk = await startKiosk()
    await until('the kiosk is in contact', () => kiosk.host.status().link === 'up')
    await world.branch.running.close()
    papers = [await tap(kiosk), await tap(kiosk), await tap(kiosk)]
    await kiosk.close()
    await world.branch.start()
    faces = await openBrowser()
    awa = await faces.open('caller', caller.url, { width: 1280, height: 900 })
    await signIn(awa, 'Guichet 1', 'Awa Ndiaye', '271828')
  }, 120_000)

  afterAll(async () => {
    await faces?.[Symbol.asyncDispose]()
    await world?.[Symbol.asyncDispose]()
    rmSync(paperFolder, { recursive: true, force: true })
  })

  test('a number typed from paper is called to the counter, served and counted', async () => {
    const [first = ''] = papers
    await typeNumber(first)
    await sees(awa, first, 'called')
    await press(awa, 'Space', 'serving')
    await press(awa, 'Space', 'none')
    expect(bearing(first).map(({ phase }) => phase.status)).toEqual(['completed'])
    expect(await servedCount()).toBe(1)
  })

  test('what cannot be taken in is said at the field, in three languages, and the number can be typed anew', async () => {
    const [first = '', second = ''] = papers
    for (const language of LANGUAGES) {
      await awa.locator('.head-language').selectOption(language)
      await typeNumber(first)
      await expect.poll(problemText).toContain(createWords(language).say('problem.NumberTaken'))
      await typeNumber('A001')
      await expect.poll(problemText).toContain(createWords(language).say('problem.NumberNotOffline'))
      await awa.keyboard.press('Escape')
      await awa.locator('dialog[open]').waitFor({ state: 'detached' })
    }
    await awa.locator('.head-language').selectOption('fr')
    await typeNumber(second)
    await sees(awa, second, 'called')
    await press(awa, 'Space', 'serving')
    expect(await awa.locator('body').textContent()).not.toContain(say('problem.NumberTaken'))
  })

  test('the kiosk comes back from the dead: what was typed is not doubled, what was not typed waits', async () => {
    const [first = '', second = '', third = ''] = papers
    await startKiosk()
    await until('the third paper is known', () => bearing(third).length === 1)
    for (const number of papers) expect(bearing(number)).toHaveLength(1)
    expect([first, second, third].map((number) => bearing(number)[0]?.phase.status)).toEqual([
      'completed',
      'serving',
      'waiting',
    ])
    await expect.poll(() => rowNumbers(awa, 'waiting')).toEqual([third])
    expect(faces.complaints).toEqual([])
  })
})
