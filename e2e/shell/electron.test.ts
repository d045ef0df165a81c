// The kiosk's own window in a real Electron. Electron's binary is not among the packages: where somebody has fetched it, this
// runs; elsewhere it says loudly that it did not.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { _electron } from 'playwright-core'
import { expect, test } from 'vitest'
import { findElectron } from '../../tools/electron.ts'
import { runToEnd } from '../../tools/programs.ts'

const executablePath = findElectron()
const CHECKOUT = join(import.meta.dirname, '../..')

if (executablePath === null)
  test('NOT RUN: Electron is not installed here, so no window of its own was looked at', () => {
    console.warn(
      '\n*** Electron is not installed: its windows were NOT run, only their code on a fake (mains.test.ts) ***\n',
    )
  })
else
  test('the kiosk’s window shows its page, and nobody leaves it', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'smartqueue-electron-'))
    expect(await runToEnd(['vite', 'build', '--config', 'vite.windows.config.ts', '--logLevel', 'warn'])).toBe(true)
    const app = await _electron.launch({
      executablePath,
      args: [...(process.getuid?.() === 0 ? ['--no-sandbox'] : []), 'dist/windows/kiosk.mjs'],
      cwd: CHECKOUT,
      env: { ...(process.env as Record<string, string>), KIOSK_PORT: '0', KIOSK_DATA_DIR: folder },
    })
    try {
      const page = await app.firstWindow()
      await page.locator('#root > *').first().waitFor()
      const url = page.url()
      await page.evaluate(() => location.assign('https://example.org/'))
      await page.evaluate(() => void open('https://example.org/'))
      await page.keyboard.press('Control+w')
      expect(page.url()).toBe(url)
      expect(app.windows().length).toBe(1)
      expect(await page.evaluate(() => 'require' in globalThis || 'process' in globalThis)).toBe(false)
    } finally {
      app.process().kill('SIGKILL')
      rmSync(folder, { recursive: true, force: true })
    }
  })
