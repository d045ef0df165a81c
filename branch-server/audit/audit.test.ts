import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { AuditError } from '#shared/audit/audit-error.ts'
import { auditHash } from '#shared/audit/entry.ts'
import { cash, djeneba } from '#shared/domain/testing/bank.ts'
import { PIN, sentBank } from '../testing/bank-catalogue.ts'
import { createClient } from '../testing/client.ts'
import { openTestBranch } from '../testing/test-branch.ts'
import { testConfig } from '../testing/test-config.ts'
import { DATABASE_NAME } from '../waist/open-branch.ts'
import { runAuditCommand } from './run-command.ts'

interface Entry {
  readonly seq: number
  readonly code: string
  readonly prev: string
  readonly [name: string]: unknown
}

const linesIn = (text: unknown): readonly string[] => String(text).trimEnd().split('\n')
const verify = (folder: string): string => runAuditCommand(['verify'], testConfig(folder), () => {})

/** What must be in no entry, however it came to the branch. */
const NAME = 'Aminata Qanitzy'
const PHONE = '+221779913571'

test('what changes the branch is audited with who did it, from where and to what, and nothing that names or proves anybody', async () => {
  const agents = sentBank.agents.map((agent) => ({ ...agent, name: NAME }))
  const services = sentBank.services.map((it) => (it.id === cash ? { ...it, asks: ['name', 'phone'] as const } : it))
  await using branch = await openTestBranch({ catalogue: { ...sentBank, agents, services } })
  const kiosk = await branch.pair('kiosk', NAME)
  const caller = await branch.pair('caller', `Caisse de ${NAME}`)
  const manager = djeneba
  const consent = { version: 1, language: 'fr' }
  const issued = await kiosk.issue(cash, { details: { name: NAME, phone: PHONE, consent } })
  expect(issued.status).toBe(201)
  await caller.post('/api/v1/management/sign-in', { agentId: manager, pin: '000000000000' })
  const signedIn = await caller.post('/api/v1/management/sign-in', { agentId: manager, pin: PIN })
  expect(signedIn.status).toBe(200)
  await caller.post('/api/v1/intake/stop', {}, { 'idempotency-key': 'once' })
  await caller.post('/api/v1/intake/stop', {}, { 'idempotency-key': 'once' })
  await caller.send('DELETE', `/api/v1/tickets/${issued.body.ticketId}/details`, {})
  await branch.installer.post('/api/v1/backups')
  await branch.stranger.post('/api/v1/pairings/claim', { code: 'AAA-1111-2222' })
  await branch.installer.send('DELETE', `/api/v1/devices/${kiosk.deviceId}`)

  const answer = await branch.installer.get('/api/v1/audit')
  const lines = linesIn(answer.body)
  const entries = lines.map((line) => JSON.parse(line) as Entry)
  expect(entries.map(({ code }) => code)).toEqual([
    ...['ChainBegan', 'CatalogueApplied', 'PairingCodeMade', 'DevicePaired', 'PairingCodeMade', 'DevicePaired'],
    ...['PinRefused', 'ManagerSignedIn', 'IntakeStopped', 'DetailsErased', 'BackupMade', 'PairingRefused'],
    ...['DeviceRemoved', 'AuditExported'],
  ])
  expect(entries[3]).toMatchObject({
    ...{ actor: { kind: 'stranger', id: null }, address: '127.0.0.1', about: kiosk.deviceId },
    after: { kind: 'kiosk', slot: 1, isKnown: false },
  })
  expect(entries[6]).toMatchObject({ actor: { kind: 'device' }, deviceId: caller.deviceId, about: manager })
  expect(entries[8]).toMatchObject({ actor: { kind: 'agent', id: manager }, deviceId: caller.deviceId })
  expect(entries.at(-2)).toMatchObject({ actor: { kind: 'installer', id: null }, about: kiosk.deviceId })
  // Each line holds the hash of the one before it: whoever has the file can tell.
  for (const [index, { prev }] of entries.entries()) if (index > 0) expect(prev).toBe(auditHash(lines[index - 1] ?? ''))
  for (const planted of [NAME, PHONE, PIN, kiosk.token, caller.token, branch.installer.token])
    expect([planted, lines.join().includes(String(planted))]).toEqual([planted, false])
  expect((await createClient(branch.url, caller.token).get('/api/v1/audit')).status).toBe(403)
})

describe('in the file of a branch', () => {
  const folder = mkdtempSync(join(tmpdir(), 'smartqueue-audit-'))
  const whole = join(folder, 'whole.db')
  const file = join(folder, DATABASE_NAME)
  const COUNT = 400
  beforeAll(async () => {
    const branch = await openTestBranch({ catalogue: null, logLevel: 'silent' })
    const actor = { kind: 'installer', id: null } as const
    await branch.running.waist.execute({
      origin: { kind: 'branch', deviceId: 'branch' as never },
      command: { type: 'KeepTime' },
      answer: () => ({ status: 200, body: {} }),
      idempotency: null,
      bookmark: null,
      writes({ audit }) {
        for (let count = 1; count < COUNT; count += 1)
          audit.append({ code: 'DevicePaired', actor, about: `device-${count}` }, count)
        const head = audit.head()
        if (head !== null) audit.hold('own', 'of a cloud', head)
      },
    })
    await branch.running.close()
    const db = new Database(join(branch.folder, DATABASE_NAME))
    db.pragma('wal_checkpoint(TRUNCATE)')
    db.close()
    copyFileSync(join(branch.folder, DATABASE_NAME), whole)
    rmSync(branch.folder, { recursive: true, force: true })
  })
  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  const fresh = (): void => copyFileSync(whole, file)
  const byHand = (sql: string): void => {
    fresh()
    const db = new Database(file)
    db.exec(`drop trigger audit_entry_stays; drop trigger audit_entry_remains; ${sql}`)
    db.close()
  }

  test('the whole chain is whole', () => {
    fresh()
    expect(verify(folder)).toMatch(new RegExp(`^The audit is whole: ${COUNT} entries`))
  })

  test('a byte that is flipped in any entry is seen, and the entry named', () => {
    const bytes = readFileSync(whole)
    for (let seq = 2; seq <= COUNT; seq += 37) {
      const at = bytes.indexOf(`"about":"device-${seq - 1}"`)
      expect(at).toBeGreaterThan(0)
      const flipped = Buffer.from(bytes)
      flipped[at + 10] = (flipped[at + 10] ?? 0) ^ 1
      writeFileSync(file, flipped)
      expect(() => verify(folder)).toThrow(`entry ${seq} is changed`)
    }
  })

  test.each([
    ['deleted', 'delete from audit_entry where seq = 200', 'entry 200 is missing'],
    [
      'swapped',
      'update audit_entry set seq = 9000 where seq = 10; update audit_entry set seq = 10 where seq = 20; update audit_entry set seq = 20 where seq = 9000',
      'entry 10 is misplaced',
    ],
    ['cut off at the end', 'delete from audit_entry where seq > 390', 'entry 400 is not-as-anchored, says the cloud'],
    ['emptied', 'delete from audit_entry', 'entry 400 is not-as-anchored'],
  ])('entries that were %s are seen', (_, sql, said) => {
    byHand(sql)
    expect(() => verify(folder)).toThrow(AuditError)
    expect(() => verify(folder)).toThrow(said)
  })

  test('the branch itself changes and removes no entry', () => {
    fresh()
    const db = new Database(file)
    expect(() => db.exec("update audit_entry set body = ''")).toThrow('never changed')
    expect(() => db.exec('delete from audit_entry where seq = 3')).toThrow('never removed')
    db.close()
  })
})
