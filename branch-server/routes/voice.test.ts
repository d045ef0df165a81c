import { chmodSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { isPlainWav, secondsOf } from '#shared/speech/wav.ts'
import { phraseText } from '#shared/voice/call-pieces.ts'
import { clipsOf, PLAIN_FORM } from '#shared/voice/voice-form.ts'
import { LEASE_MS } from '#shared/voice/zone-turn.ts'
import type { DisplayVoice, PackState, TurnReply, VoiceState } from '#shared/wire/voice.ts'
import { sentBank } from '../testing/bank-catalogue.ts'
import type { Client } from '../testing/client.ts'
import { openTestBranch } from '../testing/test-branch.ts'

/** A tone between two silences, as somebody records it. */
function recording({ ms = 800, hertz = 16_000, height = 8_000, channels = 1 } = {}): Buffer {
  const count = Math.floor((hertz * ms) / 1_000)
  const wav = Buffer.alloc(44 + count * 2)
  wav.write('RIFF', 0, 'latin1')
  wav.writeUInt32LE(wav.length - 8, 4)
  wav.write('WAVEfmt ', 8, 'latin1')
  wav.writeUInt32LE(16, 16)
  wav.writeUInt16LE(1, 20)
  wav.writeUInt16LE(channels, 22)
  wav.writeUInt32LE(hertz, 24)
  wav.writeUInt32LE(hertz * 2, 28)
  wav.writeUInt16LE(2, 32)
  wav.writeUInt16LE(16, 34)
  wav.write('data', 36, 'latin1')
  wav.writeUInt32LE(count * 2, 40)
  for (let at = Math.floor(count / 4); at < count / 2; at += 1)
    wav.writeInt16LE(Math.round(height * Math.sin(at / 3)), 44 + at * 2)
  return wav
}

const base64 = (wav: Buffer) => ({ wav: wav.toString('base64') })
const COUNTS = { repeat: 0, language: 0, joined: 0, started: 0, screen: 0, chime: 0, late: 0, said: 0 }
const turn = (client: Client, more: object = {}) =>
  client.post<TurnReply>('/api/v1/voice/turn', {
    ...{ page: 'page-0001', canSound: true, wants: true, said: [], counts: COUNTS },
    ...more,
  })

test('a voice is recorded clip by clip, heard by displays, kept over a restart, and deleted', async () => {
  await using branch = await openTestBranch()
  const { installer } = branch
  const display = await branch.pair('display')
  const packs = async () => (await display.get<VoiceState>('/api/v1/voice/packs')).body
  const before = await packs()
  expect(before.packs).toEqual([])
  const made = await installer.send<PackState>('PUT', '/api/v1/voice/packs/wo', { name: 'Wolof' })
  expect(made.body).toMatchObject({ tag: 'wo', form: PLAIN_FORM, clips: [], missing: clipsOf(PLAIN_FORM) })
  const put = (clipId: string, wav: Buffer) =>
    installer.send<{ hash: string; ms: number; code: string }>(
      'PUT',
      `/api/v1/voice/packs/wo/clips/${clipId}`,
      base64(wav),
    )
  const kept = await put('n-4', recording())
  // The silence around it is taken away.
  expect([kept.status, kept.body.ms < 400, kept.body.ms > 200]).toEqual([200, true, true])
  expect((await put('between', recording({ ms: 500 }))).status).toBe(200)
  const now = await packs()
  expect(now.version).not.toBe(before.version)
  expect(now.packs[0]?.clips.map(({ clipId }) => clipId)).toEqual(['between', 'n-4'])
  expect(now.packs[0]?.missing).not.toContain('n-4')
  await branch.restart()
  expect(await packs()).toEqual(now)
  const sound = await fetch(`${branch.url}/api/v1/voice/clips/${kept.body.hash}`, {
    headers: { authorization: `Bearer ${display.token}` },
  })
  expect([sound.headers.get('content-type'), sound.status]).toEqual(['audio/wav', 200])
  const wav = Buffer.from(await sound.arrayBuffer())
  expect(isPlainWav(wav, { msMax: 1_000, rates: { min: 16_000, max: 16_000 } })).toBe(true)
  expect((await installer.send('DELETE', '/api/v1/voice/packs/wo/clips/n-4')).status).toBe(200)
  expect((await installer.send('DELETE', '/api/v1/voice/packs/wo/clips/n-4')).status).toBe(404)
  expect((await display.get(`/api/v1/voice/clips/${kept.body.hash}`)).status).toBe(404)
  expect((await installer.send('DELETE', '/api/v1/voice/packs/wo')).status).toBe(200)
  expect((await packs()).packs).toEqual([])
  expect(readdirSync(join(branch.folder, 'voice', 'packs'))).toEqual([])
})

test('what is still being recorded is nothing for a lobby, until it is published', async () => {
  await using branch = await openTestBranch()
  const { installer } = branch
  const display = await branch.pair('display')
  const caller = await branch.pair('caller')
  const seen = async (who: Client) => {
    const { body } = await who.get<VoiceState>('/api/v1/voice/packs')
    return { version: body.version, tags: body.packs.map(({ tag }) => tag) }
  }
  const publish = (isPublished: boolean) =>
    installer.send<{ isPublished: boolean }>('PUT', '/api/v1/voice/packs/wo', { name: 'Wolof', isPublished })
  const none = await seen(display)
  await publish(false)
  await installer.send('PUT', '/api/v1/voice/packs/wo/clips/n-4', base64(recording()))
  // Displays need not ask again with each word.
  expect(await seen(display)).toEqual(none)
  expect((await seen(caller)).tags).toEqual(['wo'])
  await branch.restart()
  expect(await seen(display)).toEqual(none)
  expect((await publish(true)).body.isPublished).toBe(true)
  const published = await seen(display)
  expect([published.tags, published.version !== none.version]).toEqual([['wo'], true])
  // Its name may be changed without a word of whether it is heard.
  const { body } = await installer.send<{ isPublished: boolean }>('PUT', '/api/v1/voice/packs/wo', { name: 'Wolof 2' })
  expect(body.isPublished).toBe(true)
  await publish(false)
  expect((await seen(display)).tags).toEqual([])
})

test('only a manager or the installer records, and only what can be played and heard', async () => {
  await using branch = await openTestBranch()
  const caller = await branch.staff('counter-1', 'amadou')
  expect((await caller.send('PUT', '/api/v1/voice/packs/wo', { name: 'Wolof' })).body).toMatchObject({
    code: 'NotAManager',
  })
  await branch.installer.send('PUT', '/api/v1/voice/packs/wo', { name: 'Wolof' })
  const put = async (clipId: string, wav: Buffer) =>
    (await branch.installer.send<{ code: string }>('PUT', `/api/v1/voice/packs/wo/clips/${clipId}`, base64(wav))).body
      .code
  const cut = recording()
  const bad: readonly Buffer[] = [
    recording({ height: 0 }),
    recording({ ms: 4_500 }),
    recording({ channels: 2 }),
    recording({ hertz: 4_000 }),
    cut.subarray(0, cut.length - 500),
    Buffer.from('RIFF'.padEnd(200, 'x')),
  ]
  for (const wav of bad) expect(await put('n-1', wav)).toBe('ClipInvalid')
  expect(await put('n-1', recording({ ms: 3_900, hertz: 48_000 }))).toBe('RequestInvalid')
  for (const clipId of ['n-21', 'letter-A', '..%2F..%2Fbranch', 'pack'])
    expect(await put(clipId, recording())).toBe('RequestInvalid')
  expect((await branch.installer.send('PUT', '/api/v1/voice/packs/..', { name: 'x' })).status).toBe(404)
  expect(
    (await branch.installer.send('PUT', '/api/v1/voice/packs/xx/clips/n-1', base64(recording()))).body,
  ).toMatchObject({
    code: 'PackUnknown',
  })
  for (let nth = 0; nth < 11; nth += 1)
    await branch.installer.send('PUT', `/api/v1/voice/packs/a${String.fromCharCode(97 + nth)}`, { name: 'x' })
  expect((await branch.installer.send('PUT', '/api/v1/voice/packs/zz', { name: 'x' })).body).toMatchObject({
    code: 'PacksFull',
  })
})

test('one display of a zone may speak at a time; another zone has a voice of its own', async () => {
  const [queue] = sentBank.queues
  const upstairs = {
    name: 'upstairs',
    zone: 'upstairs',
    queueIds: queue === undefined ? null : [queue.id],
    theme: 'dark',
  } as const
  await using branch = await openTestBranch({ catalogue: { ...sentBank, displays: [upstairs] } })
  const [one, two] = [await branch.pair('display', 'one'), await branch.pair('display', 'two')]
  const elsewhere = await branch.pair('display', 'upstairs')
  expect((await turn(one)).body).toMatchObject({ leaseMs: LEASE_MS, said: [], queueIds: null })
  expect((await turn(two, { said: ['A001@1'] })).body).toMatchObject({ leaseMs: 0, said: ['A001@1'] })
  expect((await turn(elsewhere)).body).toMatchObject({ leaseMs: LEASE_MS, said: [], queueIds: [queue?.id] })
  branch.clock.pass(LEASE_MS)
  expect((await turn(two)).body.leaseMs).toBe(LEASE_MS)
  expect((await turn(one)).body).toMatchObject({ leaseMs: 0, said: ['A001@1'] })
  // A second page of the same display is another speaker.
  expect((await turn(two, { page: 'page-0002' })).body.leaseMs).toBe(0)
  const told = await branch.installer.get<{ displays: readonly DisplayVoice[] }>('/api/v1/voice/displays')
  expect(told.body.displays.map(({ name, sound }) => [name, sound])).toEqual([
    ['one', 'ready'],
    ['two', 'ready'],
    ['upstairs', 'ready'],
  ])
  await turn(one, { canSound: false })
  branch.clock.pass(31_000)
  await turn(one, { canSound: false })
  const later = await branch.installer.get<{ displays: readonly DisplayVoice[] }>('/api/v1/voice/displays')
  expect(later.body.displays.map(({ sound }) => sound)).toEqual(['muted', 'silent', 'silent'])
})

test('what was left unsaid is counted once, however often a page tells it', async () => {
  await using branch = await openTestBranch()
  const display = await branch.pair('display')
  await turn(display, { counts: { ...COUNTS, screen: 3 } })
  await turn(display, { counts: { ...COUNTS, screen: 5 } })
  await turn(display, { page: 'page-0002', counts: { ...COUNTS, screen: 1 } })
  const { body } = await branch.installer.get<string>('/metrics')
  expect(body).toContain('smartqueue_speech_total{what="screen"} 6')
})

test('phrases are made once, of what the branch would say itself, and kept', async () => {
  await using branch = await openTestBranch({ speechProgram: 'the-program' })
  const program = join(branch.folder, 'speak')
  const heard = join(branch.folder, 'heard')
  writeFileSync(join(branch.folder, 'tone.wav'), recording())
  writeFileSync(program, `#!/bin/sh\ncat >> ${heard}; echo >> ${heard}; cat ${join(branch.folder, 'tone.wav')}\n`)
  chmodSync(program, 0o700)
  await using speaking = await openTestBranch({ speechProgram: program })
  const display = await speaking.pair('display')
  const catalogue = speaking.running.waist.branch().state.catalogue?.body
  if (catalogue === undefined) throw new Error('The branch has a catalogue')
  const text = phraseText('number', 'A042', 'fr', catalogue) ?? ''
  const path = (said: string) => `/api/v1/voice/phrases/fr/number/A042?text=${encodeURIComponent(said)}`
  const ask = async (said: string) =>
    fetch(speaking.url + path(said), { headers: { authorization: `Bearer ${display.token}` } })
  const [first, second] = await Promise.all([ask(text), ask(text)])
  expect([first.status, second.status, (await ask(text)).status]).toEqual([200, 200, 200])
  expect(secondsOf(Buffer.from(await first.arrayBuffer()))).toBeLessThan(0.5)
  expect(readFileSync(heard, 'utf8').split('A 0 42')).toHaveLength(2)
  expect((await ask('rm -rf')).status).toBe(404)
  // The other branch has nothing to speak with, and says so.
  const mute = await branch.pair('display')
  const silent = await mute.get<{ code: string }>(path(text))
  expect(silent.body.code).toBe('SpeechUnavailable')
  await expect
    .poll(async () => (await branch.stranger.get<{ speech: string }>('/api/v1/health')).body.speech, {
      timeout: 10_000,
    })
    .toBe('missing')
})
