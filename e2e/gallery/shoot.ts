import { mkdirSync, mkdtempSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { extname, join, normalize } from 'node:path'
import { type Browser, chromium } from 'playwright-core'
import { createBuilder } from 'vite'
import { type Face, picturesOf, type Shot } from './shots.ts'

/**
 * Builds the gallery and takes pictures of it, as `node e2e/gallery/shoot.ts [face] [screen] [language] [width]`.
 * Says for each picture what axe found serious and what runs out of its box; the exit code counts them.
 */
const TYPES: Record<string, string> = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
  '.woff2': 'font/woff2',
  '.woff': 'font/woff',
}
const POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; img-src 'self'"

async function buildPages(folder: string): Promise<void> {
  const builder = await createBuilder({
    mode: 'gallery',
    logLevel: 'warn',
    environments: Object.fromEntries(
      ['kiosk', 'display', 'caller'].map((name) => [name, { build: { outDir: folder } }]),
    ),
  })
  await builder.buildApp()
}

async function serve(folder: string): Promise<string> {
  const server = createServer((request, response) => {
    const path = normalize(new URL(request.url ?? '/', 'http://gallery').pathname)
    readFile(join(folder, path)).then(
      (body) => {
        response.writeHead(200, {
          'content-type': TYPES[extname(path)] ?? 'application/octet-stream',
          'content-security-policy': POLICY,
        })
        response.end(body)
      },
      () => response.writeHead(404).end(),
    )
  })
  server.unref()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/e2e/gallery`
}

/** Texts that run out of their box, and boxes that run out of the window. */
function findOverflow(): string[] {
  const found: string[] = []
  for (const element of document.querySelectorAll<HTMLElement>('#root *, dialog *')) {
    const style = getComputedStyle(element)
    const isScrolled = element.closest('[data-scrolls]') !== null
    if (isScrolled || element.closest('.only-heard') !== null || style.visibility === 'hidden') continue
    const box = element.getBoundingClientRect()
    const name = `${element.tagName.toLowerCase()}.${element.className} "${(element.textContent ?? '').slice(0, 40)}"`
    if (box.width > 0 && (box.right > innerWidth + 8 || box.left < -8)) found.push(`leaves the window: ${name}`)
    const clips = style.overflowX !== 'visible' || style.display.includes('grid') || element.tagName === 'BUTTON'
    const isShortened = style.textOverflow === 'ellipsis'
    if (clips && !isShortened && element.scrollWidth > element.clientWidth + 2 && element.clientWidth > 0)
      found.push(`wider than its box: ${name}`)
    if (
      element.tagName === 'MAIN' &&
      element.closest('.caller') === null &&
      element.scrollHeight > element.clientHeight + 2
    )
      found.push(`must be scrolled by ${element.scrollHeight - element.clientHeight} px: ${name}`)
  }
  return found
}

async function shoot(browser: Browser, address: string, folder: string, shot: Shot, axe: string): Promise<number> {
  const { face, screen, language, width, height } = shot
  const context = await browser.newContext({ viewport: { width, height }, reducedMotion: 'reduce', bypassCSP: true })
  const page = await context.newPage()
  const complaints: string[] = []
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') complaints.push(`console: ${message.text()}`)
  })
  page.on('pageerror', (error) => complaints.push(`error: ${error.message}`))
  await page.goto(`${address}/${face}.html?screen=${screen}&language=${language}`)
  await page.evaluate(() => document.fonts.ready)
  await page.waitForTimeout(150)
  const name = `${face}-${screen}-${language}-${width}.png`
  await page.screenshot({ path: join(folder, name) })
  complaints.push(...(await page.evaluate(findOverflow)))
  await page.evaluate(axe)
  const serious = await page.evaluate(async () => {
    const { axe: runner } = window as unknown as { axe: typeof import('axe-core') }
    const { violations } = await runner.run()
    return violations
      .filter(({ impact }) => impact === 'serious' || impact === 'critical')
      .map(({ id, nodes }) => `axe ${id}: ${nodes[0]?.html.slice(0, 120)} (${nodes.length})`)
  })
  complaints.push(...serious)
  await context.close()
  console.log(complaints.length === 0 ? `${name} ok` : `${name}\n  ${complaints.join('\n  ')}`)
  return complaints.length
}

const [face = '', screen = '', language = '', width = ''] = process.argv.slice(2)
const folder = mkdtempSync(join(tmpdir(), 'smartqueue-gallery-'))
const pictures = join(folder, 'pictures')
mkdirSync(pictures)
await buildPages(folder)
const address = await serve(folder)
const axe = await readFile('node_modules/axe-core/axe.min.js', 'utf8')
const browser = await chromium.launch({
  executablePath: '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking'],
})
let complaintCount = 0
for (const shot of picturesOf(face as Face | '', screen, language, width))
  complaintCount += await shoot(browser, address, pictures, shot, axe)
await browser.close()
console.log(`Pictures in ${pictures}; ${complaintCount} complaints`)
process.exitCode = complaintCount === 0 ? 0 : 1
