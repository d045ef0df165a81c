import { createServer } from 'node:net'
import { pino } from 'pino'
import { type Browser, chromium, type Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openGuests } from '../../branch-server/guest/guest-door.ts'
import { GUEST_SCRIPT, GUEST_STYLE } from '../../branch-server/guest/guest-page.ts'
import type { SentCatalogue } from '../../branch-server/testing/bank-catalogue.ts'
import { openTestBranch, type TestBranch } from '../../branch-server/testing/test-branch.ts'
import { PLAIN_AGENT, PLAIN_COUNTER } from '../../shared/domain/catalogue-defaults.ts'
import type { Command } from '../../shared/domain/commands.ts'
import type { AgentId, CounterId, DeviceId, MessageId, ServiceId, TicketId } from '../../shared/domain/ids.ts'
import { LANGUAGES, type Language } from '../../shared/domain/ids.ts'
import { createWords } from '../../shared/words/create-words.ts'
import { CHROMIUM_FLAGS, findChromium } from '../../tools/chromium.ts'
import { sampleBank, until } from '../world/world.ts'

// The page for television sets that have nothing but a browser: plain HTTP, a script of the year 2010, no script at all.
// GUEST_PICTURES=FOLDER keeps a picture of each look.

const SIZES = [
  { width: 1920, height: 1080 },
  { width: 1080, height: 1920 },
] as const
/** Read from eight metres on a set of 43 inches. */
const TEXT_PX_MIN = 40
const FOLDER = process.env['GUEST_PICTURES']

/** Runs before the page: what browsers of television sets did not have in 2014. */
function growOld(): void {
  const names = [
    'fetch',
    'AbortController',
    'IntersectionObserver',
    'ResizeObserver',
    'Map',
    'Set',
    'WeakMap',
    'Symbol',
  ]
  const old = window as unknown as Record<string, unknown>
  for (const name of names.slice(0, 4)) old[name] = undefined
  const missing = [
    [NodeList.prototype, 'forEach'],
    [Element.prototype, 'closest'],
    [Element.prototype, 'append'],
    [Element.prototype, 'replaceChildren'],
    [String.prototype, 'replaceAll'],
    [Array.prototype, 'flatMap'],
  ] as const
  for (const [place, name] of missing) (place as unknown as Record<string, unknown>)[name] = undefined
}

/** Runs in the page. @returns what is smaller than it can be read, or runs out of the screen or over something else */
function findFaults(textPxMin: number): readonly string[] {
  const faults: string[] = []
  const hasText = (it: Element): boolean =>
    [...it.childNodes].some((node) => node.nodeType === 3 && (node.textContent ?? '').trim() !== '')
  const shown = [...document.querySelectorAll('#board *, #stale')].filter(
    (it) => hasText(it) && it.checkVisibility({ visibilityProperty: true }),
  )
  const boxes = shown.map((it) => {
    const range = document.createRange()
    range.selectNodeContents(it)
    return { it, box: range.getBoundingClientRect() }
  })
  for (const { it, box } of boxes) {
    const name = `${it.tagName}.${it.className} “${it.textContent}”`
    if (Number.parseFloat(getComputedStyle(it).fontSize) < textPxMin) faults.push(`${name} is small`)
    if (box.left < 0 || box.top < 0 || box.right > innerWidth + 1 || box.bottom > innerHeight + 1)
      faults.push(`${name} runs out of the screen`)
  }
  for (const [at, a] of boxes.entries())
    for (const b of boxes.slice(at + 1)) {
      if (a.it.contains(b.it) || b.it.contains(a.it)) continue
      const across = Math.min(a.box.right, b.box.right) - Math.max(a.box.left, b.box.left)
      const down = Math.min(a.box.bottom, b.box.bottom) - Math.max(a.box.top, b.box.top)
      // Lines stand close: letters without heads and tails may share a few dots.
      if (across > 1 && down > Math.min(a.box.height, b.box.height) * 0.3)
        faults.push(`“${a.it.textContent}” lies over “${b.it.textContent}”`)
    }
  return faults
}

async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as { port: number }
  await new Promise((resolve) => server.close(resolve))
  return port
}

/** Five counters with somebody at each; the manager at the first. */
const CREW = ['ibrahima', 'awa', 'moussa', 'fatou', 'sokhna'] as const
const busyBank = {
  ...sampleBank,
  counters: CREW.map((_, at) => ({
    ...PLAIN_COUNTER,
    ...{ id: `counter-${at + 1}` as CounterId, queueIds: sampleBank.queues.map(({ id }) => id) },
    name: { fr: `Guichet ${at + 9}`, en: `Counter ${at + 9}`, ar: `الشباك ${at + 9}` },
  })),
  agents: [...sampleBank.agents, { ...PLAIN_AGENT, id: 'sokhna' as AgentId, name: 'Sokhna Ba', pin: '173205' }],
} satisfies SentCatalogue

describe('a television set with nothing but a browser', () => {
  let branch: TestBranch
  let browser: Browser
  let address: string
  let closeDoor: () => void
  let page: Page
  const complaints: string[] = []

  async function act(command: Command): Promise<void> {
    const { status } = await branch.running.waist.execute({
      ...{
        origin: {
          kind: 'caller',
          deviceId: `desk-of-${'counterId' in command ? command.counterId : 'counter-1'}` as DeviceId,
        },
      },
      ...{ command, answer: () => ({ status: 200, body: {} }), idempotency: null, bookmark: null },
    })
    expect([command.type, status]).toEqual([command.type, 200])
  }
  const speaks = async (defaultLanguage: Language): Promise<void> => {
    const catalogue = { ...busyBank, branch: { ...busyBank.branch, defaultLanguage, guestBoard: true } }
    expect((await branch.installer.send('PUT', '/api/v1/catalogue', catalogue)).status).toBe(200)
  }
  let issued = 0
  async function call(counterId: string, serviceId: string): Promise<void> {
    issued += 1
    const ticketId = `ticket-${issued}` as TicketId
    await act({
      ...{ type: 'IssueTicket', ticketId, channel: 'counter', priority: null, language: 'fr' },
      serviceId: serviceId as ServiceId,
    })
    await act({ type: 'CallNext', counterId: counterId as CounterId })
  }
  const seat = (nth: number) =>
    act({ type: 'OpenCounter', counterId: `counter-${nth}` as CounterId, agentId: CREW[nth - 1] as AgentId })

  async function open(size: (typeof SIZES)[number], more = {}): Promise<Page> {
    const context = await browser.newContext({ viewport: size, ...more })
    const page = await context.newPage()
    page.on('pageerror', (error) => complaints.push(error.message))
    await page.addInitScript(growOld)
    await page.goto(address)
    return page
  }
  /** As a branch opens it that speaks TLS to everybody else. */
  function openDoor(): void {
    const config = { host: '0.0.0.0', guestPort: Number(new URL(address).port) } as never
    const readClock = () => ({ wallMs: branch.clock.wallMs() }) as never
    closeDoor = openGuests(config, { waist: branch.running.waist, readClock }, pino({ level: 'silent' }))
  }

  beforeAll(async () => {
    branch = await openTestBranch({ catalogue: busyBank, logLevel: 'warn' })
    address = `http://127.0.0.1:${await freePort()}/guest/`
    await speaks('fr')
    openDoor()
    const executablePath = findChromium()
    if (executablePath === null) throw new Error('No Chromium was found: apt-get install chromium, or set CHROMIUM.')
    browser = await chromium.launch({ executablePath, args: [...CHROMIUM_FLAGS] })
  }, 120_000)
  afterAll(async () => {
    closeDoor?.()
    await browser?.close()
    await branch?.[Symbol.asyncDispose]()
  })

  test('what it is given is of the year 2010', () => {
    expect(GUEST_SCRIPT).not.toMatch(/=>|`|\b(let|const|class|async|await|fetch|Promise)\b|\?\.|\?\?/)
    expect(GUEST_STYLE).not.toMatch(/var\(|grid|flex|inset|inline-size|block-size|clamp\(|min\(|max\(|:is\(|color-mix/)
  })

  test('a call is seen within seconds, by an old engine and by one without scripts', async () => {
    page = await open(SIZES[0])
    const plain = await open(SIZES[0], { javaScriptEnabled: false })
    for (const at of CREW.keys()) await seat(at + 1)
    await call('counter-1', 'cash')
    const first = (it: Page) =>
      it
        .locator('.first .number')
        .innerText()
        .catch(() => '')
    await expect.poll(() => first(page), { timeout: 10_000 }).toBe('A001')
    await call('counter-2', 'cash')
    await expect.poll(() => first(page), { timeout: 10_000 }).toBe('A002')
    expect(await page.locator('.number').allInnerTexts()).toEqual(['A002', 'A001'])
    // As many as it ever shows.
    for (const nth of [3, 4, 5]) await call(`counter-${nth}`, 'cash')
    await expect.poll(() => page.locator('.number').count(), { timeout: 10_000 }).toBe(5)
    await expect.poll(() => first(plain), { timeout: 15_000 }).toBe('A005')
    await plain.context().close()
  })

  /** What one set after the other would show just now. */
  async function look(name: string): Promise<void> {
    for (const size of SIZES) {
      await page.setViewportSize(size)
      await page.goto(address)
      if (FOLDER !== undefined) await page.screenshot({ path: `${FOLDER}/guest-${name}-${size.width}.png` })
      expect([name, size.width, await page.evaluate(findFaults, TEXT_PX_MIN)]).toEqual([name, size.width, []])
    }
  }

  test('all that it shows can be read from afar, in each language, upright and lying', async () => {
    for (const language of LANGUAGES) {
      await speaks(language)
      await look(language)
      expect(await page.locator('h1').innerText()).toBe(createWords(language).say('display.nowCalled'))
      expect(await page.evaluate(() => document.documentElement.dir)).toBe(language === 'ar' ? 'rtl' : 'ltr')
    }
  })

  test('an emergency takes the whole screen, and a delay stands below', async () => {
    await speaks('fr')
    const messages = branch.running.waist.branch().state.catalogue?.body.messages ?? []
    for (const kind of ['delay', 'emergency'] as const) {
      const id = messages.find((message) => message.kind === kind)?.id as MessageId
      await act({ type: 'ShowMessage', messageId: id, minutes: kind === 'delay' ? 20 : null })
      await look(kind)
      expect(await page.locator(kind === 'delay' ? '.message' : '.emergency').count()).toBe(1)
    }
    await act({ type: 'ClearMessage' })
  })

  test('when the branch is silent it says since when, and goes on once it is back', async () => {
    await page.setViewportSize(SIZES[0])
    await page.goto(address)
    closeDoor()
    await page.locator('.away #stale').waitFor({ timeout: 30_000 })
    expect(await page.locator('#stale').innerText()).toContain(await page.locator('#clock').innerText())
    expect(await page.locator('.number').count()).toBe(5)
    for (const size of SIZES) {
      await page.setViewportSize(size)
      if (FOLDER !== undefined) await page.screenshot({ path: `${FOLDER}/guest-stale-${size.width}.png` })
      expect([size.width, await page.evaluate(findFaults, TEXT_PX_MIN)]).toEqual([size.width, []])
    }
    openDoor()
    await until('it goes on', async () => (await page.locator('.away').count()) === 0)
  })

  test('no script of it threw', () => {
    expect(complaints).toEqual([])
  })
})
