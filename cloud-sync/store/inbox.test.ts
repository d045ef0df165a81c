import { randomUUID } from 'node:crypto'
import fc from 'fast-check'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { withoutPrevs } from '#shared/network/left-out-prev.ts'
import { hashOf, readUpload, type UploadedEvent } from '../inbox/read-upload.ts'
import { addSampleTenant } from '../testing/sample-tenant.ts'
import { openTestStore, type TestStore } from '../testing/test-database.ts'
import { bytesOfHex, bytesOfTexts, scalars, texts } from './arrays.ts'
import type { Database } from './database.ts'
import { type BranchIdentity, receive } from './inbox.ts'

let server: TestStore
let database: Database
let identity: BranchIdentity
beforeAll(async () => {
  server = await openTestStore(process.env['TEST_DATABASE_URL'])
  database = server.database
}, 120_000)
afterAll(() => server?.close())
beforeEach(async () => {
  const tenantId = await addSampleTenant(database)
  const rows = await database.asTenant(tenantId, (db) =>
    db.query<{ branch_id: string }>('select branch_id from branch'),
  )
  identity = { tenantId, branchId: rows[0]?.branch_id ?? '' }
})

/** A log of so many events; another word makes another history from there on. */
function log(count: number, word = 'one', before: readonly UploadedEvent[] = []): readonly UploadedEvent[] {
  const bodies: string[] = before.map(({ body }) => body)
  let prev = before.at(-1)?.hash ?? '0'.repeat(64)
  while (bodies.length < count) {
    bodies.push(JSON.stringify({ v: 1, seq: bodies.length + 1, type: 'TicketIssued', word, prev }))
    prev = hashOf(bodies.at(-1) ?? '')
  }
  const events = readUpload(bodies)
  if (typeof events === 'string') throw new Error(events)
  return events
}

/** What is kept is told here, not what it means. */
async function send(epoch: string, events: readonly UploadedEvent[]) {
  const received = await receive(database, identity, epoch, events)
  return received.kind === 'kept' ? { kind: received.kind, ackedSeq: received.ackedSeq } : received
}

async function bodiesOf(epoch: string): Promise<readonly string[]> {
  const rows = await database.asTenant(identity.tenantId, (db) =>
    db.query<{ body: Buffer }>('select body from event where branch_id = $1 and epoch = $2 order by seq', [
      identity.branchId,
      epoch,
    ]),
  )
  return rows.map(({ body }) => body.toString())
}

test('what travels as one array comes out as it went in', async () => {
  const words = ['', 'plain', '"quoted" \\ {and, braced}', 'null', 'مرحبا', '🎫', ' '.repeat(3), 'x'.repeat(70_000)]
  const read = async (list: readonly (string | null)[]) =>
    (
      await database.asTenant(identity.tenantId, (db) =>
        db.query<{ it: readonly (string | null)[] }>('select $1::text[] as it', [texts(list)]),
      )
    )[0]?.it
  expect(await read([...words, null])).toEqual([...words, null])
  expect(await read([])).toEqual([])
  const [row] = await database.asTenant(identity.tenantId, (db) =>
    db.query<Record<string, unknown>>('select $1::bytea[] as of_texts, $2::bytea[] as of_hex, $3::int[] as numbers', [
      bytesOfTexts(words),
      bytesOfHex(['', '00ff10']),
      scalars([1, null, -7]),
    ]),
  )
  expect(row).toEqual({
    of_texts: words.map((word) => Buffer.from(word)),
    of_hex: [Buffer.alloc(0), Buffer.from([0, 255, 16])],
    numbers: [1, null, -7],
  })
})

test('however often uploads come, cut, in what order and at once, each event is kept once, in its place and with its bytes', async () => {
  const whole = log(40)
  const piece = fc.tuple(fc.nat({ max: 39 }), fc.integer({ min: 1, max: 12 }))
  await fc.assert(
    fc.asyncProperty(fc.array(fc.array(piece, { minLength: 1, maxLength: 4 }), { maxLength: 12 }), async (rounds) => {
      const epoch = randomUUID()
      let ackedMax = 0
      for (const round of rounds) {
        const answers = await Promise.all(round.map(([from, count]) => send(epoch, whole.slice(from, from + count))))
        for (const answer of answers) {
          expect(answer.kind).not.toBe('fork')
          if (answer.kind === 'kept') ackedMax = Math.max(ackedMax, answer.ackedSeq)
        }
      }
      const kept = await bodiesOf(epoch)
      // What was acked is kept, and nothing else.
      expect(kept).toEqual(whole.slice(0, ackedMax).map(({ body }) => body))
      const missing = await send(epoch, whole.slice(ackedMax === 40 ? 39 : ackedMax))
      expect(missing).toEqual({ kind: 'kept', ackedSeq: 40 })
    }),
    { numRuns: 60 },
  )
}, 120_000)

test('what leaves a gap is told from where to go on', async () => {
  const events = log(10)
  expect(await send('e', events.slice(3))).toEqual({ kind: 'gap', expectedSeq: 1 })
  expect(await send('e', events.slice(0, 2))).toEqual({ kind: 'kept', ackedSeq: 2 })
  expect(await send('e', events.slice(3))).toEqual({ kind: 'gap', expectedSeq: 3 })
})

test('of two holders of one log the second is seen at its first upload that differs, and both histories can be read', async () => {
  const common = log(5)
  const [first, second] = [log(8, 'first', common), log(9, 'second', common)]
  await send('e', first.slice(0, 6))
  // Beside, over and beyond what is held.
  for (const differing of [second.slice(5), second.slice(5, 6), second.slice(2, 7), second.slice(6, 7)])
    expect(await send('e', differing)).toEqual({ kind: 'fork' })
  expect(await send('e', first)).toEqual({ kind: 'kept', ackedSeq: 8 })
  expect(await bodiesOf('e')).toEqual(first.map(({ body }) => body))
  const forks = await database.asTenant(identity.tenantId, (db) =>
    db.query<{ bodies: string[] }>('select bodies from fork where branch_id = $1 order by seen_at', [
      identity.branchId,
    ]),
  )
  expect(forks.map(({ bodies }) => bodies)).toContainEqual(second.slice(5).map(({ body }) => body))
})

test('whoever goes on contradicting does not fill the database', async () => {
  await send('e', log(1))
  // What is the same is kept once.
  for (let count = 0; count < 115; count += 1)
    expect(await send('e', log(1, `other ${Math.max(0, count - 5)}`))).toEqual({ kind: 'fork' })
  const forks = await database.asTenant(identity.tenantId, (db) => db.query('select from fork'))
  expect(forks).toHaveLength(100)
})

test('what a branch leaves out of an upload the cloud puts in again, to the byte; a disk that contradicts itself is seen', () => {
  const bodies = log(5).map(({ body }) => body)
  const sent = withoutPrevs(bodies, hashOf)
  expect(sent[0]).toBe(bodies[0])
  expect(sent.slice(1).join('')).not.toContain('prev')
  expect(readUpload(sent)).toEqual(readUpload(bodies))
  const rotten = bodies.map((body, at) => (at === 2 ? body.replace('one', 'two') : body))
  expect(readUpload(withoutPrevs(rotten, hashOf))).toBe('event 4 does not follow on the one before')
  // Nothing stands before the first.
  expect(readUpload(sent.slice(1))).toBe('event 1 is no stored event')
})

test('an upload that contradicts itself says where', () => {
  const bodies = log(3).map(({ body }) => body)
  expect(readUpload(['no JSON'])).toBe('event 1 is no stored event')
  expect(readUpload(['{"seq":1}'])).toBe('event 1 is no stored event')
  expect(readUpload([bodies[0] ?? '', bodies[2] ?? ''])).toBe('event 2 does not follow on the one before')
  expect(readUpload([bodies[0] ?? '', (bodies[1] ?? '').replace('one', 'two'), bodies[2] ?? ''])).toMatch(/^event 3 /)
})
