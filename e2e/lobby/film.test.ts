import { hash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { DUCKED_VOLUME } from '../../display/screen/side.tsx'
import type { Command } from '../../shared/domain/commands.ts'
import type { AgentId, CounterId, DeviceId, ServiceId, TicketId } from '../../shared/domain/ids.ts'
import { createWords } from '../../shared/words/create-words.ts'
import { type Faces, openBrowser } from '../world/browser.ts'
import { openWorld, sampleBank, until, type World } from '../world/world.ts'
import { type LobbyEar, listenInLobby } from './lobby-ear.ts'

const { say } = createWords('fr')
const realClock = { wallMs: () => Date.now(), monotonicMs: () => performance.now(), pass() {}, jump() {} }
const FILM_MS = 2_500
/** Between a phrase and the volume of the film lie the frames of one page. */
const SAMPLE_MS = 20
const PATIENCE = { timeout: 20_000 }

/** Runs in a page: a film with pictures that move and a tone, as the browser itself records it. */
async function makeFilm(ms: number): Promise<readonly number[]> {
  const canvas = Object.assign(document.createElement('canvas'), { width: 320, height: 180 })
  const brush = canvas.getContext('2d')
  const audio = new AudioContext()
  const sound = audio.createMediaStreamDestination()
  const tone = new OscillatorNode(audio, { frequency: 330 })
  tone.connect(sound)
  tone.start()
  const stream = new MediaStream([...canvas.captureStream(25).getTracks(), ...sound.stream.getTracks()])
  const recorder = new MediaRecorder(stream, { mimeType: 'video/webm' })
  const parts: Blob[] = []
  recorder.addEventListener('dataavailable', ({ data }) => parts.push(data))
  const isOver = new Promise((resolve) => recorder.addEventListener('stop', resolve))
  let turn = 0
  const draw = setInterval(() => {
    turn += 1
    if (brush === null) return
    brush.fillStyle = `hsl(${turn * 9} 70% 45%)`
    brush.fillRect(0, 0, canvas.width, canvas.height)
    brush.fillStyle = 'white'
    brush.fillRect((turn * 6) % canvas.width, 60, 60, 60)
  }, 40)
  recorder.start()
  setTimeout(() => recorder.stop(), ms)
  await isOver
  clearInterval(draw)
  await audio.close()
  return [...new Uint8Array(await new Blob(parts).arrayBuffer())]
}

interface Volume {
  readonly atMs: number
  readonly volume: number
}

// A real film: brought by a manager at a desk, kept and played by a display, quiet while people are spoken to.
describe('a film in a lobby', () => {
  let world: World
  let faces: Faces
  let hall: Page
  let desk: Page
  let film: Buffer
  let mediaId: string
  let ear: LobbyEar

  async function act(command: Command): Promise<void> {
    const { status } = await world.branch.running.waist.execute({
      ...{ origin: { kind: 'caller', deviceId: 'desk-1' as DeviceId }, command },
      ...{ answer: () => ({ status: 200, body: {} }), idempotency: null, bookmark: null },
    })
    expect([command.type, status]).toEqual([command.type, 200])
  }

  const seconds = (): Promise<number> => hall.evaluate(() => document.querySelector('video')?.currentTime ?? Number.NaN)
  /** It moves on, and has pictures. */
  async function expectPlaying(): Promise<void> {
    await hall.locator('video').waitFor(PATIENCE)
    const seen = new Set<number>()
    await until('the film moves on', async () => {
      const at = await seconds()
      if (at > 0) seen.add(at)
      return seen.size >= 3
    })
    expect(await hall.evaluate(() => document.querySelector('video')?.videoWidth)).toBe(320)
  }

  beforeAll(async () => {
    world = await openWorld(Date.now(), {}, realClock)
    faces = await openBrowser()
    hall = await faces.open('hall', (await world.display('hall')).url, { width: 1920, height: 1080 })
    desk = await faces.open('office', (await world.caller('office')).url, { width: 1280, height: 800 })
    film = Buffer.from(await desk.evaluate(makeFilm, FILM_MS))
    mediaId = hash('sha256', film)
  }, 120_000)

  afterAll(async () => {
    await faces?.[Symbol.asyncDispose]()
    await world?.[Symbol.asyncDispose]()
  })

  test('a manager brings it at a desk, sees what is there, and is told what is no film', async () => {
    await desk.locator('.choice-text', { hasText: say('manager.pages') }).click()
    await desk.locator('.choice-text', { hasText: 'Ibrahima Fall' }).click()
    await desk.keyboard.type('141421')
    await desk.keyboard.press('Enter')
    await desk.locator('.manager').waitFor()
    await desk.keyboard.press('5')
    await desk.getByText(say('media.none')).waitFor()
    const chosen = desk.locator('.media-file input')
    await chosen.setInputFiles({ name: 'page.webm', mimeType: 'video/webm', buffer: Buffer.from('<html>') })
    await desk.locator('.media-sending .field-problem', { hasText: say('problem.MediaRefused') }).waitFor()
    // It goes on where the line broke: half of it is there already.
    const half = film.subarray(0, Math.floor(film.length / 2))
    const path = `/api/v1/media/${mediaId}?from=0&of=${film.length}`
    const begun = await fetch(`${world.branch.url}${path}`, {
      method: 'PUT',
      headers: {
        authorization: `Bearer ${world.branch.installer.token}`,
        'content-type': 'application/octet-stream',
      },
      body: new Uint8Array(half),
    })
    expect(begun.status).toBe(200)
    await chosen.setInputFiles({ name: 'Tabaski.webm', mimeType: 'video/webm', buffer: film })
    const row = desk.locator('.media-row', { hasText: 'Tabaski.webm' })
    await row.waitFor(PATIENCE)
    const text = await row.innerText()
    expect(text).toContain(say('media.film'))
    expect(text).toContain(say('media.playedByNone'))
    expect(await desk.locator('.media-kept').innerText()).toContain('Tabaski.webm')
  })

  test('she puts it on the display’s programme; it reaches its own disk, and plays there', async () => {
    const displays = [
      { name: 'hall', layout: { side: 'media' }, playlist: [] },
      { name: 'corridor', layout: { side: 'none' }, playlist: [] },
    ]
    const voice = { speaks: true, furtherLanguages: [], repeats: false }
    const catalogue = { ...sampleBank, branch: { ...sampleBank.branch, voice }, displays }
    expect((await world.branch.installer.send('PUT', '/api/v1/catalogue', catalogue)).status).toBe(200)
    const programme = desk.locator('.programme', { hasText: 'hall' })
    await programme.locator('.programme-add button').click()
    const placed = programme.locator('.programme-row', { hasText: 'Tabaski.webm' })
    await placed.waitFor(PATIENCE)
    // It ends at its own end, and asks for no time.
    expect(await placed.locator('input').count()).toBe(0)
    await expectPlaying()
    expect(readFileSync(join(world.folder, 'hall', 'media', mediaId)).equals(film)).toBe(true)
    expect(new URL(await hall.evaluate(() => document.querySelector('video')?.currentSrc ?? '')).host).toBe(
      new URL(hall.url()).host,
    )
    // What a display plays cannot be deleted by mistake.
    const row = desk.locator('.media-row', { hasText: `${say('media.playedBy')} hall` })
    await row.waitFor(PATIENCE)
    expect(await row.locator('button').getAttribute('aria-disabled')).toBe('true')
  })

  test('a picture stands for the seconds that she types, and a display of calls alone says why it has none', async () => {
    await desk.locator('.media-file input').setInputFiles(join(import.meta.dirname, '../gallery/poster.png'))
    await desk.locator('.media-row', { hasText: 'poster.png' }).waitFor(PATIENCE)
    const programme = desk.locator('.programme', { hasText: 'hall' })
    await programme.locator('.programme-add button').click()
    const placed = programme.locator('.programme-row', { hasText: 'poster.png' })
    const field = placed.locator('input')
    await field.waitFor(PATIENCE)
    const told = async () => {
      const { body } = await world.branch.installer.get<{
        programmes: { name: string; playlist: { seconds: number }[] }[]
      }>('/api/v1/media')
      return body.programmes.find(({ name }) => name === 'hall')?.playlist.map(({ seconds }) => seconds)
    }
    // Figures are keys of the manager's pages elsewhere.
    await field.fill('')
    await desk.keyboard.type('25')
    await desk.keyboard.press('Enter')
    await expect.poll(told, PATIENCE).toEqual([undefined, 25])
    // Less than people can look at: it goes back to what holds.
    await field.fill('1')
    await field.blur()
    expect(await field.inputValue()).toBe('25')
    expect(await told()).toEqual([undefined, 25])
    await placed.locator('button').last().click()
    await placed.waitFor({ ...PATIENCE, state: 'detached' })
    const alone = desk.locator('.programme', { hasText: 'corridor' })
    expect(await alone.innerText()).toContain(say('media.programmeCallsAlone'))
    expect(await alone.locator('button, select').count()).toBe(0)
  })

  test('while a call is spoken the film is quiet, and then as loud as before', async () => {
    ear = await listenInLobby({ hall })
    await expectPlaying()
    const volumes: Volume[] = []
    await hall.exposeFunction('tellVolume', (volume: Volume) => void volumes.push(volume))
    await hall.evaluate((sampleMs) => {
      const { tellVolume } = window as unknown as { tellVolume: (volume: object) => Promise<void> }
      setInterval(() => {
        const film = document.querySelector('video')
        if (film !== null && !film.muted) void tellVolume({ atMs: Date.now(), volume: film.volume })
      }, sampleMs)
    }, SAMPLE_MS)
    await until('the film is loud', () => volumes.some(({ volume }) => volume === 1))
    await act({ type: 'OpenCounter', counterId: 'counter-1' as CounterId, agentId: 'awa' as AgentId })
    await act({
      ...{ type: 'IssueTicket', ticketId: 't-1' as TicketId, channel: 'counter', priority: null, language: 'fr' },
      serviceId: 'cash' as ServiceId,
    })
    await act({ type: 'CallNext', counterId: 'counter-1' as CounterId })
    const clips = () => ear.sounds.filter(({ kind }) => kind === 'clip')
    await until('the call was said', () => clips().length === 2 && clips().every(({ endedMs }) => endedMs < Date.now()))
    const saidMs = clips().at(-1)?.endedMs ?? 0
    await until('the film is loud again', () => volumes.some(({ atMs, volume }) => atMs > saidMs && volume === 1))
    for (const { atMs, endedMs } of clips()) {
      const during = volumes.filter((it) => it.atMs > atMs + SAMPLE_MS && it.atMs < endedMs - SAMPLE_MS)
      expect(during.length).toBeGreaterThan(5)
      expect([...new Set(during.map(({ volume }) => volume))]).toEqual([DUCKED_VOLUME])
    }
  })

  test('with the branch server dead it plays on, also on a page that is loaded anew', async () => {
    await world.branch.running.close()
    await hall.reload()
    await expectPlaying()
    await expect(fetch(`${world.branch.url}/api/v1/health`)).rejects.toThrow('fetch failed')
  })

  test('no page complained', () => {
    expect(faces.complaints).toEqual([])
  })
})
