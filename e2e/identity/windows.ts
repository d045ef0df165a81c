import { join } from 'node:path'
import { chromium, type Page } from 'playwright-core'
import { expect } from 'vitest'
import type { Language } from '../../shared/domain/ids.ts'
import { CHROMIUM_FLAGS, findChromium } from '../../tools/chromium.ts'
import { findByAxe, findOverflow, readAxe } from '../gallery/look.ts'

/** Where pictures are kept to be looked at; left out: nowhere. */
const FOLDER = process.env['SIGN_IN_PICTURES']
const PAGE_MS_MAX = 15_000
/** A phone and a desk. */
const SIZES = [
  [360, 740],
  [1280, 800],
] as const

/** Buttons whose words come so close to their border that it looks like a mistake. */
function findTight(): readonly string[] {
  const roomPxMin = 6
  const isTight = (button: Element): boolean => {
    const words = document.createRange()
    words.selectNodeContents(button)
    const [inner, outer] = [words.getBoundingClientRect(), button.getBoundingClientRect()]
    const rooms = [
      inner.top - outer.top,
      outer.bottom - inner.bottom,
      inner.left - outer.left,
      outer.right - inner.right,
    ]
    return Math.min(...rooms) < roomPxMin
  }
  const buttons = [...document.querySelectorAll('button, a.button')]
  return buttons.filter(isTight).map((it) => `tight: ${it.textContent}`)
}

/** Windows of a real browser, as people have them. */
export interface Windows {
  /** A window of its own, as of somebody who reads this language. */
  open(language: Language, colorScheme?: 'light' | 'dark'): Promise<Page>
  /** Nothing is cut, nothing is hard to read, and the page speaks the language in its direction. */
  look(page: Page, language: Language, name: string): Promise<void>
  close(): Promise<void>
}

export async function openWindows(): Promise<Windows> {
  const executablePath = findChromium()
  if (executablePath === null) throw new Error('No Chromium was found: apt-get install chromium, or set CHROMIUM.')
  const browser = await chromium.launch({ executablePath, args: [...CHROMIUM_FLAGS] })
  const axe = await readAxe()
  return {
    async open(language, colorScheme = 'light') {
      const [[width, height]] = SIZES
      const viewport = { width, height }
      const context = await browser.newContext({ locale: language, colorScheme, viewport, bypassCSP: true })
      context.setDefaultTimeout(PAGE_MS_MAX)
      return context.newPage()
    },
    async look(page, language, name) {
      const spoken = await page.evaluate(() => [document.documentElement.lang, document.documentElement.dir])
      expect([name, spoken]).toEqual([name, [language, language === 'ar' ? 'rtl' : 'ltr']])
      for (const [width, height] of SIZES.toReversed()) {
        await page.setViewportSize({ width, height })
        for (const colorScheme of FOLDER === undefined ? [] : (['light', 'dark'] as const)) {
          await page.emulateMedia({ colorScheme })
          const path = join(FOLDER ?? '', `${name}-${language}-${width}-${colorScheme}.png`)
          await page.screenshot({ path, fullPage: true })
        }
        // A field scrolls what is longer than it is.
        const found = (await page.evaluate(findOverflow)).filter((it) => !it.startsWith('wider than its box: input'))
        const tight = await page.evaluate(findTight)
        expect([name, width, ...found, ...tight]).toEqual([name, width])
      }
      // The same in each language: names of fields, contrasts, order.
      if (language === 'fr') expect([name, await findByAxe(page, axe, ['serious', 'critical'])]).toEqual([name, []])
    },
    close: () => browser.close(),
  }
}
