import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { networkPrinter } from '../../kiosk/devices/network.ts'
import { pretendPrinter } from '../../kiosk/devices/pretend.ts'
import { profileNamed } from '../../shared/slip/profile.ts'
import { createWords, type WordKey } from '../../shared/words/create-words.ts'
import { type Faces, openBrowser } from '../world/browser.ts'
import { say, signIn, takeTicket } from '../world/people.ts'
import { openWorld, until, type World } from '../world/world.ts'
import { readPaper } from './read-paper.ts'
import { startTcpPrinter, type TcpPrinter } from './tcp-printer.ts'
import { PRINTER_MODELS } from './virtual-printer.ts'

/** What staff are promised; the rest of the time below is the test machine's. */
const PROMISED_MS = 5_000
const MACHINE_MS = 10_000

let world: World
let faces: Faces
let printer: TcpPrinter
let desk: Page

beforeAll(async () => {
  world = await openWorld(Date.UTC(2026, 10, 23, 8))
  printer = await startTcpPrinter()
  const profile = profileNamed('paper-80')
  await world.kiosk('Borne 1', networkPrinter({ host: printer.host, port: printer.port, receipt: 'none' }), profile)
  const host = await world.caller('awa')
  faces = await openBrowser()
  desk = await faces.open('caller', host.url, { width: 1280, height: 900 })
  await signIn(desk, 'Guichet 1', 'Awa Ndiaye', '271828')
}, 120_000)
afterAll(async () => {
  await faces?.[Symbol.asyncDispose]()
  await world?.[Symbol.asyncDispose]()
  await printer?.close()
})

const notes = async (): Promise<string> =>
  (await desk.locator('.printer-notes').allTextContents()).join(' ').replaceAll(/[\u2066-\u2069]/g, '')

/** Before the next thing happens to the printer. */
async function shows(text: string): Promise<void> {
  await expect.poll(notes, { timeout: PROMISED_MS + MACHINE_MS }).toBe(text)
}

test('staff at the desk see what befalls a kiosk’s printer, in the order in which it happens', async () => {
  await until('the printer is known', () => printer.connectionCount() > 0)
  await shows('')
  printer.become({ paper: 'out' })
  await shows(say('printer.load-paper', { kiosk: 'Borne 1' }).replaceAll(/[\u2066-\u2069]/g, ''))
  printer.become({ paper: 'near-end' })
  await shows(say('printer.paper-low', { kiosk: 'Borne 1' }).replaceAll(/[\u2066-\u2069]/g, ''))
  printer.become({ paper: 'ok', cover: 'open' })
  await shows(say('printer.close-cover', { kiosk: 'Borne 1' }).replaceAll(/[\u2066-\u2069]/g, ''))
  printer.become({ cover: 'closed' })
  await shows('')
  await printer.refuse()
  await shows(say('printer.not-reachable', { kiosk: 'Borne 1' }).replaceAll(/[\u2066-\u2069]/g, ''))
})

test('they see it in their own language, until it is over', async () => {
  await desk.locator('.head-language').selectOption('ar')
  await shows(
    createWords('ar')
      .say('printer.not-reachable', { kiosk: 'Borne 1' })
      .replaceAll(/[\u2066-\u2069]/g, ''),
  )
  await printer.listen()
  await shows('')
})

/** Held for a while, as nobody does by chance. */
async function holdBranchName(page: Page): Promise<void> {
  const box = await page.locator('.branch-name').boundingBox()
  if (box === null) throw new Error('The branch has no name on the screen')
  await page.mouse.move(box.x + 8, box.y + box.height / 2)
  await page.mouse.down()
  await page.locator('.staff-sign-in').waitFor()
  await page.mouse.up()
}

async function enterMenu(page: Page, name: string, pin: string): Promise<void> {
  await page.locator('.staff-names .choice-text', { hasText: name }).click()
  // Customers can open this page: it names nobody.
  expect(await page.content()).not.toContain('Fall')
  for (const digit of pin) await page.locator('.pin-keys .pad-key', { hasText: digit }).click()
  await page.locator('.staff-pin .button-primary').click()
}

test('at the kiosk a manager opens the menu with a long touch and leads it to another printer, in Arabic', async () => {
  const pretend = pretendPrinter({ folder: join(world.folder, 'paper'), profile: profileNamed('paper-80') })
  const other = await startTcpPrinter({}, PRINTER_MODELS.confirming)
  const places = () => ({ hosts: [], port: other.port, devices: '/dev' })
  const kiosk = await world.kiosk('Borne 2', pretend, profileNamed('paper-80'), places)
  const page = await faces.open('kiosk', kiosk.url, { width: 1080, height: 1920 })
  await page.locator('.begin').waitFor()
  await holdBranchName(page)
  await page.locator('.language[lang=ar]').click()
  const ar = createWords('ar')
  const press = (key: WordKey) =>
    page
      .locator('.staff .button', { hasText: ar.say(key) })
      .first()
      .click()
  await enterMenu(page, 'I. F.', '000000')
  await page.locator('.pin-pad .field-problem', { hasText: ar.sayProblem('PinWrong') }).waitFor()
  await enterMenu(page, 'I. F.', '141421')
  await page.locator('.staff-overview').waitFor()
  expect(await page.locator('[dir]').first().getAttribute('dir')).toBe('rtl')

  await press('staff.setUp')
  await page.locator('.staff-typed input').fill(`${other.host}:${other.port}`)
  await press('staff.next')
  await press('staff.printTest')
  const questions = page.locator('.staff-question')
  await questions.nth(2).waitFor()
  expect(other.jobs()).toHaveLength(1)
  await questions.nth(1).getByText(ar.say('staff.yes')).click()
  await questions.nth(2).getByText(ar.say('staff.no')).click()
  await press('staff.next')
  await press('staff.printLetters')
  await until('the lines are out', () => other.jobs().length === 2)
  await page.locator('.staff-line').nth(2).click()
  await press('staff.next')
  await press('staff.use')
  await page.locator('.staff-printer', { hasText: other.address }).waitFor()
  await press('staff.leave')

  await takeTicket(page, 'en', 'Deposit and withdrawal')
  await until('the ticket is out', () => other.jobs().length === 3)
  const profile = { ...profileNamed('paper-80'), codePages: [{ name: 'WPC1252', selector: 16 }] } as const
  const { faults, paper, qr } = await readPaper(other.jobs()[2] ?? Buffer.alloc(0), profile)
  expect([faults, qr?.startsWith('smartqueue:ticket:')]).toEqual([[], true])
  // As was answered: the printer makes no code of its own, it is drawn.
  expect(paper.elements.some(({ type }) => type === 'qr')).toBe(false)
  expect(faces.complaints).toEqual([])
  await page.close()
  await other.close()
}, 60_000)
