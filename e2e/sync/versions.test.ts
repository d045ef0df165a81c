import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { PRESENT_READING, type Reading } from '../../cloud-sync/fold/fold-step.ts'
import { createFoldKeeper } from '../../cloud-sync/jobs/fold-keeper.ts'
import { addBranch, addTenant } from '../../cloud-sync/store/branches.ts'
import { putCatalogue, type SentCatalogue } from '../../cloud-sync/store/catalogue-rows.ts'
import { foldOn } from '../../cloud-sync/store/fold-on.ts'
import { type BranchIdentity, holdBranch, receive } from '../../cloud-sync/store/inbox.ts'
import { asAdministrator, openTestStore, silent, type TestStore } from '../../cloud-sync/testing/test-database.ts'
import { FOLD_VERSION } from '../../shared/domain/state-json.ts'
import { cloudSide, type Piece, read } from './told-story.ts'

const FOLDER = join(import.meta.dirname, 'corpora')

interface Line {
  readonly catalogue?: SentCatalogue
  readonly event?: { readonly epoch: string; readonly body: string }
  readonly ticket?: string
  readonly figure?: string
}

let server: TestStore
let tenantId: string
beforeAll(async () => {
  server = await openTestStore(process.env['TEST_DATABASE_URL'])
  tenantId = (await addTenant(server.database, 'bank', { fr: 'Banque' })) ?? ''
}, 120_000)
afterAll(() => server?.close())

function corpusIn(name: string) {
  const lines = readFileSync(join(FOLDER, name), 'utf8')
    .trim()
    .split('\n')
    .map((text) => JSON.parse(text) as Line)
  const events = lines.flatMap(({ event }) => event ?? [])
  const epochs = [...new Set(events.map(({ epoch }) => epoch))]
  return {
    catalogues: lines.flatMap(({ catalogue }) => catalogue ?? []),
    pieces: epochs.map((epoch): Piece => {
      const bodies = events.filter((event) => event.epoch === epoch).map(({ body }) => body)
      return { epoch, events: read(bodies) }
    }),
    types: [...new Set(events.map(({ body }) => (JSON.parse(body) as { type: string }).type))],
    told: {
      tickets: lines.flatMap(({ ticket }) => ticket ?? []),
      figures: lines.flatMap(({ figure }) => figure ?? []),
    },
  }
}

type Corpus = ReturnType<typeof corpusIn>

async function branchWith({ catalogues }: Corpus): Promise<BranchIdentity> {
  const branch = { tenantId, branchId: await addBranch(server.database, tenantId, { fr: 'Agence' }, 'Africa/Dakar') }
  await server.database.asTenant(tenantId, async (db) => {
    for (const catalogue of catalogues) await putCatalogue(db, branch, catalogue)
  })
  return branch
}

async function send(branch: BranchIdentity, { pieces }: Corpus, reading: Reading): Promise<void> {
  const failures: unknown[] = []
  for (const { epoch, events } of pieces)
    for (let from = 0; from < events.length; from += 500)
      await receive(server.database, branch, epoch, events.slice(from, from + 500), {
        ...{ reading, onFailure: (error) => failures.push(error) },
      })
  expect(failures).toEqual([])
}

async function readAgain(branch: BranchIdentity, reading: Reading): Promise<void> {
  for (let isBehind = true; isBehind; )
    isBehind = await server.database.asTenant(tenantId, async (db) => {
      await holdBranch(db, branch)
      return (await foldOn(db, branch, { reading })).isBehind
    })
}

async function readingOf({ branchId }: BranchIdentity): Promise<string | undefined> {
  const sql = 'select reading from branch_fold where branch_id = $1'
  const [row] = await server.database.asTenant(tenantId, (db) => db.query<{ reading: string }>(sql, [branchId]))
  return row?.reading
}

const corpora = readdirSync(FOLDER).filter((name) => name.endsWith('.ndjson'))

test('what this version writes is recorded', () => {
  expect(corpora).toContain(`fold-${FOLD_VERSION}.ndjson`)
})

describe.each(corpora)('of the branch recorded as %s', (name) => {
  test('this version comes to what that version’s branch came to itself', async () => {
    const corpus = corpusIn(name)
    const branch = await branchWith(corpus)
    await send(branch, corpus, PRESENT_READING)
    expect(await cloudSide(server.database, branch)).toMatchObject(corpus.told)
  })

  test('a version before, that knows less, loses nothing, and comes to the same once it is this one', async () => {
    const corpus = corpusIn(name)
    // Two versions before: each knew some types less.
    for (const share of [3, 2]) {
      const unknown = new Set(corpus.types.filter((_, index) => index % share === 0))
      const before: Reading = { name: `before-${share}`, knows: (type, version) => !unknown.has(type) && version === 1 }
      const branch = await branchWith(corpus)
      await send(branch, corpus, before)
      expect(await cloudSide(server.database, branch)).not.toMatchObject(corpus.told)
      await readAgain(branch, PRESENT_READING)
      expect(await cloudSide(server.database, branch)).toMatchObject(corpus.told)
    }
  })

  test('what a version before folded otherwise is folded anew, and left alone by that version afterwards', async () => {
    const corpus = corpusIn(name)
    const before: Reading = { ...PRESENT_READING, name: `${FOLD_VERSION - 1}.of.before` }
    const branch = await branchWith(corpus)
    await send(branch, corpus, before)
    // As if that version had kept no such field, and reckoned another sum.
    await asAdministrator(server.administratorUrl, (client) =>
      client.query(
        `update smartqueue.ticket set wait_ms = 7777, body = (body::jsonb #- '{facts,channel}')::text where branch_id = $1`,
        [branch.branchId],
      ),
    )
    const keeper = createFoldKeeper({ database: server.database, log: silent })
    await keeper.sweep()
    await keeper.idle()
    expect(await cloudSide(server.database, branch)).toMatchObject(corpus.told)
    await readAgain(branch, before)
    await keeper.sweep()
    await keeper.idle()
    await keeper.close()
    expect(await cloudSide(server.database, branch)).toMatchObject(corpus.told)
    expect(await readingOf(branch)).toBe(PRESENT_READING.name)
  })
})
