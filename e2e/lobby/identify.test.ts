import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { findByAxe, findOverflow } from '../gallery/look.ts'
import { openGallery, shotName } from '../gallery/open.ts'
import type { Shot } from '../gallery/shots.ts'

// The page on which a device shows what it is called, in a browser. IDENTIFY_PICTURES=1 takes pictures of it.

const NAMES = {
  fr: 'Écran de la salle d’attente, rez-de-chaussée, entrée principale',
  ar: 'شاشة قاعة الانتظار، الطابق الأرضي، المدخل الرئيسي',
}
const folder =
  process.env['IDENTIFY_PICTURES'] === undefined ? null : mkdtempSync(join(tmpdir(), 'smartqueue-identify-'))

let gallery: Awaited<ReturnType<typeof openGallery>>
beforeAll(async () => {
  gallery = await openGallery('display')
}, 120_000)
afterAll(() => gallery?.close())

const shots: readonly Shot[] = (['fr', 'ar'] as const).flatMap((language) =>
  (
    [
      [1280, 800],
      [360, 740],
    ] as const
  ).flatMap(([width, height]) =>
    (['usual', 'light'] as const).map(
      (mode) => ({ face: 'display', screen: 'identify', language, mode, width, height }) as const,
    ),
  ),
)

const askName = (orderId: string, name: string) =>
  gallery.page.evaluate(
    ([id = '', called = '']) =>
      (window as unknown as { askName: (id: string, name: string) => void }).askName(id, called),
    [orderId, name],
  )
const toldNames = () => gallery.page.evaluate(() => (window as unknown as { toldNames: () => string[] }).toldNames())

/** Texts of which a part is not in the window. */
const findCut = () =>
  gallery.page.evaluate(() =>
    [...document.querySelectorAll('.identify p')].flatMap((text) => {
      const { left, top, right, bottom } = text.getBoundingClientRect()
      return left < 0 || top < 0 || right > innerWidth || bottom > innerHeight ? [text.textContent] : []
    }),
  )

test('a long name is read whole on a wide screen and a narrow one, from either side, by day and by night', async () => {
  const found: string[] = []
  for (const shot of shots) {
    const { page, axe } = gallery
    await gallery.open(shot)
    await askName('order-1', NAMES[shot.language as 'fr' | 'ar'])
    await page.locator('.identify').waitFor()
    if (folder !== null) await page.screenshot({ path: join(folder, `${shotName(shot).replaceAll(' ', '-')}.png`) })
    const faults = [
      ...(await page.evaluate(findOverflow)),
      ...(await findCut()),
      ...(await findByAxe(page, axe, ['serious', 'critical'])),
    ]
    found.push(...faults.map((fault) => `${shotName(shot)}: ${fault}`))
  }
  if (folder !== null) console.log(`Pictures in ${folder}`)
  expect(found).toEqual([])
}, 120_000)

test('a touch takes the name away until somebody asks again, and no answer says that it was seen when it was not', async () => {
  const { page } = gallery
  await gallery.open({ face: 'display', screen: 'identify', language: 'fr', mode: 'usual', width: 1280, height: 800 })
  const name = page.locator('.identify-name')
  await askName('order-1', 'Salle 1')
  await name.waitFor()
  await name.dispatchEvent('pointerdown')
  await name.waitFor({ state: 'detached' })
  await askName('order-2', 'Salle 1')
  await name.waitFor({ timeout: 5_000 })
  await expect.poll(toldNames).toEqual(['order-1', 'order-2'].map((id) => `/local/v1/orders/${id}`))
  expect(await name.textContent()).toBe('Salle 1')
}, 60_000)
