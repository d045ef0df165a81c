import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { amadou, cash, counter1 } from '#shared/domain/testing/bank.ts'
import { PIN } from '../testing/bank-catalogue.ts'
import { openFeed } from '../testing/follow-feed.ts'
import { INSTALLER_TOKEN, openTestBranch } from '../testing/test-branch.ts'
import { openKeys } from './keys.ts'

const filesIn = (folder: string): readonly string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))

test('no secret is left in a log line, in a file of the data folder or in an error', async () => {
  await using branch = await openTestBranch({ logLevel: 'trace' })
  const errors: string[] = []
  const note = (answer: { status: number; body: unknown }): void => {
    if (answer.status >= 400) errors.push(JSON.stringify(answer.body))
  }
  const { installer, stranger } = branch
  const made = await installer.post<{ code: string }>(
    '/api/v1/pairings',
    { kind: 'caller', name: 'Till' },
    { 'idempotency-key': 'make' },
  )
  const { code } = made.body
  const claimed = await stranger.post<{ token: string }>(
    '/api/v1/pairings/claim',
    { code },
    { 'idempotency-key': 'claim' },
  )
  const kiosk = await branch.pair('kiosk')
  const caller = await branch.staff(counter1, amadou)
  const unused = await installer.post<{ code: string }>('/api/v1/pairings', { kind: 'kiosk', name: 'Spare' })
  const opened = await caller.post(
    '/api/v1/counters/counter-1/open',
    { agentId: amadou, pin: PIN },
    { 'idempotency-key': 'open' },
  )
  expect(opened.status).toBe(200)
  const feedTickets: string[] = []
  for (const address of ['/api/v1/feed', '/api/v1/feeds', '/api/v1/%zz']) {
    const { body } = await kiosk.post<{ ticket: string }>('/api/v1/feed-tickets', {})
    feedTickets.push(body.ticket)
    note(await kiosk.get(`${address}?ticket=${body.ticket}`))
  }
  const { body } = await kiosk.post<{ ticket: string }>('/api/v1/feed-tickets', {})
  const feed = openFeed(branch.url, body.ticket, { after: 0 })
  await feed.until(1)
  note(await caller.post('/api/v1/counters/counter-1/open', { agentId: amadou, pin: PIN, extra: PIN }))
  note(await caller.post('/api/v1/counters/counter-1/open', `{"agentId":"amadou","pin":"${PIN}",`))
  note(await stranger.post('/api/v1/pairings/claim', { code: unused.body.code, extra: unused.body.code }))
  note(await stranger.send('GET', '/api/v1/tickets', undefined, { authorization: `Basic ${caller.token}` }))
  note(await kiosk.issue(cash, {}, { 'x-smartqueue-bookmark': String(caller.token) }))
  expect((await installer.post('/api/v1/backups')).status).toBe(201)
  expect(errors.length).toBeGreaterThan(6)

  const secrets = {
    'the installer’s token': INSTALLER_TOKEN,
    'a device’s token': kiosk.token,
    'a claimed token': claimed.body.token,
    'a caller’s token': caller.token,
    'a used code': code,
    'the secret of an open code': unused.body.code.slice(4),
    'the same without its dash': unused.body.code.slice(4).replace('-', ''),
    'a PIN': PIN,
    ...Object.fromEntries([...feedTickets, body.ticket].map((ticket, index) => [`feed ticket ${index + 1}`, ticket])),
  }
  const places = new Map([
    ['the log', branch.logLines.join('')],
    ['an error', errors.join('\n')],
    ...filesIn(branch.folder).map((file) => [file, readFileSync(file, 'latin1')] as const),
  ])
  expect([...places.keys()].some((file) => file.includes('backups'))).toBe(true)
  expect([...places.keys()].some((file) => file.endsWith('branch.db-wal'))).toBe(true)
  for (const [place, text] of places)
    for (const [name, secret] of Object.entries(secrets))
      expect([place, name, text.includes(String(secret))]).toEqual([place, name, false])
})

test('the quick hash that knows a repeated request again does not speak of the PIN', async () => {
  await using branch = await openTestBranch()
  const caller = await branch.pair('caller')
  const path = `/api/v1/counters/${counter1}/open`
  const body = { agentId: amadou, pin: PIN }
  await caller.post(path, body, { 'idempotency-key': 'open' })
  const { store } = branch.running.waist.branch()
  const kept = store.answers.find(caller.deviceId as Parameters<typeof store.answers.find>[0], 'open')
  const keys = openKeys(branch.folder, INSTALLER_TOKEN)
  const told = (text: object): string => keys.requestHash(`POST ${path}\n${JSON.stringify(text)}`)
  expect(kept?.requestHash).toBe(told({ agentId: amadou }))
  expect(kept?.requestHash).not.toBe(told(body))
})
