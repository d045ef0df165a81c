import type { Browser, Page } from 'playwright-core'
import type { Language } from '../../shared/domain/ids.ts'

export const DESK = { width: 1280, height: 800 } as const
const ANSWER_MS_MAX = 20_000
/** A refusal is an answer: the page says it itself. */
const REFUSAL = /^Failed to load resource/

/**
 * A window of somebody who reads this language; what its console says is kept: a policy that is broken is told there.
 * @param expected - what may be said there all the same
 */
export async function openWindow(
  browser: Browser,
  language: Language,
  expected = REFUSAL,
): Promise<{ readonly page: Page; readonly complaints: readonly string[] }> {
  const context = await browser.newContext({ locale: language, viewport: DESK, reducedMotion: 'reduce' })
  context.setDefaultTimeout(ANSWER_MS_MAX)
  const page = await context.newPage()
  const complaints: string[] = []
  page.on('pageerror', (error) => complaints.push(error.message))
  page.on('console', (message) => {
    if (message.type() === 'error' && !expected.test(message.text())) complaints.push(message.text())
  })
  return { page, complaints }
}
