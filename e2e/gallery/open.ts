import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { chromium, type Page } from 'playwright-core'
import { CHROMIUM_FLAGS, findChromium } from '../../tools/chromium.ts'
import { buildPages, readAxe, serve } from './look.ts'
import type { Face, Shot } from './shots.ts'

/** One face's gallery, built and open in a browser. */
interface Gallery {
  readonly page: Page
  /** The script that axe is. */
  readonly axe: string
  /** Goes to a scene, at its size, and waits until it is drawn with its own fonts. */
  open(shot: Shot): Promise<void>
  close(): Promise<void>
}

/**
 * Runs in the page until nothing on it moves any more. A family of letters is asked for only when something is drawn with
 * it, and `fonts.ready` knows of none before: on a busy machine the letters of a dialog arrive frames after it.
 */
async function becomeStill(): Promise<void> {
  const stillFramesMin = 3
  // Something may turn for ever, and is looked at as it is.
  const framesMax = 120
  let before = ''
  for (let still = 0, frames = 0; still < stillFramesMin && frames < framesMax; frames += 1) {
    await document.fonts.ready
    await new Promise(requestAnimationFrame)
    const boxes = [...document.querySelectorAll('body *')].map((element) => {
      const { left, top, width, height } = element.getBoundingClientRect()
      return `${left} ${top} ${width} ${height}`
    })
    const now = `${document.fonts.status} ${boxes.join()} ${document.body.textContent}`
    still = now === before && document.fonts.status === 'loaded' ? still + 1 : 0
    before = now
  }
}

/** @param flags - of Chromium, beside the usual ones */
export async function openGallery(face: Face, flags: readonly string[] = []): Promise<Gallery> {
  const executablePath = findChromium()
  if (executablePath === null) throw new Error('No Chromium was found: apt-get install chromium, or set CHROMIUM.')
  const folder = mkdtempSync(join(tmpdir(), `smartqueue-${face}-screens-`))
  await buildPages(folder, [face])
  const [address, axe] = await Promise.all([serve(folder), readAxe()])
  const browser = await chromium.launch({ executablePath, args: [...CHROMIUM_FLAGS, ...flags] })
  const page = await (await browser.newContext({ reducedMotion: 'reduce', bypassCSP: true })).newPage()
  return {
    page,
    axe,
    async open({ screen, language, mode, width, height }) {
      await page.setViewportSize({ width, height })
      await page.goto(`${address}/${face}.html?screen=${screen}&language=${language}&mode=${mode}`)
      await page.locator(`.${face}`).waitFor()
      await page.locator('html:not([data-typing])').waitFor()
      await page.evaluate(becomeStill)
    },
    async close() {
      await browser.close()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

export const shotName = ({ screen, language, mode, width }: Shot): string => `${screen} ${language} ${mode} ${width}`
