import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { networkPrinter } from '../../kiosk/devices/network.ts'
import { profileNamed } from '../../shared/slip/profile.ts'
import { createWords } from '../../shared/words/create-words.ts'
import { type Faces, openBrowser } from '../world/browser.ts'
import { say, signIn } from '../world/people.ts'
import { openWorld, until, type World } from '../world/world.ts'
import { startTcpPrinter, type TcpPrinter } from './tcp-printer.ts'

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
