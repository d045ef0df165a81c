import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { DeviceClient } from '../../branch-server/testing/client.ts'
import { decodePaper } from '../../kiosk/devices/paper.ts'
import { pretendPrinter } from '../../kiosk/devices/pretend.ts'
import type { TicketNumber } from '../../shared/domain/ids.ts'
import { profileNamed } from '../../shared/slip/profile.ts'
import { createWords } from '../../shared/words/create-words.ts'
import { type Faces, openBrowser } from '../world/browser.ts'
import { say, signIn } from '../world/people.ts'
import { openWorld, until, type World } from '../world/world.ts'

const profile = profileNamed('paper-80')
/** The issue's own measure: forty people within two minutes. */
const PEOPLE = 40
const TYPED_MS_MAX = 120_000

describe('a grand panne', () => {
  let world: World
  let faces: Faces
  let door: DeviceClient
  let awa: Page
  let fatou: Page
  let paperFolder = ''

  const state = () => world.branch.running.waist.branch().state
  const statusOf = (number: string): string => {
    const ticketId = state().ticketByNumber.get(number as TicketNumber)
    return (ticketId === undefined ? undefined : state().tickets.get(ticketId)?.phase.status) ?? 'unknown'
  }
  const rows = async (page: Page): Promise<readonly string[]> =>
    page.locator('.paper-row').evaluateAll((all) => all.map((row) => row.getAttribute('data-number') ?? ''))
  const noted = async (page: Page, state: string): Promise<readonly string[]> =>
    page
      .locator(`.noted-row[data-state=${state}]`)
      .evaluateAll((all) => all.map((it) => it.getAttribute('data-number') ?? ''))
  async function take(serviceId: string): Promise<string> {
    world.clock.pass(1_000)
    return (await door.issue(serviceId)).body.number
  }

  beforeAll(async () => {
    world = await openWorld(Date.UTC(2026, 10, 23, 8))
    door = await world.branch.pair('kiosk')
    paperFolder = join(world.folder, 'paper')
    await world.kiosk('kiosk', pretendPrinter({ folder: paperFolder, profile }), profile)
    faces = await openBrowser()
    const [first, second] = [await world.caller('awa'), await world.caller('fatou')]
    awa = await faces.open('awa', first.url, { width: 1280, height: 800 })
    fatou = await faces.open('fatou', second.url, { width: 360, height: 740 })
    await signIn(awa, 'Guichet 1', 'Awa Ndiaye', '271828')
  }, 120_000)
  afterAll(async () => {
    await faces?.[Symbol.asyncDispose]()
    await world?.[Symbol.asyncDispose]()
  })

  test('low on battery the waiting list prints in calling order, and staff are told', async () => {
    const numbers = [await take('cash'), await take('cash'), await take('transfer'), await take('cash')]
    await until('a printer is known', async () => {
      const { body } = await world.branch.installer.get<readonly object[]>('/api/v1/printers')
      return body.length > 0
    })
    expect((await world.branch.installer.post('/api/v1/power', { isLow: true })).status).toBe(200)
    await awa.getByText(say('power.low')).waitFor()
    const papers = () => readdirSync(paperFolder).filter((name) => name.endsWith('.png'))
    await until('the list is on paper', () => papers().length === 1)
    const { elements } = decodePaper(readFileSync(join(paperFolder, '0001.bin')), profile)
    const text = elements.flatMap((it) => (it.type === 'text' ? it.spans.map((span) => span.text) : [])).join('\n')
    expect(text.match(/[AB]\d{3}/g)).toEqual(numbers)
    expect(text).toContain('Banque du Fleuve')
  })

  test('without the server agents work down the list by keyboard, and nothing that they note is lost', async () => {
    await world.branch.running.close()
    await awa.locator('.cut-note-act').click()
    await expect.poll(() => rows(awa)).toEqual(['A001', 'A002', 'B001', 'A003'])
    await awa.keyboard.press('1')
    await awa.keyboard.press('2')
    await awa.keyboard.press('Backspace')
    await expect.poll(() => rows(awa)).toEqual(['A002', 'B001', 'A003'])
    await awa.locator('.paper-row[data-number=A002] button').nth(1).click()
    await awa.locator('.typed-number input').fill('a1001')
    await awa.locator('.typed-number input').press('Enter')
    await expect.poll(() => noted(awa, 'kept')).toEqual(['A1001', 'A002', 'A001'])
    // A colleague without a counter, on a small screen, has served one of them, too.
    await fatou.locator('.cut-note-act').click()
    await fatou.locator('.paper-row[data-number=A001] button').first().click()
    await expect.poll(() => noted(fatou, 'kept')).toEqual(['A001'])
    // Both pages are closed and opened again: what was noted is on the disk.
    await awa.reload()
    await awa.locator('.cut-note-act').click()
    await expect.poll(() => noted(awa, 'kept')).toEqual(['A1001', 'A002', 'A001'])
  })

  test('when it is back everything is entered; of two who served the same number, the second is told', async () => {
    await world.branch.start()
    await until('all is entered', () => statusOf('A1001') === 'completed' && statusOf('A002') === 'no_show', 600)
    // Nobody has ever signed in where the colleague noted hers: it waits there, and says for what.
    const why = createWords('fr').sayProblem('CallerNotStaffed')
    await expect.poll(() => fatou.locator('.noted-why').allTextContents(), { timeout: 20_000 }).toEqual([why])
    await fatou.keyboard.press('Escape')
    await signIn(fatou, 'Guichet 2', 'Fatou Sow', '161803')
    await fatou.locator('.marks-note button').click()
    const ends = async () => [...(await noted(awa, 'entered')), ...(await noted(fatou, 'entered'))].toSorted()
    await expect.poll(ends, { timeout: 20_000 }).toEqual(['A001', 'A002', 'A1001'])
    const refused = async () => [...(await noted(awa, 'refused')), ...(await noted(fatou, 'refused'))]
    await expect.poll(refused, { timeout: 20_000 }).toEqual(['A001'])
    expect(await Promise.all([awa, fatou].map((page) => page.locator('.noted-why').allTextContents()))).toContainEqual([
      createWords('fr').sayProblem('TicketIsCompleted'),
    ])
    expect([statusOf('A001'), statusOf('B001')]).toEqual(['completed', 'waiting'])
  })

  test('later one screen takes a whole sheet by keyboard', async () => {
    await awa.keyboard.press('Escape')
    const numbers = [
      ...['B001', 'A003'],
      ...(await Promise.all(Array.from({ length: PEOPLE - 2 }, () => take('cash')))),
    ]
    expect((await world.branch.installer.post('/api/v1/power', { isLow: false })).status).toBe(200)
    expect((await world.branch.installer.post('/api/v1/waiting-list/print')).status).toBe(200)
    await awa.keyboard.press('e')
    await expect.poll(() => rows(awa).then((all) => all.length), { timeout: 20_000 }).toBe(PEOPLE)
    const startedMs = performance.now()
    for (let count = 0; count < PEOPLE; count += 1) await awa.keyboard.press('1')
    await until('all forty are entered', () => numbers.every((number) => statusOf(number) === 'completed'), 2_000)
    expect(performance.now() - startedMs).toBeLessThan(TYPED_MS_MAX)
    await awa.getByText(say('paper.nobody')).waitFor()
    expect(faces.complaints).toEqual([])
  })
})
