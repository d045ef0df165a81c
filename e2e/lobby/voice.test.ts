import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { SentCatalogue } from '../../branch-server/testing/bank-catalogue.ts'
import { longLine } from '../../branch-server/testing/bank-catalogue.ts'
import type { Command } from '../../shared/domain/commands.ts'
import {
  type AgentId,
  type CounterId,
  type DeviceId,
  LANGUAGES,
  type Language,
  type ServiceId,
  type TicketId,
} from '../../shared/domain/ids.ts'
import { phraseText } from '../../shared/voice/call-pieces.ts'
import { BACKLOG_MS_MAX } from '../../shared/voice/speech-backlog.ts'
import { type Faces, openBrowser } from '../world/browser.ts'
import { openWorld, until, type World } from '../world/world.ts'
import { type LobbyEar, type LobbySound, listenInLobby } from './lobby-ear.ts'

/** From the death of the page that speaks to the voice of another. */
const TAKEOVER_MS_MAX = 2_000
const COUNTERS = 20

/** Leases are counted in real time. */
const realClock = { wallMs: () => Date.now(), monotonicMs: () => performance.now(), pass() {}, jump() {} }

const plain = longLine(COUNTERS)
const catalogue: SentCatalogue = {
  ...plain,
  branch: {
    ...plain.branch,
    languages: ['fr', 'en', 'ar'],
    voice: { speaks: true, furtherLanguages: ['wo'], repeats: true },
  },
  counters: plain.counters.map((counter, at) => ({
    ...counter,
    name: { fr: `Guichet ${at + 1}`, en: `Counter ${at + 1}`, ar: `الشباك ${at + 1}` },
  })),
}
const counterId = (nth: number): CounterId => `counter-${nth}` as CounterId
const text = (kind: 'number' | 'counter' | 'screen', value: string, language: Language): string =>
  phraseText(kind, value, language, catalogue) ?? ''

const languageOf = (nth: number): Language => (['ar', 'fr', 'en'] as const)[nth % 3] ?? 'fr'
const lookAtScreen = LANGUAGES.map((language) => text('screen', 'all', language))

/** What somebody has recorded of a language that the product does not speak; here a short tone each. */
const RECORDED = ['letter-a', 'between', 'screen', ...Array.from({ length: 10 }, (_, figure) => `n-${figure}`)]
function recording(nth: number): string {
  const count = 4_000
  const wav = Buffer.alloc(44 + count * 2)
  wav.write('RIFF....WAVEfmt ', 'latin1')
  wav.writeUInt32LE(36 + count * 2, 4)
  for (const [at, value] of [16, 0x1_0001, 16_000, 32_000, 0x10_0002].entries()) wav.writeUInt32LE(value, 16 + at * 4)
  wav.write('data', 36, 'latin1')
  wav.writeUInt32LE(count * 2, 40)
  for (let at = 0; at < count; at += 1) wav.writeInt16LE(Math.round(9_000 * Math.sin(at / (3 + nth))), 44 + at * 2)
  return wav.toString('base64')
}

// One lobby with two displays that are heard in the same room.
describe('the voice of a lobby', () => {
  let world: World
  let faces: Faces
  let pages: Record<'left' | 'right', Page>
  let ear: LobbyEar
  let issued = 0

  /** At the waist: twenty desks with twenty PINs would take longer than all that is said. */
  async function act(nth: number, command: Command): Promise<void> {
    const { status } = await world.branch.running.waist.execute({
      origin: { kind: 'caller', deviceId: `desk-${nth}` as DeviceId },
      command,
      answer: () => ({ status: 200, body: {} }),
      idempotency: null,
      bookmark: null,
    })
    expect([command.type, status]).toEqual([command.type, 200])
  }
  const issue = (language: Language): Promise<void> => {
    issued += 1
    return act(1, {
      ...{
        type: 'IssueTicket',
        ticketId: `ticket-${issued}` as TicketId,
        channel: 'counter',
        priority: null,
        language,
      },
      serviceId: catalogue.services[0]?.id as ServiceId,
    })
  }
  const numbers = (): readonly string[] =>
    Array.from({ length: issued }, (_, at) => `${catalogue.services[0]?.prefix}${String(at + 1).padStart(3, '0')}`)
  const clips = (from = 0): readonly LobbySound[] => ear.sounds.slice(from).filter(({ kind }) => kind === 'clip')
  const saidTexts = (from = 0): readonly string[] => clips(from).map(({ says }) => says)
  /** Counters and the way to the screen in each language, and this many numbers. */
  const hasClips = (display: string, count: number): boolean =>
    readdirSync(join(world.folder, display, 'voice')).length >=
    LANGUAGES.length * (COUNTERS + 1) + RECORDED.length + count
  /** The recorded clips by the hash under which they are played. */
  const recorded = new Map<string, string>()
  async function recordPack(): Promise<void> {
    const { installer } = world.branch
    expect((await installer.send('PUT', '/api/v1/voice/packs/wo', { name: 'Wolof' })).status).toBe(200)
    for (const [nth, clipId] of RECORDED.entries()) {
      const path = `/api/v1/voice/packs/wo/clips/${clipId}`
      const { body } = await installer.send<{ hash: string }>('PUT', path, { wav: recording(nth) })
      recorded.set(body.hash, clipId)
    }
  }

  /** Whatever sounds, sounds alone; the two notes of one chime aside. */
  function expectOneVoice(): void {
    for (const [at, a] of ear.sounds.entries())
      for (const b of ear.sounds.slice(at + 1))
        if (a.display !== b.display && Math.min(a.endedMs, b.endedMs) > Math.max(a.atMs, b.atMs))
          throw new Error(`Two are heard at once: ${JSON.stringify([a, b])}`)
  }

  beforeAll(async () => {
    world = await openWorld(Date.now(), {}, realClock)
    expect((await world.branch.installer.send('PUT', '/api/v1/catalogue', catalogue)).status).toBe(200)
    await recordPack()
    faces = await openBrowser()
    const size = { width: 1920, height: 1080 }
    const hosts = { left: await world.display('left'), right: await world.display('right') }
    pages = {
      left: await faces.open('left', hosts.left.url, size),
      right: await faces.open('right', hosts.right.url, size),
    }
    ear = await listenInLobby(pages)
    for (let nth = 1; nth <= COUNTERS; nth += 1)
      await act(nth, { type: 'OpenCounter', counterId: counterId(nth), agentId: `agent-${nth}` as AgentId })
    for (const page of Object.values(pages)) await page.locator('.stage').waitFor()
  }, 120_000)

  afterAll(async () => {
    await faces?.[Symbol.asyncDispose]()
    await world?.[Symbol.asyncDispose]()
  })

  test('a call is said by one display, in the ticket’s language, then in a recorded one, and once more', async () => {
    await issue('en')
    await until('both displays have it on their disks', () => hasClips('left', 1) && hasClips('right', 1))
    await act(1, { type: 'CallNext', counterId: counterId(1) })
    const said = [text('number', numbers()[0] ?? '', 'en'), text('counter', counterId(1), 'en')]
    expect(said).toEqual([`${catalogue.services[0]?.prefix} 0 0 1`, 'Counter 1'])
    const further = ['letter-a', 'n-0', 'n-0', 'n-1', 'between', 'n-1']
    const heard = (): readonly string[] => saidTexts().map((it) => recorded.get(it) ?? it)
    await expect.poll(heard, { timeout: 15_000 }).toEqual([...said, ...further, ...said])
    expect(ear.sounds[0]?.kind).toBe('chime')
    expect(new Set(ear.sounds.map(({ display }) => display)).size).toBe(1)
    await act(1, { type: 'StartService', ticketId: 'ticket-1' as TicketId })
    await act(1, { type: 'CompleteTicket', ticketId: 'ticket-1' as TicketId, outcome: null })
  })

  test('twenty calls in a second: all are seen at once, one voice says what fits, and a page that is killed is followed', async () => {
    const first = issued
    for (let nth = 0; nth < COUNTERS; nth += 1) await issue(languageOf(nth))
    const called = numbers().slice(first)
    await until('both displays have them on their disks', () => hasClips('left', issued) && hasClips('right', issued))
    const before = ear.sounds.length
    const calledMs = Date.now()
    await Promise.all(called.map((_, at) => act(at + 1, { type: 'CallNext', counterId: counterId(at + 1) })))
    expect(Date.now() - calledMs).toBeLessThan(1_000)
    await until('two calls were said', () => clips(before).length >= 5)
    const speaking = clips(before)[0]?.display as 'left' | 'right'
    const other = speaking === 'left' ? 'right' : 'left'
    const session = await pages[speaking].context().newCDPSession(pages[speaking])
    const killedMs = Date.now()
    void session.send('Page.crash' as 'Page.bringToFront').catch(() => {})
    await until('the other display speaks', () => clips(before).some(({ display }) => display === other))
    const takeover = ear.sounds.slice(before).find(({ display }) => display === other)
    expect((takeover?.atMs ?? 0) - killedMs).toBeLessThanOrEqual(TAKEOVER_MS_MAX)
    const isSent = ({ says, endedMs }: LobbySound): boolean => lookAtScreen.includes(says) && endedMs < Date.now()
    await until('the rest was sent to the screen', () => clips(before).some(isSent), 600)

    // Each was seen on both screens while the voice was at the first of them.
    const secondSaidMs = clips(before)[2]?.atMs ?? 0
    for (const display of ['left', 'right'] as const)
      for (const number of called) {
        const seenMs = ear.seen.find((it) => it.display === display && it.number === number)?.atMs ?? Number.NaN
        expect([display, number, seenMs - secondSaidMs < 0]).toEqual([display, number, true])
      }
    // What was said is what was called, in its order; of what was broken off nothing counts.
    const said = clips(before)
      .filter(({ atMs, ms, endedMs }) => endedMs - atMs > ms - 150)
      .map(({ says }) => says)
    const phrases = called.map((number, at) => [
      ...[text('number', number, languageOf(at)), text('counter', counterId(at + 1), languageOf(at))],
    ])
    const whole = phrases.filter(([number, counter]) =>
      said.some((it, at) => it === number && said[at + 1] === counter),
    )
    expect(whole.length).toBeGreaterThanOrEqual(2)
    expect(whole).toEqual(phrases.slice(0, whole.length))
    expect(said.filter((it) => !lookAtScreen.includes(it) && !phrases.flat().includes(it))).toEqual([])
    expect(said.filter((it) => lookAtScreen.includes(it))).toHaveLength(1)
    expectOneVoice()
    for (const sound of clips(before)) {
      const at = phrases.findIndex(([number]) => number === sound.says)
      if (at !== -1) expect(sound.endedMs - calledMs).toBeLessThanOrEqual(BACKLOG_MS_MAX)
    }
    expect((clips(before).at(-1)?.endedMs ?? 0) - calledMs).toBeLessThanOrEqual(BACKLOG_MS_MAX)
    // Told to whoever watches: every call was said, or counted as only shown.
    const { body } = await world.branch.installer.get<string>('/metrics')
    const count = (what: string): number =>
      Number(new RegExp(`speech_total{what="${what}"} (\\d+)`).exec(body)?.[1] ?? 0)
    expect(count('screen')).toBeGreaterThan(0)
    expect(count('said')).toBeGreaterThanOrEqual(2)
  })

  test('no page complained', () => {
    expect(faces.complaints).toEqual([])
  })
})
