import { statSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { BRANCH_SIDE, filesIn, sealedNow } from '#shared/disk/testing/trace-sealed.ts'
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

test('a box that was carried away tells no PIN, token or code, and no name, phone or note of any customer', async () => {
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
  const ticketAt = `/api/v1/tickets/${ticketId}`
  expect((await caller.open(counter1, amadou)).status).toBe(200)
  expect((await caller.post(`${ticketAt}/note`, { note: NOTE })).status).toBe(200)
  branch.clock.pass(1_000)
  expect((await installer.post('/api/v1/backups')).status).toBe(201)
  // Whoever serves her reads all of it: it is there.
  await caller.callNext(counter1)
  expect((await caller.get(`${ticketAt}/details`)).body).toMatchObject(here)
  expect((await caller.get(`${ticketAt}/note`)).body).toMatchObject({ note: NOTE })
  const database = join(branch.folder, 'branch.db')
  const sealed = sealedNow(database, BRANCH_SIDE, [NOTE, ...Object.values(here)])
  // As it runs, its write-ahead log beside it, and as it was ended in good order.
  const running = filesIn(branch.folder)
  await branch.running.close()
  const files = [...running, ...filesIn(branch.folder)]
  const placesOf = (secret: string | Buffer): readonly string[] =>
    files.filter(({ bytes }) => bytes.includes(secret)).map(({ name }) => name.replace(/^backups\/.*$/, 'backups/'))
  expect(running.find(({ name }) => name === 'branch.db-wal')?.bytes.length).toBeGreaterThan(0)
  // Two rows, of each the head and the end; of names and phones no backup has anything, of notes those of that day.
  expect(sealed.map((part) => [...new Set(placesOf(part))].toSorted())).toEqual([
    ...[expect.arrayContaining(['backups/', 'branch.db']), expect.arrayContaining(['backups/', 'branch.db'])],
    ...[expect.not.arrayContaining(['backups/']), expect.not.arrayContaining(['backups/'])],
  ])
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
    ...{ 'a name of today': here.name, 'a phone of today': here.phone, 'a note': NOTE },
  }
  for (const [name, secret] of Object.entries(nowhere)) expect([name, placesOf(String(secret))]).toEqual([name, []])
})

test('what a box can prove itself with is for its own user alone', async () => {
  await using branch = await openTestBranch({ catalogue: null, logLevel: 'silent' })
  const keys = filesIn(branch.folder).filter(({ name }) => /key|pepper|token|settings|cert/.test(name))
  expect(keys.map(({ name }) => name)).toEqual(expect.arrayContaining(['side-key', 'pin-pepper', 'branch-key.pem']))
  for (const { name } of keys) expect([name, statSync(join(branch.folder, name)).mode & 0o077]).toEqual([name, 0])
})
