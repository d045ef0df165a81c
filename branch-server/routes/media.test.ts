import { hash } from 'node:crypto'
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { MEDIA_BYTES_MAX, MEDIA_COUNT_MAX } from '#shared/wire/media.ts'
import { openMediaShelf } from '../media/media-shelf.ts'
import { PIN, sentBank } from '../testing/bank-catalogue.ts'
import type { Client } from '../testing/client.ts'
import { openTestBranch, type TestBranch } from '../testing/test-branch.ts'

/** A picture of 2 × 2 dots, as far as its head tells; the rest tells it from others. */
function picture(mark: number, bytes = 4_000, side = 2): Buffer {
  const file = Buffer.alloc(bytes, mark)
  file.set([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 13])
  file.write('IHDR', 12, 'latin1')
  file.writeUInt32BE(side, 16)
  file.writeUInt32BE(side, 20)
  return file
}
const idOf = (file: Uint8Array): string => hash('sha256', file)

let branch: TestBranch
beforeEach(async () => {
  branch = await openTestBranch()
})
afterEach(() => branch[Symbol.asyncDispose]())

async function send(who: Client, file: Buffer, from = 0, to = file.length, mediaId = idOf(file)) {
  const response = await fetch(`${branch.url}/api/v1/media/${mediaId}?from=${from}&of=${file.length}&name=Hall`, {
    method: 'PUT',
    headers: { authorization: `Bearer ${who.token}`, 'content-type': 'application/octet-stream' },
    body: new Uint8Array(file.subarray(from, to)),
  })
  return { status: response.status, body: (await response.json()) as { code?: string; receivedBytes?: number } }
}

async function fetched(who: Client, mediaId: string, range?: string) {
  const response = await fetch(`${branch.url}/api/v1/media/${mediaId}`, {
    headers: { authorization: `Bearer ${who.token}`, ...(range !== undefined && { range }) },
  })
  return { status: response.status, headers: response.headers, bytes: Buffer.from(await response.arrayBuffer()) }
}

test('a file comes in parts, and displays fetch it whole or by ranges', async () => {
  const file = picture(1)
  const mediaId = idOf(file)
  expect(await send(branch.installer, file, 0, 1_500)).toMatchObject({ status: 200, body: { receivedBytes: 1_500 } })
  expect(await send(branch.installer, file, 2_000)).toMatchObject({ status: 409, body: { code: 'MediaPartElsewhere' } })
  // The server may have been started again meanwhile.
  await branch.restart()
  expect(await send(branch.installer, file, 1_500)).toMatchObject({
    status: 200,
    body: { media: { mediaId, type: 'image/png', bytes: 4_000, name: 'Hall' } },
  })
  expect((await send(branch.installer, file)).status).toBe(200)
  const display = await branch.pair('display')
  const whole = await fetched(display, mediaId)
  expect([whole.status, whole.headers.get('content-type'), whole.bytes.equals(file)]).toEqual([200, 'image/png', true])
  const part = await fetched(display, mediaId, 'bytes=1000-1999')
  expect([part.status, part.headers.get('content-range')]).toEqual([206, 'bytes 1000-1999/4000'])
  expect(part.bytes.equals(file.subarray(1_000, 2_000))).toBe(true)
  expect((await fetched(display, mediaId, 'bytes=-10')).bytes.length).toBe(10)
  expect((await fetched(display, mediaId, 'bytes=4000-')).status).toBe(416)
  await branch.restart()
  expect((await branch.installer.get<{ media: object[] }>('/api/v1/media')).body.media).toHaveLength(1)
})

test('a file is what its bytes say, whatever it is called', async () => {
  const page = Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>')
  for (const file of [page, picture(1, 4_000, 9_000), Buffer.concat([Buffer.from('GIF89a'), Buffer.alloc(100)])])
    expect(await send(branch.installer, file)).toMatchObject({ status: 422, body: { code: 'MediaRefused' } })
  const other = idOf(picture(2))
  expect((await send(branch.installer, picture(1), 0, 4_000, other)).status).toBe(422)
  expect(readdirSync(join(branch.folder, 'media'))).toEqual([])
})

test('only a manager or the installer brings files, and displays alone fetch them', async () => {
  const file = picture(1)
  const mediaId = idOf(file)
  const [kiosk, display] = [await branch.pair('kiosk'), await branch.pair('display')]
  const caller = await branch.pair('caller')
  for (const who of [kiosk, display, caller]) expect((await send(who, file)).status).toBe(403)
  const manager = sentBank.agents.find(({ role }) => role === 'manager')
  await caller.post('/api/v1/management/sign-in', { agentId: manager?.id, pin: PIN })
  expect((await send(caller, file)).status).toBe(200)
  for (const who of [kiosk, caller, branch.installer]) expect((await fetched(who, mediaId)).status).toBe(403)
  expect((await fetched(branch.stranger, mediaId)).status).toBe(401)
  expect((await branch.installer.get('/api/v1/media/..%2fbranch-key.pem')).status).not.toBe(200)
})

test('a file that a display plays stays; one that nobody plays is deleted', async () => {
  const file = picture(1)
  const mediaId = idOf(file)
  const playing = { ...sentBank, displays: [{ name: 'Hall', playlist: [{ mediaId, seconds: 10 }] }] }
  const told = await branch.installer.send<{ doubts: { path: string }[] }>('PUT', '/api/v1/catalogue', playing)
  expect(told.body.doubts.map(({ path }) => path)).toContain('/displays/0/playlist')
  await send(branch.installer, file)
  const { body } = await branch.installer.get<{ media: { playedBy: readonly string[] }[] }>('/api/v1/media')
  expect(body.media[0]?.playedBy).toEqual(['Hall'])
  expect((await branch.installer.send('DELETE', `/api/v1/media/${mediaId}`)).status).toBe(409)
  await branch.installer.send('PUT', '/api/v1/catalogue', sentBank)
  expect((await branch.installer.send('DELETE', `/api/v1/media/${mediaId}`)).status).toBe(200)
  expect(existsSync(join(branch.folder, 'media', mediaId))).toBe(false)
  expect((await branch.installer.send('DELETE', `/api/v1/media/${mediaId}`)).status).toBe(404)
})

test('a manager puts files on a display in their order, until a catalogue says something else for it', async () => {
  const [one, two] = [picture(1), picture(2)]
  await send(branch.installer, one)
  await send(branch.installer, two)
  const hall = { name: 'Hall', layout: { side: 'media' }, playlist: [{ mediaId: idOf(one), seconds: 20 }] }
  await branch.installer.send('PUT', '/api/v1/catalogue', { ...sentBank, displays: [hall] })
  const display = await branch.pair('display', 'Hall')
  const desk = await branch.pair('caller')
  const manager = sentBank.agents.find(({ role }) => role === 'manager')
  await desk.post('/api/v1/management/sign-in', { agentId: manager?.id, pin: PIN })
  const plays = async () => (await display.get<{ playlist: unknown }>('/api/v1/displays/self/playlist')).body.playlist
  const playedBy = async () => {
    const { body } = await desk.get<{ media: { mediaId: string; playedBy: string[] }[] }>('/api/v1/media')
    return body.media.toSorted((a) => (a.mediaId === idOf(one) ? -1 : 1)).map((it) => it.playedBy)
  }
  const put = async (playlist: unknown, name = 'Hall', who: Client = desk) =>
    (await who.send('PUT', `/api/v1/displays/${name}/playlist`, { playlist })).status
  expect(await plays()).toBeNull()

  const own = [
    { mediaId: idOf(two), seconds: 8 },
    { mediaId: idOf(one), seconds: 20 },
  ]
  expect(await put(own)).toBe(200)
  expect(await plays()).toEqual(own)
  expect(await playedBy()).toEqual([['Hall'], ['Hall']])
  expect((await desk.send('DELETE', `/api/v1/media/${idOf(two)}`, {})).status).toBe(409)
  await branch.restart()
  expect(await plays()).toEqual(own)
  // Another thing is published: what was put there stays. Another programme for this display: it has the last word.
  await branch.installer.send('PUT', '/api/v1/catalogue', { ...sentBank, displays: [{ ...hall, theme: 'light' }] })
  expect(await plays()).toEqual(own)
  const other = { ...hall, playlist: [{ mediaId: idOf(one), seconds: 30 }] }
  await branch.installer.send('PUT', '/api/v1/catalogue', { ...sentBank, displays: [other] })
  expect(await plays()).toBeNull()
  expect(await playedBy()).toEqual([['Hall'], []])

  expect(await put([])).toBe(200)
  expect(await plays()).toEqual([])
  expect(await put(null)).toBe(200)
  expect(await plays()).toBeNull()
  expect(await put([{ mediaId: 'f'.repeat(64), seconds: 8 }])).toBe(404)
  expect(await put(own, 'Nowhere')).toBe(404)
  for (const wrong of [{}, [{ mediaId: 'x', seconds: 8 }], [{ mediaId: idOf(one), seconds: 1 }]])
    expect(await put(wrong)).toBe(400)
  expect(await put(own, 'Hall', await branch.pair('caller'))).toBe(403)
  expect(await put(own, 'Hall', display)).toBe(403)
})

test('what a display lacks is told to staff and in the health, until it is silent', async () => {
  const display = await branch.pair('display', 'Hall')
  const lacks = { missingIds: [idOf(picture(1))], brokenIds: [] }
  expect((await display.post('/api/v1/devices/self/media', lacks)).status).toBe(200)
  const { body } = await branch.installer.get<{ displays: object[] }>('/api/v1/media')
  expect(body.displays).toEqual([{ deviceId: display.deviceId, name: 'Hall', ...lacks }])
  expect((await branch.stranger.get('/api/v1/health')).body).toMatchObject({ mediaFaults: 1 })
  branch.clock.pass(100_000)
  expect((await branch.stranger.get('/api/v1/health')).body).not.toHaveProperty('mediaFaults')
})

test('files leave the disk to the tickets, and are not without number', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'smartqueue-media-'))
  let freeBytes = 0
  const shelf = openMediaShelf(folder, () => freeBytes)
  const take = (file: Buffer) => shelf.take({ mediaId: idOf(file), from: 0, of: file.length, name: null, bytes: file })
  try {
    expect(await take(picture(0))).toMatchObject({ refusal: 'MediaFull' })
    freeBytes = 10 ** 12
    const large = { mediaId: idOf(picture(0)), from: 0, of: MEDIA_BYTES_MAX + 1, name: null, bytes: picture(0) }
    expect(await shelf.take(large)).toMatchObject({ refusal: 'RequestTooLarge' })
    for (let mark = 0; mark < MEDIA_COUNT_MAX; mark += 1) expect((await take(picture(mark, 64))).ok).toBe(true)
    expect(await take(picture(MEDIA_COUNT_MAX, 64))).toMatchObject({ refusal: 'MediaFull' })
    shelf.remove(idOf(picture(0, 64)))
    // Half files are not without number either.
    for (let mark = 100; mark < 110; mark += 1) {
      const file = picture(mark)
      await shelf.take({ mediaId: idOf(file), from: 0, of: file.length, name: null, bytes: file.subarray(0, 10) })
    }
    expect(shelf.uploads().length).toBe(4)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
})
