import { mkdirSync, mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Browser, chromium } from 'playwright-core'
import { buildPages, findByAxe, findOverflow, readAxe, serve } from './look.ts'
import { type Face, picturesOf, type Shot } from './shots.ts'

/**
 * Builds the gallery and takes pictures of it, as `node e2e/gallery/shoot.ts [face] [screen] [language] [width] [mode]`.
 * Says for each picture what axe found serious and what runs out of its box; the exit code counts them.
 */
async function shoot(browser: Browser, address: string, folder: string, shot: Shot, axe: string): Promise<number> {
  const { face, screen, language, mode, width, height } = shot
  const context = await browser.newContext({ viewport: { width, height }, reducedMotion: 'reduce', bypassCSP: true })
  const page = await context.newPage()
  const complaints: string[] = []
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') complaints.push(`console: ${message.text()}`)
  })
  page.on('pageerror', (error) => complaints.push(`error: ${error.message}`))
  await page.goto(`${address}/${face}.html?screen=${screen}&language=${language}&mode=${mode}`)
  await page.evaluate(() => document.fonts.ready)
  await page.waitForTimeout(150)
  const name = `${face}-${screen}-${language}-${width}${mode === 'usual' ? '' : `-${mode}`}.png`
  await page.screenshot({ path: join(folder, name) })
  complaints.push(...(await page.evaluate(findOverflow)))
  complaints.push(...(await findByAxe(page, axe, ['serious', 'critical'])))
  await context.close()
  console.log(complaints.length === 0 ? `${name} ok` : `${name}\n  ${complaints.join('\n  ')}`)
  return complaints.length
}

const [face = '', screen = '', language = '', width = '', mode = ''] = process.argv.slice(2)
const folder = mkdtempSync(join(tmpdir(), 'smartqueue-gallery-'))
const pictures = join(folder, 'pictures')
mkdirSync(pictures)
await buildPages(folder, ['kiosk', 'display', 'caller'])
const address = await serve(folder)
const axe = await readAxe()
const browser = await chromium.launch({
  executablePath: '/usr/bin/chromium',
  args: [
    '--no-sandbox',
    '--disable-gpu',
    '--disable-quic',
    '--no-first-run',
    '--disable-background-networking',
    '--autoplay-policy=no-user-gesture-required',
  ],
})
let complaintCount = 0
for (const shot of picturesOf({ face: face as Face | '', screen, language, width, mode }))
  complaintCount += await shoot(browser, address, pictures, shot, axe)
await browser.close()
console.log(`Pictures in ${pictures}; ${complaintCount} complaints`)
process.exitCode = complaintCount === 0 ? 0 : 1
