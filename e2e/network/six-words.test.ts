import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pino } from 'pino'
import type { Page } from 'playwright-core'
import { expect, test } from 'vitest'
import { startBranch } from '../../branch-server/start-branch.ts'
import { INSTALLER_TOKEN } from '../../branch-server/testing/test-branch.ts'
import { testClock } from '../../branch-server/testing/test-clock.ts'
import { startHost } from '../../shared/host/start-host.ts'
import { createWords } from '../../shared/words/create-words.ts'
import { openBrowser } from '../world/browser.ts'
import { until } from '../world/world.ts'

const fr = createWords('fr')

/** A branch that listens outside loopback, a display that was told where it is and not which key it has, and its screen. */
async function openScreen(stack: AsyncDisposableStack) {
  const folder = mkdtempSync(join(tmpdir(), 'smartqueue-words-'))
  stack.defer(() => rmSync(folder, { recursive: true, force: true }))
  const clocks = testClock()
  const logger = pino({ level: 'silent' })
  const branch = await startBranch({
    config: {
      host: '0.0.0.0',
      port: 0,
      folder: join(folder, 'branch'),
      backupFolder: null,
      installerToken: INSTALLER_TOKEN,
      cloudUrl: null,
      enrolmentCode: null,
    },
    clocks,
    logger,
  })
  stack.defer(() => branch.close())
  const branchUrl = `https://127.0.0.1:${new URL(branch.url).port}`
  const display = await startHost({
    config: { kind: 'display', port: 0, branchUrl, pairingCode: null, folder: join(folder, 'display') },
    clocks,
    random: () => 0.5,
    logger,
    pageFolder: new URL('../../dist/display', import.meta.url).pathname,
  })
  stack.defer(() => display.close())
  const made = await branch.app.inject({
    method: 'POST',
    url: '/api/v1/pairings',
    headers: { host: '127.0.0.1', authorization: `Bearer ${INSTALLER_TOKEN}` },
    payload: { kind: 'display', name: 'Lobby' },
  })
  const faces = stack.use(await openBrowser())
  const page = await faces.open('display', display.url, { width: 1920, height: 1080 })
  const { code, words } = made.json<{ code: string; words: readonly string[] }>()
  return { page, code, words, display, pairingFile: join(folder, 'display/pairing.json') }
}

async function typeCode(page: Page, code: string): Promise<void> {
  await page.locator('.code-input').fill(code)
  await page.locator('.code-input').press('Enter')
  await page.locator('.six-words').waitFor()
}

test('whoever types a code compares six words; yes links the device, and nothing was sent before', async () => {
  await using stack = new AsyncDisposableStack()
  const { page, code, words, display, pairingFile } = await openScreen(stack)
  await typeCode(page, code)
  expect(await page.locator('.six-words li').allTextContents()).toEqual(words)
  expect(existsSync(pairingFile)).toBe(false)
  await page.getByText(fr.say('pairing.same')).click()
  await until('the display is in contact', () => display.host.status().link === 'up')
})

test('no sends the code to nobody: it still works when the words are right', async () => {
  await using stack = new AsyncDisposableStack()
  const { page, code, display, pairingFile } = await openScreen(stack)
  await typeCode(page, code)
  await page.getByText(fr.say('pairing.different')).click()
  await page.locator('.field-problem', { hasText: fr.sayProblem('BranchUnreachable') }).waitFor()
  expect(existsSync(pairingFile)).toBe(false)
  await page.reload()
  await typeCode(page, code)
  await page.getByText(fr.say('pairing.same')).click()
  await until('the display is in contact', () => display.host.status().link === 'up')
})
