import type { Locator, Page } from 'playwright-core'
import { expect } from 'vitest'
import type { Language } from '../../shared/domain/ids.ts'
import { createWords } from '../../shared/words/create-words.ts'

/** What people do at the screens, with their fingers and keys; texts come from the same words the screens use. */
const fr = createWords('fr')

const textOf = async (shown: Locator): Promise<string> =>
  ((await shown.textContent()) ?? '').replaceAll(/\s+/g, ' ').trim()
const textsOf = async (shown: Locator): Promise<readonly string[]> =>
  (await shown.allTextContents()).map((text) => text.trim())

/** A customer chooses a language and a service and reads the number. */
export async function takeTicket(kiosk: Page, language: Language, serviceName: string): Promise<string> {
  await kiosk.locator(`.idle-language[lang=${language}]`).click()
  await kiosk.locator('.tile', { hasText: serviceName }).click()
  // Where the branch asks for more, nothing more is said.
  const takes = kiosk.locator('.visit-take')
  await takes.or(kiosk.locator('.ticket-number')).first().waitFor()
  if ((await takes.count()) > 0) await takes.click()
  const number = await textOf(kiosk.locator('.ticket-number'))
  expect(await kiosk.locator('[dir]').first().getAttribute('dir')).toBe(language === 'ar' ? 'rtl' : 'ltr')
  return number
}

/** The customer takes the paper and goes; the kiosk is as new. */
export async function leaveKiosk(kiosk: Page): Promise<void> {
  await kiosk.locator('.ticket-actions button').last().click()
  await kiosk.locator('.begin').waitFor()
}

const exactly = (text: string): RegExp => new RegExp(`^\\s*${text}\\s*$`)

/** An agent opens a counter with a PIN, by keyboard. */
export async function signIn(caller: Page, counter: string, agent: string, pin: string): Promise<void> {
  // Beside a name stands where its owner is now: only the names themselves are chosen.
  const name = caller.locator('.choice-text')
  await name.filter({ hasText: exactly(counter) }).click()
  await name.filter({ hasText: exactly(agent) }).click()
  await caller.locator('.pin-input').fill(pin)
  await caller.locator('.pin-input').press('Enter')
  await caller.locator('.primary-act').waitFor()
}

/** The number in front of the agent; empty when nobody is. */
async function currentNumber(caller: Page): Promise<string> {
  const shown = caller.locator('.current-number')
  return (await shown.count()) === 0 ? '' : textOf(shown)
}

/** Waits until the agent sees this ticket in front, in this status. */
export async function sees(caller: Page, number: string, wanted: 'called' | 'serving'): Promise<void> {
  await expect.poll(() => currentNumber(caller), { timeout: 10_000 }).toBe(number)
  await expect.poll(() => status(caller), { timeout: 10_000 }).toBe(wanted)
}

export const status = async (caller: Page): Promise<string> =>
  (await caller.locator('.current-ticket').getAttribute('data-status')) ?? 'none'

/** Presses a key of the desk once the deed before it is over. */
export async function pressKey(caller: Page, key: string): Promise<void> {
  await caller.locator('.primary-act[aria-disabled=false], .side-acts [aria-disabled=false]').first().waitFor()
  await caller.keyboard.press(key)
}

/** Presses a key of the desk and waits until the ticket in front has the status it leads to. */
export async function press(caller: Page, key: string, leadsTo: string): Promise<void> {
  await pressKey(caller, key)
  await expect.poll(() => status(caller), { timeout: 10_000 }).toBe(leadsTo)
}

/** Presses a key until this stands there: again, as people do, where the desk was still busy with the deed before. */
export async function pressUntil(caller: Page, key: string, selector: string): Promise<void> {
  const comes = (): Promise<boolean> =>
    caller
      .locator(selector)
      .first()
      .waitFor({ timeout: 2_000 })
      .then(
        () => true,
        () => false,
      )
  for (let tries = 0; tries < 5; tries += 1) {
    await caller.keyboard.press(key)
    if (await comes()) return
  }
  throw new Error(`The key ${key} never brings ${selector}`)
}

/** Asks for a deed that wants an answer. */
export const begin = (caller: Page, key: string): Promise<void> => pressUntil(caller, key, 'dialog[open]')

/** Answers a question of the desk: the choices by their words, then the deed. */
export async function answer(caller: Page, choices: readonly string[]): Promise<void> {
  const dialog = caller.locator('dialog[open]')
  for (const choice of choices) await dialog.getByText(choice, { exact: true }).click()
  await dialog.locator('.dialog-actions button').last().click()
  await dialog.waitFor({ state: 'detached' })
}

/** The button of one row: of the waiting, the held, or those who did not come. */
export async function pressInRow(
  caller: Page,
  list: 'waiting' | 'held' | 'no-shows',
  number: string,
  nth: number,
): Promise<void> {
  const row = caller.locator(`.list-${list} .row`, { hasText: number })
  await row.locator('.row-acts button').nth(nth).click()
}

export const rowNumbers = (caller: Page, list: 'waiting' | 'held' | 'no-shows'): Promise<readonly string[]> =>
  textsOf(caller.locator(`.list-${list} .row-number`))

/** Every number the lobby shows as called, the largest first. */
export const lobbyNumbers = (display: Page): Promise<readonly string[]> => textsOf(display.locator('.call-number'))

/** How many wait, queue by queue. */
export const lobbyCounts = (display: Page): Promise<readonly string[]> => textsOf(display.locator('.queue-count'))

export const say = fr.say
