import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { amadou, cash, counter1, djeneba } from '#shared/domain/testing/bank.ts'
import { PIN, sentBank } from '../testing/bank-catalogue.ts'
import { INSTALLER_TOKEN, openTestBranch } from '../testing/test-branch.ts'

/** What lies in a branch's folder once somebody has carried it away. SECURITY.md says the same in words. */

const consent = { version: 1, language: 'fr' }
const gone = { name: 'Hadja Qanitzy', phone: '+221779913570' }
const here = { name: 'Fatou Wexelly', phone: '+221778804612' }
const NOTE = 'revient lundi avec zq-papiers'
const WRONG_PIN = '913577204488'
const DAY_MS = 24 * 3_600_000

const asking = {
  ...sentBank,
  services: sentBank.services.map((it) => (it.id === cash ? { ...it, asks: ['name', 'phone'] as const } : it)),
}

const filesIn = (folder: string): readonly string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name))

test('a box that was carried away tells no PIN, token or code, and of customers only who was in the branch that day', async () => {
  await using branch = await openTestBranch({ catalogue: asking, logLevel: 'trace' })
  const { installer, stranger } = branch
  const [kiosk, display] = [await branch.pair('kiosk'), await branch.pair('display')]
  const caller = await branch.staff(counter1, amadou)
  const unused = await installer.post<{ code: string }>('/api/v1/pairings', { kind: 'kiosk', name: 'Spare' })
  await stranger.post('/api/v1/pairings/claim', { code: `${unused.body.code.slice(0, 4)}0000-0000` })
  await caller.post('/api/v1/management/sign-in', { agentId: djeneba, pin: WRONG_PIN })
  await kiosk.issue(cash, { details: { ...gone, consent } })
  expect((await installer.post('/api/v1/backups')).status).toBe(201)
  branch.clock.pass(DAY_MS)
  await installer.post('/api/v1/intake/stop')
  await installer.post('/api/v1/intake/resume')
  const { ticketId } = (await kiosk.issue(cash, { details: { ...here, consent } })).body
  expect((await caller.open(counter1, amadou)).status).toBe(200)
  expect((await caller.post(`/api/v1/tickets/${ticketId}/note`, { note: NOTE })).status).toBe(200)
  branch.clock.pass(1_000)
  expect((await installer.post('/api/v1/backups')).status).toBe(201)
  await branch.running.close()

  const files = filesIn(branch.folder).map((file) => ({ file, bytes: readFileSync(file) }))
  expect(files.some(({ file }) => file.includes('backups'))).toBe(true)
  expect(files.length).toBeGreaterThan(5)
  const placesOf = (secret: string): readonly string[] =>
    files
      .filter(({ bytes }) => bytes.includes(secret))
      .map(({ file }) => file.slice(branch.folder.length + 1).replace(/^(branch\.db|backups\/).*$/, '$1'))
  const code = unused.body.code
  const nowhere = {
    ...{ 'a PIN': PIN, 'a PIN that was wrong': WRONG_PIN, 'the installer’s token': INSTALLER_TOKEN },
    ...{ 'a kiosk’s token': kiosk.token, 'a display’s': display.token, 'a caller’s': caller.token },
    ...{
      'a pairing code': code,
      'its secret': code.slice(4),
      'the same without its dash': code.slice(4).replace('-', ''),
    },
    ...{ 'a name of yesterday': gone.name, 'a phone of yesterday': gone.phone },
  }
  for (const [name, secret] of Object.entries(nowhere)) expect([name, placesOf(String(secret))]).toEqual([name, []])
  // No lock would hold against who has the key beside it: what is here today is in the open, and nowhere but here.
  for (const secret of Object.values(here)) expect(new Set(placesOf(secret))).toEqual(new Set(['branch.db']))
  expect(new Set(placesOf(NOTE))).toEqual(new Set(['branch.db', 'backups/']))
})

test('what a box can prove itself with is for its own user alone', async () => {
  await using branch = await openTestBranch({ catalogue: null, logLevel: 'silent' })
  const keys = filesIn(branch.folder).filter((file) => /key|token|settings|cert/.test(file.slice(branch.folder.length)))
  expect(keys.length).toBeGreaterThan(1)
  for (const file of keys) expect([file, statSync(file).mode & 0o077]).toEqual([file, 0])
})
