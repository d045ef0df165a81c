import { type Browser, chromium, type Page } from 'playwright-core'
import { CHROMIUM_FLAGS, findChromium } from '../../tools/chromium.ts'

export interface Faces extends AsyncDisposable {
  /**
   * A page at its real size; what its console complains of is kept.
   * @param beside - another page of the same device, with what that one keeps
   */
  open(
    name: string,
    url: string,
    size: { readonly width: number; readonly height: number },
    beside?: Page,
  ): Promise<Page>
  /** Errors of any page's console, and scripts that threw. */
  readonly complaints: readonly string[]
}

/** A real Chromium. @param flags - more of its own. @throws Error with what to install when there is none */
export async function openBrowser(flags: readonly string[] = []): Promise<Faces> {
  const executablePath = findChromium()
  if (executablePath === null) throw new Error('No Chromium was found: apt-get install chromium, or set CHROMIUM.')
  const browser: Browser = await chromium.launch({
    executablePath,
    args: [...CHROMIUM_FLAGS, '--autoplay-policy=no-user-gesture-required', ...flags],
  })
  const complaints: string[] = []
  return {
    complaints,
    async open(name, url, viewport, beside) {
      const context = beside?.context() ?? (await browser.newContext({ viewport, reducedMotion: 'reduce' }))
      const page = await context.newPage()
      await page.setViewportSize(viewport)
      page.on('pageerror', (error) => complaints.push(`${name}: ${error.message}`))
      page.on('console', (message) => {
        // The browser itself reports every refused request and lost socket; our own screens are asked about those.
        const isNetwork = /Failed to load resource|WebSocket connection/.test(message.text())
        if (message.type() === 'error' && !isNetwork) complaints.push(`${name}: ${message.text()}`)
      })
      await page.goto(url)
      return page
    },
    [Symbol.asyncDispose]: () => browser.close(),
  }
}
