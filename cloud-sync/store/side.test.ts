import { afterAll, beforeAll, expect, test } from 'vitest'
import { type SideData, sealSide } from '#shared/network/sealed-side.ts'
import type { SideBody } from '#shared/wire/side.ts'
import { forgetOld } from '../jobs/retention.ts'
import { asAdministrator, openTestStore, type TestStore } from '../testing/test-database.ts'
import { addBranch, addTenant } from './branches.ts'
import type { BranchIdentity } from './inbox.ts'
import { queueMessage } from './messages.ts'
import { askErasure, findSide, receiveSide } from './side.ts'

let store: TestStore
let of: BranchIdentity
beforeAll(async () => {
  store = await openTestStore()
  const tenantId = (await addTenant(store.database, 'clinic', { fr: 'Clinique' })) ?? ''
  of = { tenantId, branchId: await addBranch(store.database, tenantId, { fr: 'Accueil' }, 'Africa/Dakar') }
}, 120_000)
afterAll(() => store?.close())

const noted = (text: string): SideData => ({ details: null, note: { text, atMs: 1 } })
const rowsOf = (visit: string, version: number, text: string) => [
  { ticketId: visit, version, ...sealSide(visit, noted(text)) },
]
const receive = async (body: SideBody) => (await receiveSide(store.database, of, body)).erased
const nothing = { epoch: 'one', rows: [], erased: [], held: [] }
const keptOf = async (visit: string) => (await findSide(store.database, of, visit))?.note?.text ?? null

test('the latest that a branch told of a visit is held, whatever comes twice or late', async () => {
  const tell = (version: number, text: string, epoch = 'one') =>
    receive({ ...nothing, epoch, rows: rowsOf('twice', version, text) })
  await tell(2, 'the second')
  await tell(1, 'the first, late')
  expect(await keptOf('twice')).toBe('the second')
  await tell(2, 'the second, again')
  expect(await keptOf('twice')).toBe('the second')
  // Put back from a backup, it counts from where that was.
  await tell(1, 'after the restore', 'another life')
  expect(await keptOf('twice')).toBe('after the restore')
})

test('what was erased here is gone at once, is asked of the branch until it says so, and comes back with no late upload', async () => {
  const rows = rowsOf('erased', 1, 'late')
  await receive({ ...nothing, rows })
  expect(await askErasure(store.database, of, 'erased')).toBe(true)
  expect(await keptOf('erased')).toBeNull()
  expect(await receive({ ...nothing, rows })).toEqual(['erased'])
  expect(await keptOf('erased')).toBeNull()
  expect(await receive({ ...nothing, erased: [{ ticketId: 'erased', version: 2 }] })).toEqual([])
  await receive({ ...nothing, rows })
  expect(await keptOf('erased')).toBeNull()
  // Staff may write something new about her.
  await receive({ ...nothing, rows: rowsOf('erased', 3, 'new') })
  expect(await keptOf('erased')).toBe('new')
})

test('with what lies beside a visit goes to whom messages about it went, and none that waits is sent any more', async () => {
  const { database } = store
  const queue = (ticketId: string) =>
    database.asTenant(of.tenantId, (db) => {
      const routes = [{ channel: 'sms', recipient: '+221700000001', subject: '', body: 'Awa, A001' }] as const
      const message = { about: ticketId, event: 'called', branchId: of.branchId, ticketId, timeZone: 'UTC', routes }
      return queueMessage(db, of.tenantId, { ...message, expiresAtMs: Date.now() + 60_000 }, Date.now())
    })
  for (const visit of ['asked here', 'ended there', 'goes on']) await queue(visit)
  await askErasure(database, of, 'asked here')
  await receive({ ...nothing, erased: [{ ticketId: 'ended there', version: 1 }] })
  const rows = await database.asTenant(of.tenantId, (db) =>
    db.query<{ ticket_id: string; state: string; next_at: Date | null; whole: string }>(
      'select ticket_id, state, next_at, message::text as whole from message order by ticket_id',
    ),
  )
  const told = rows.map((row) => [row.ticket_id, row.state, row.next_at === null, /221700|Awa/.test(row.whole)])
  expect(told).toEqual([
    ['asked here', 'suppressed', true, false],
    ['ended there', 'suppressed', true, false],
    ['goes on', 'queued', false, true],
  ])
  await receive({ ...nothing, erased: [{ ticketId: 'asked here', version: 1 }] })
})

const erase = (visit: string, version: number) => receive({ ...nothing, erased: [{ ticketId: visit, version }] })
const tell = (visit: string, version: number, text: string) =>
  receive({ ...nothing, rows: rowsOf(visit, version, text) })

test('an erasure that comes late takes nothing that was written after it, and brings nothing that was erased after it', async () => {
  await tell('late', 1, 'first')
  await tell('late', 3, 'second')
  await erase('late', 2)
  expect(await keptOf('late')).toBe('second')
  await erase('late', 5)
  expect(await keptOf('late')).toBeNull()
  await erase('late', 2)
  await tell('late', 4, 'of before the last erasure')
  expect(await keptOf('late')).toBeNull()
})

test('an erasure that comes late is no answer to what head office asks after it', async () => {
  await tell('asked late', 3, 'written after the erasure that is on its way')
  await askErasure(store.database, of, 'asked late')
  expect(await erase('asked late', 2)).toEqual(['asked late'])
  expect(await erase('asked late', 4)).toEqual([])
})

test('who brings back what was erased in another life of the branch is told', async () => {
  await receive({ ...nothing, erased: [{ ticketId: 'old', version: 2 }] })
  const held = ['old', 'never erased']
  expect(await receive({ ...nothing, held })).toEqual([])
  expect(await receive({ ...nothing, epoch: 'put back', held })).toEqual(['old'])
})

test('a row that is laid under another visit cannot be read there', async () => {
  const [row] = rowsOf('hers', 1, 'hers')
  await receive({ ...nothing, rows: [{ ...row, ticketId: 'his' }] as never })
  await expect(keptOf('his')).rejects.toThrow()
})

test('what is no branch of the tenant has nothing to erase', async () => {
  expect(await askErasure(store.database, { ...of, branchId: crypto.randomUUID() }, 'visit')).toBe(false)
})

test('what no branch has told again for longer than it keeps anything is forgotten', async () => {
  await receive({ ...nothing, rows: rowsOf('of a dead box', 1, 'old') })
  await asAdministrator(store.administratorUrl, (client) =>
    client.query(
      "update smartqueue.side_row set received_at = now() - interval '32 days' where ticket_id = 'of a dead box'",
    ),
  )
  await forgetOld(store.database, of.tenantId, Date.now())
  expect(await keptOf('of a dead box')).toBeNull()
})

test('a cloud that was put back learns what it lacks and loses what was erased meanwhile, of that stretch and life alone', async () => {
  for (const visit of ['q-kept', 'q-newer', 'q-gone', 'r-beyond']) await tell(visit, 1, visit)
  await receive({ ...nothing, epoch: 'former', rows: rowsOf('q-former', 1, 'of an older disk') })
  const held = ['q-kept', 'q-newer', 'q-lost', 'q-erased']
  await erase('q-erased', 2)
  const stretch = { after: 'q', upTo: 'qz', versions: [1, 2, 1, 1] }
  const { missing } = await receiveSide(store.database, of, { ...nothing, held, stretch })
  expect(missing.toSorted()).toEqual(['q-lost', 'q-newer'])
  expect(await keptOf('q-gone')).toBeNull()
  // What was given up on its way and comes late brings it not back.
  await tell('q-gone', 1, 'late')
  expect(await keptOf('q-gone')).toBeNull()
  for (const visit of ['q-kept', 'q-newer', 'r-beyond']) expect(await keptOf(visit)).toBe(visit)
  expect(await keptOf('q-former')).toBe('of an older disk')
})
