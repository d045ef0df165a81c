import { readFileSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { extname, join, normalize } from 'node:path'
import type { Page } from 'playwright-core'
import { createBuilder } from 'vite'
import type { Face } from './shots.ts'

/** What pictures and tests of the gallery share: its pages, and what is looked for on each. */

const TYPES: Record<string, string> = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
  '.woff2': 'font/woff2',
  '.woff': 'font/woff',
}
const POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; img-src 'self'"

/** @param faces - whose galleries are built */
export async function buildPages(folder: string, faces: readonly Face[]): Promise<void> {
  const builder = await createBuilder({
    mode: 'gallery',
    logLevel: 'warn',
    environments: Object.fromEntries(faces.map((name) => [name, { build: { outDir: folder } }])),
  })
  await builder.buildApp()
}

/** @returns the address of the gallery's pages */
export async function serve(folder: string): Promise<string> {
  const server = createServer((request, response) => {
    // A picture as a display's host has it on its disk.
    if (request.url === '/local/v1/media/poster') {
      response.writeHead(200, { 'content-type': 'image/png' })
      response.end(readFileSync(join(import.meta.dirname, 'poster.png')))
      return
    }
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
export function findOverflow(): string[] {
  const found: string[] = []
  for (const element of document.querySelectorAll<HTMLElement>('#root *, dialog *')) {
    const style = getComputedStyle(element)
    const isScrolled = element.closest('[data-scrolls]') !== null
    // Lists go on below; what stands beside the screen nobody looks for.
    if (element.matches('ul[data-scrolls], ol[data-scrolls]') && element.scrollWidth > element.clientWidth + 2)
      found.push(`goes on beside its list: ${element.closest('section')?.className}`)
    if (isScrolled || element.closest('.only-heard') !== null || style.visibility === 'hidden') continue
    const box = element.getBoundingClientRect()
    const name = `${element.tagName.toLowerCase()}.${element.className} "${(element.textContent ?? '').slice(0, 40)}"`
    if (box.width > 0 && (box.right > innerWidth + 8 || box.left < -8)) found.push(`leaves the window: ${name}`)
    // An emergency covers all of the screen.
    const main = element.closest('.emergency') === null ? element.closest('main') : null
    if (main !== null && box.width > 1 && box.top < main.getBoundingClientRect().top - main.scrollTop - 4)
      found.push(`stands above its place: ${name}`)
    if (element.tagName === 'BUTTON' && element.scrollHeight > element.clientHeight + 2)
      found.push(`taller than its box: ${name}`)
    const clips = style.overflowX !== 'visible' || style.display.includes('grid') || element.tagName === 'BUTTON'
    const isShortened = style.textOverflow === 'ellipsis'
    if (clips && !isShortened && element.scrollWidth > element.clientWidth + 2 && element.clientWidth > 1)
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

/** What a lobby could not read although it stands there: a text under something else, cut down to its beginning, or a call that runs out of its panel. */
export function findUnreadable(): string[] {
  const found: string[] = []
  /** Nearer than this to its edge a text is as good as cut. */
  const edgePx = 6
  /** Of a text that is shortened. */
  const leastShare = 0.6
  const pen = document.createElement('canvas').getContext('2d')
  const isPainted = (element: Element): boolean =>
    element instanceof SVGElement || getComputedStyle(element).backgroundColor !== 'rgba(0, 0, 0, 0)'
  /** Something with a colour of its own that is no part of what the text stands in. */
  function coverOf(parent: Element, x: number, y: number): Element | null {
    for (let over = document.elementFromPoint(x, y); over !== null && !over.contains(parent); over = over.parentElement)
      if (!parent.contains(over) && isPainted(over)) return over
    return null
  }
  const texts = document.createTreeWalker(document.querySelector('#root') ?? document.body, NodeFilter.SHOW_TEXT)
  for (let text = texts.nextNode(); text !== null; text = texts.nextNode()) {
    const parent = text.parentElement
    const said = (text.textContent ?? '').trim()
    if (parent === null || said === '' || parent.closest('.only-heard') !== null) continue
    const style = getComputedStyle(parent)
    const range = document.createRange()
    range.selectNodeContents(text)
    const { left, top, width, height } = range.getBoundingClientRect()
    // A long name may lose its end; of one of which less is left nobody knows what it was.
    const isStub = style.textOverflow === 'ellipsis' && parent.clientWidth < width * leastShare
    if (isStub) found.push(`"${said}" is cut to ${Math.round((parent.clientWidth / width) * 100)} in a hundred`)
    if (width <= 1 || style.textOverflow === 'ellipsis') continue
    const cover = coverOf(parent, left + width / 2, top + height / 2)
    if (cover !== null) found.push(`"${said}" stands under ${cover.tagName} ${cover.getAttribute('class')}`)
    const panel = parent.closest('.large')?.getBoundingClientRect()
    if (panel === undefined || pen === null) continue
    pen.font = `${style.fontWeight} ${style.fontSize} ${style.fontFamily}`
    const ink = pen.measureText(said)
    const baseline = top + ink.fontBoundingBoxAscent
    const bottomPx = panel.bottom - (baseline + ink.actualBoundingBoxDescent)
    const topPx = baseline - ink.actualBoundingBoxAscent - panel.top
    if (Math.min(bottomPx, topPx) < edgePx) found.push(`"${said}" runs out of its panel`)
  }
  return found
}

/** The script that axe is, to be run in a page once. */
export const readAxe = (): Promise<string> => readFile('node_modules/axe-core/axe.min.js', 'utf8')

/**
 * What axe finds on a page.
 * @param impacts - how bad it must be; empty: whatever it is
 */
export async function findByAxe(page: Page, axe: string, impacts: readonly string[]): Promise<readonly string[]> {
  await page.evaluate(axe)
  return page.evaluate(async (wanted) => {
    const { axe: runner } = window as unknown as { axe: typeof import('axe-core') }
    const { violations } = await runner.run()
    return violations
      .filter(({ impact }) => wanted.length === 0 || wanted.includes(impact ?? ''))
      .map(({ id, nodes }) => `axe ${id}: ${nodes[0]?.html.slice(0, 120)} (${nodes.length})`)
  }, impacts)
}
