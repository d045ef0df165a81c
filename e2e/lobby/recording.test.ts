import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Locator, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Command } from '../../shared/domain/commands.ts'
import type { AgentId, CounterId, DeviceId, ServiceId, TicketId } from '../../shared/domain/ids.ts'
import { loudness } from '../../shared/speech/wav.ts'
import { wavOf } from '../../shared/voice/shape-clip.ts'
import type { VoiceState } from '../../shared/wire/voice.ts'
import { createWords } from '../../shared/words/create-words.ts'
import { type Faces, openBrowser } from '../world/browser.ts'
import { openWorld, sampleBank, until, type World } from '../world/world.ts'
import { type LobbyEar, listenInLobby } from './lobby-ear.ts'

const { say } = createWords('fr')
const realClock = { wallMs: () => Date.now(), monotonicMs: () => performance.now(), pass() {}, jump() {} }
const HERTZ = 22_050
/** So long somebody speaks before she presses the key again. */
const SPEECH_MS = 600
/** On a machine that does much else a browser may hear nothing of what was said. */
const SPEAK_TRIES_MAX = 4
/** What calls of the first tickets at counter 1 are made of, in the order in which it is asked for. */
const NEEDED = ['between', 'screen', 'n-0', 'n-1', 'n-2', 'letter-a']

/** Sounds of people's own making, as files. @param heights - one after the other, 0 is silence */
function soundFile(heights: readonly (readonly [ms: number, height: number])[]): Buffer {
  const samples = heights.flatMap(([ms, height]) =>
    Array.from({ length: (ms * HERTZ) / 1_000 }, (_, at) => Math.max(-1, Math.min(1, height * Math.sin(at / 9)))),
  )
  return Buffer.from(wavOf(Float32Array.from(samples), HERTZ))
}

// The voice of a language that no machine speaks, recorded at a desk, and heard in the lobby.
describe('a manager records a voice', () => {
  const folder = mkdtempSync(join(tmpdir(), 'smartqueue-recording-'))
  let world: World
  let faces: Faces
  let deaf: Faces
  let desk: Page
  let deskUrl: string
  let hallUrl: string
  let ear: LobbyEar

  const focused = (): Locator => desk.locator(':focus')
  const packs = async () => (await world.branch.installer.get<VoiceState>('/api/v1/voice/packs')).body.packs
  const clipIds = async () => (await packs())[0]?.clips.map(({ clipId }) => clipId) ?? []
  const progress = (): Promise<string> => desk.locator('.voice-progress').innerText()

  async function act(command: Command): Promise<void> {
    const { status } = await world.branch.running.waist.execute({
      ...{ origin: { kind: 'caller', deviceId: 'desk-1' as DeviceId }, command },
      ...{ answer: () => ({ status: 200, body: {} }), idempotency: null, bookmark: null },
    })
    expect([command.type, status]).toEqual([command.type, 200])
  }

  async function signIn(page: Page): Promise<void> {
    await page.locator('.choice-text', { hasText: say('manager.pages') }).click()
    await page.locator('.choice-text', { hasText: 'Ibrahima Fall' }).click()
    await page.keyboard.type('141421')
    await page.keyboard.press('Enter')
    await page.locator('.manager').waitFor()
    await page.keyboard.press('4')
  }

  /** The key at which the page leaves whoever speaks, once to begin and once when it is said; again where it is told why not. */
  async function speak(isKept: () => Promise<boolean>): Promise<void> {
    const told = desk.locator('.studio .field-problem:not(:empty)')
    for (let tries = 0; tries < SPEAK_TRIES_MAX; tries += 1) {
      expect(await focused().getAttribute('class')).toContain('voice-record')
      await desk.keyboard.press('Enter')
      await desk.locator('.studio-step', { hasText: say('voice.listening') }).waitFor()
      await desk.waitForTimeout(SPEECH_MS)
      await desk.keyboard.press('Enter')
      await until('it is kept, or told why not', async () => (await isKept()) || (await told.count()) > 0)
      if (!(await isKept())) continue
      await desk.locator('.studio-step', { hasText: say('voice.kept') }).waitFor()
      return
    }
    throw new Error(`Nothing of it was kept: ${await told.innerText()}`)
  }

  async function callOne(nth: number): Promise<void> {
    const ticketId = `ticket-${nth}` as TicketId
    await act({
      ...{ type: 'IssueTicket', ticketId, channel: 'counter', priority: null, language: 'fr' },
      serviceId: 'cash' as ServiceId,
    })
    await act({ type: 'CallNext', counterId: 'counter-1' as CounterId })
  }
  const done = async (nth: number): Promise<void> => {
    await act({ type: 'StartService', ticketId: `ticket-${nth}` as TicketId })
    await act({ type: 'CompleteTicket', ticketId: `ticket-${nth}` as TicketId, outcome: null })
  }

  beforeAll(async () => {
    const voice = join(folder, 'voice.wav')
    // Whoever speaks here never takes a breath: wherever a recording begins, there is something to hear.
    const text = 'guichet un deux trois quatre cinq six sept huit neuf dix onze douze treize quatorze'
    execFileSync('espeak-ng', ['-v', 'fr', '-w', voice, text])
    world = await openWorld(Date.now(), {}, realClock)
    // Everything once: what is said twice is heard elsewhere.
    const once = { speaks: true, furtherLanguages: [], repeats: false }
    const catalogue = { ...sampleBank, branch: { ...sampleBank.branch, voice: once } }
    expect((await world.branch.installer.send('PUT', '/api/v1/catalogue', catalogue)).status).toBe(200)
    faces = await openBrowser([
      '--use-fake-device-for-media-stream',
      '--use-fake-ui-for-media-stream',
      `--use-file-for-fake-audio-capture=${voice}`,
    ])
    deaf = await openBrowser()
    hallUrl = (await world.display('hall')).url
    const hall = await faces.open('hall', hallUrl, { width: 1920, height: 1080 })
    ear = await listenInLobby({ hall })
    await hall.locator('.stage').waitFor()
    deskUrl = (await world.caller('office')).url
    desk = await faces.open('office', deskUrl, { width: 1280, height: 800 })
  }, 120_000)

  afterAll(async () => {
    await faces?.[Symbol.asyncDispose]()
    await deaf?.[Symbol.asyncDispose]()
    await world?.[Symbol.asyncDispose]()
    rmSync(folder, { recursive: true, force: true })
  })

  test('with the keyboard alone she begins a voice, says what is asked for, and hears it again', async () => {
    await signIn(desk)
    await desk.locator('.voice-name').focus()
    await desk.keyboard.type('Wolof')
    await desk.keyboard.press('Tab')
    await desk.keyboard.type('wo')
    await desk.keyboard.press('Enter')
    await desk.locator('.studio').waitFor()
    expect(await progress()).toContain(say('voice.progress', { done: 0, count: 38 }))
    const has = (clipId: string) => async () => (await clipIds()).includes(clipId)
    for (const clipId of NEEDED.slice(0, 5)) await speak(has(clipId))
    await desk.locator('.clip', { hasText: /^A$/ }).focus()
    await desk.keyboard.press('Enter')
    await desk.locator('.voice-record').focus()
    await speak(has('letter-a'))
    expect((await clipIds()).toSorted()).toEqual(NEEDED.toSorted())
    expect(await progress()).toContain(say('voice.progress', { done: 6, count: 38 }))
    await desk.locator('.voice-play').focus()
    await desk.keyboard.press('Enter')
    await desk.locator('.studio-step', { hasText: say('voice.playing') }).waitFor()
    await desk.locator('.studio-step', { hasText: say('voice.playing') }).waitFor({ state: 'detached' })
  })

  test('what was recorded is trimmed and as loud as anything else', async () => {
    const { clips = [] } = (await packs())[0] ?? {}
    for (const { hash, ms } of clips) {
      const response = await fetch(`${deskUrl}/api/v1/voice/clips/${hash}`)
      expect(ms).toBeLessThanOrEqual(SPEECH_MS + 800)
      const loud = loudness(Buffer.from(await response.arrayBuffer()))
      expect(loud).toBeGreaterThan(0.05)
      expect(loud).toBeLessThan(0.16)
    }
  })

  test('where the browser gives no microphone the page says why, and takes files', async () => {
    const page = await deaf.open('deaf', (await world.caller('other office')).url, { width: 360, height: 740 })
    await signIn(page)
    await page.locator('.rows button').click()
    await page.locator('.voice-record').click()
    await page.locator('.studio .field-problem', { hasText: say('voice.fault.no-microphone') }).waitFor()
    // One may be plugged in now; meanwhile there are files.
    await page.locator('.voice-file input:enabled').waitFor({ state: 'attached' })
    expect(await page.locator('.voice-record').getAttribute('aria-disabled')).toBe('false')
    // As browsers refuse it: because somebody said no, or because another program has it.
    for (const [name, key] of [
      ['NotAllowedError', 'voice.fault.refused'],
      ['NotReadableError', 'voice.fault.microphone-busy'],
    ] as const) {
      await page.evaluate((error) => {
        navigator.mediaDevices.getUserMedia = () => Promise.reject(new DOMException('', error))
      }, name)
      // Another word, as when somebody has mended it: what was wrong before is no longer said.
      await page.locator('.clip').first().click()
      await page.locator('.voice-record').click()
      await page.locator('.studio .field-problem', { hasText: say(key) }).waitFor()
    }
    // As on an address without a certificate that the browser trusts.
    await page.evaluate(() => Object.defineProperty(navigator, 'mediaDevices', { value: undefined }))
    await page.locator('.clip').first().click()
    await page.locator('.studio', { hasText: say('voice.byFile') }).waitFor()
    expect(await page.locator('.voice-record').count()).toBe(0)
    await page.locator('.voice-by-file input').focus()
    await page.keyboard.press('Escape')
    await page.locator('.sign-in').waitFor()
  })

  test('she may leave and come back, and say a word anew', async () => {
    await desk.reload()
    await signIn(desk)
    await desk.locator('.rows button').click()
    expect(await progress()).toContain(say('voice.progress', { done: 6, count: 38 }))
    expect(await desk.locator('.asked-sign').innerText()).toBe('3')
    const before = (await packs())[0]?.clips.find(({ clipId }) => clipId === 'n-1')
    await desk.locator('.clip', { hasText: /^1$/ }).click()
    await desk.locator('.voice-record', { hasText: say('voice.again') }).focus()
    await speak(async () => {
      const clip = (await packs())[0]?.clips.find(({ clipId }) => clipId === 'n-1')
      return clip !== undefined && clip.hash !== before?.hash
    })
    expect(await clipIds()).toHaveLength(6)
  })

  test('each way in which nothing comes of it is told in one sentence, and nothing is kept', async () => {
    const files: readonly (readonly [Buffer, Parameters<typeof say>[0]])[] = [
      [soundFile([[1_500, 0]]), 'voice.fault.too-quiet'],
      [
        soundFile([
          [500, 0],
          [30, 0.4],
          [500, 0],
        ]),
        'voice.fault.too-short',
      ],
      [soundFile([[5_500, 0.3]]), 'voice.fault.too-long'],
      [
        soundFile([
          [200, 0],
          [900, 3],
          [200, 0],
        ]),
        'voice.fault.clipped',
      ],
      [Buffer.from('this is no sound'), 'voice.fault.unreadable'],
    ]
    await desk.locator('.clip', { hasText: /^7$/ }).click()
    for (const [buffer, key] of files) {
      await desk.locator('.voice-file input').setInputFiles({ name: 'clip.wav', mimeType: 'audio/wav', buffer })
      await desk.locator('.studio .field-problem', { hasText: say(key) }).waitFor()
    }
    expect(await clipIds()).toHaveLength(6)
    const good = soundFile([
      [300, 0],
      [600, 0.2],
      [300, 0],
    ])
    await desk.locator('.voice-file input').setInputFiles({ name: 'clip.wav', mimeType: 'audio/wav', buffer: good })
    await until('a phone’s recording is kept', async () => (await clipIds()).includes('n-7'))
  })

  test('the lobby hears nothing of a draft, all of it once it is published, and nothing once it is taken back', async () => {
    // Two words may sound alike to the hundredth of a second here, for the microphone hears a file.
    const hashOf = new Map((await packs())[0]?.clips.map(({ hash, clipId }) => [clipId, hash]))
    const recorded = new Set(hashOf.values())
    const heard = (): readonly string[] => ear.sounds.flatMap(({ says }) => (recorded.has(says) ? [says] : []))
    const clipCount = (): number => ear.sounds.filter(({ kind }) => kind === 'clip').length
    await act({ type: 'OpenCounter', counterId: 'counter-1' as CounterId, agentId: 'awa' as AgentId })
    await callOne(1)
    // Number and counter in French.
    await until('the call was said', () => clipCount() >= 2)
    expect(heard()).toEqual([])
    await done(1)
    await desk.locator('.voice-publish').click()
    await desk.locator('.voice-published').waitFor()
    await callOne(2)
    const call = ['letter-a', 'n-0', 'n-0', 'n-2', 'between', 'n-1'].map((clipId) => hashOf.get(clipId))
    await expect.poll(heard, { timeout: 15_000 }).toEqual(call)
    await done(2)
    await desk.locator('.voice-publish').click()
    await desk.locator('.pack .voice-draft').waitFor()
    const asked = async () => (await (await fetch(`${hallUrl}/local/v1/voice?version=another`)).json()) as VoiceState
    await until('the display knows of no such voice', async () => (await asked()).packs.length === 0)
  })

  test('a voice that is deleted is gone', async () => {
    await desk.locator('.voice-remove').click()
    await desk.locator('dialog[open] .button-danger').click()
    await desk.locator('.voices').waitFor()
    expect(await packs()).toEqual([])
  })

  test('no page complained', () => {
    expect([...faces.complaints, ...deaf.complaints]).toEqual([])
  })
})
