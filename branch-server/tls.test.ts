import { X509Certificate } from 'node:crypto'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import type { IncomingMessage } from 'node:http'
import { request } from 'node:https'
import { connect as connectPlain } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { connect } from 'node:tls'
import { pino } from 'pino'
import { afterEach, expect, test } from 'vitest'
import { fingerprintOf } from '#shared/network/fingerprint.ts'
import { sixWords } from '#shared/words/six-words.ts'
import { openKeys } from './access/keys.ts'
import { type RunningBranch, startBranch } from './start-branch.ts'
import { INSTALLER_TOKEN } from './testing/test-branch.ts'
import { testClock } from './testing/test-clock.ts'
import { testConfig } from './testing/test-config.ts'

const folders: string[] = []
const branches: RunningBranch[] = []
afterEach(async () => {
  for (const branch of branches.splice(0)) await branch.close()
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true })
})

function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'smartqueue-tls-'))
  folders.push(folder)
  return folder
}

async function start(folder = newFolder()): Promise<{ port: number; folder: string; lines: string[] }> {
  const lines: string[] = []
  const branch = await startBranch({
    config: testConfig(folder, { host: '0.0.0.0' }),
    clocks: testClock(),
    logger: pino({ level: 'info' }, { write: (line: string) => void lines.push(line) }),
  })
  branches.push(branch)
  return { port: Number(new URL(branch.url).port), folder, lines }
}

async function ask(port: number, method: string, path: string, body = ''): Promise<{ status: number; text: string }> {
  const headers = { authorization: `Bearer ${INSTALLER_TOKEN}`, 'content-type': 'application/json' }
  const asked = request({ host: '127.0.0.1', port, method, path, headers, rejectUnauthorized: false, agent: false })
  asked.end(body)
  const [answer] = (await once(asked, 'response')) as [IncomingMessage]
  let text = ''
  for await (const chunk of answer) text += String(chunk)
  return { status: answer.statusCode ?? 0, text }
}

async function certificateAt(port: number): Promise<X509Certificate> {
  const socket = connect({ host: '127.0.0.1', port, rejectUnauthorized: false })
  await once(socket, 'secureConnect')
  const certificate = socket.getPeerX509Certificate()
  socket.destroy()
  if (certificate === undefined) throw new Error('No certificate was shown')
  return certificate
}

test('outside its own machine a branch answers nobody in the open', async () => {
  const { port } = await start()
  const socket = connectPlain({ host: '127.0.0.1', port })
  let heard = ''
  socket.on('data', (bytes) => {
    heard += bytes.toString('latin1')
  })
  socket.on('error', () => socket.destroy())
  socket.write('GET /api/v1/health HTTP/1.1\r\nhost: 127.0.0.1\r\nconnection: close\r\n\r\n')
  await once(socket, 'close')
  expect(heard).not.toContain('HTTP/')
  expect((await ask(port, 'GET', '/api/v1/health')).status).toBe(200)
})

test('its certificate is signed by the branch’s own key, is kept for its user alone, and is the same after a restart', async () => {
  const first = await start()
  const shown = await certificateAt(first.port)
  const { fingerprint } = openKeys(first.folder, null)
  expect(fingerprintOf(shown.publicKey)).toBe(fingerprint)
  expect(shown.verify(shown.publicKey)).toBe(true)
  const file = join(first.folder, 'branch-certificate.pem')
  expect((statSync(file).mode & 0o777).toString(8)).toBe('600')
  expect(statSync(join(first.folder, 'branch-key.pem')).mode & 0o777).toBe(0o600)
  for (const branch of branches.splice(0)) await branch.close()
  const second = await start(first.folder)
  expect((await certificateAt(second.port)).fingerprint256).toBe(shown.fingerprint256)
})

test('a certificate that is damaged, or of another key, is made anew', async () => {
  const folder = newFolder()
  const other = await openKeys(newFolder(), null).tls()
  const keys = openKeys(folder, null)
  for (const wrong of ['half a certific', other.cert]) {
    writeFileSync(join(folder, 'branch-certificate.pem'), wrong)
    const { cert } = await keys.tls()
    expect(fingerprintOf(new X509Certificate(cert).publicKey)).toBe(keys.fingerprint)
    expect(readFileSync(join(folder, 'branch-certificate.pem'), 'utf8')).toBe(cert)
  }
})

test('the one who makes a code is told the link with the key in it, and the six words that the log says too', async () => {
  const { port, folder, lines } = await start()
  const { text } = await ask(port, 'POST', '/api/v1/pairings', JSON.stringify({ kind: 'kiosk', name: 'Entrance' }))
  const { link, words } = JSON.parse(text) as { link: string; words: readonly string[] }
  const { fingerprint } = openKeys(folder, null)
  expect(link).toMatch(/^https:\/\//)
  expect(link).toContain(`&key=${fingerprint}`)
  expect(words).toEqual(sixWords(Buffer.from(fingerprint, 'base64url')))
  expect(lines.some((line) => line.includes(words.join(' ')))).toBe(true)
})

test('over TLS, too, every answer tells the browser what it may not do', async () => {
  const { port } = await start()
  const options = { host: '127.0.0.1', port, path: '/api/v1/health', rejectUnauthorized: false, agent: false }
  const [answer] = (await once(request(options).end(), 'response')) as [IncomingMessage]
  answer.resume()
  expect(answer.headers['x-content-type-options']).toBe('nosniff')
  expect(answer.headers['strict-transport-security']).toContain('max-age')
})
