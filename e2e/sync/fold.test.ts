import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openBankStory, type StoredStory } from '../../branch-server/testing/stored-story.ts'
import { addBranch, addTenant } from '../../cloud-sync/store/branches.ts'
import { FoldMemory } from '../../cloud-sync/store/fold-on.ts'
import { type BranchIdentity, receive } from '../../cloud-sync/store/inbox.ts'
import { openTestStore, type TestStore } from '../../cloud-sync/testing/test-database.ts'
import type { Cast } from '../../shared/domain/testing/simulation/random-parts.ts'
import { branchSide, cloudSide, epochsOf, type Piece, sendCatalogues } from './told-story.ts'

const SEED = 20_261_127
const RUNS = Number(process.env['FOLD_RUNS'] ?? 12)
const IS_PLANTED = process.env['PLANTED'] !== undefined

let server: TestStore
let tenantId: string
beforeAll(async () => {
  server = await openTestStore(process.env['TEST_DATABASE_URL'])
  tenantId = (await addTenant(server.database, 'bank', { fr: 'Banque' })) ?? ''
}, 120_000)
afterAll(() => server?.close())

async function newBranch(): Promise<BranchIdentity> {
  return { tenantId, branchId: await addBranch(server.database, tenantId, { fr: 'Agence' }, 'Africa/Dakar') }
}

const number = fc.noBias(fc.nat({ max: 1_000_000 }))
const casts: fc.Arbitrary<Cast[]> = fc.array(fc.tuple(number, number, number, number), {
  minLength: 40,
  maxLength: 150,
  size: 'max',
})

function tell(story: StoredStory, turns: readonly Cast[], batch: number): void {
  for (const [index, cast] of turns.entries()) {
    story.play(story.turn(cast))
    if (index % batch === 0) story.commit()
  }
  story.commit()
}

/** Some uploads of a log: each of its events is in one of them at least. */
function piecesOf(epochs: readonly Piece[], cuts: readonly number[]): readonly Piece[] {
  return epochs.flatMap(({ epoch, events }) => {
    const pieces: Piece[] = []
    for (let from = 0, index = 0; from < events.length; index += 1) {
      const count = 1 + ((cuts[index % cuts.length] ?? 0) % 40)
      // Some of what came before comes again with it.
      pieces.push({ epoch, events: events.slice(Math.max(0, from - (count % 5)), from + count) })
      from += count
    }
    return pieces
  })
}

/** Sends until all is held: a piece that leaves a gap comes again, as from the branch. */
async function sendAll(branch: BranchIdentity, pieces: readonly Piece[], memory?: FoldMemory): Promise<void> {
  let left = pieces
  while (left.length > 0) {
    const refused: Piece[] = []
    for (let at = 0; at < left.length; at += 3) {
      const some = left.slice(at, at + 3)
      const answers = await Promise.all(
        some.map(({ epoch, events }) =>
          receive(server.database, branch, epoch, events, {
            ...(memory !== undefined && { memory }),
            onFailure: (error) => {
              throw error
            },
          }),
        ),
      )
      for (const [index, { kind }] of answers.entries()) {
        expect(kind).not.toBe('fork')
        const piece = some[index]
        if (kind === 'gap' && piece !== undefined) refused.push(piece)
      }
    }
    expect(refused.length).toBeLessThan(left.length)
    left = refused
  }
}

test('in whatever order and however often a log comes up, the cloud has the branch’s own tickets and figures', async () => {
  const order = fc.array(number, { minLength: 3, maxLength: 12 })
  let dates = 0
  await fc.assert(
    fc.asyncProperty(
      casts,
      fc.integer({ min: 1, max: 9 }),
      order,
      fc.boolean(),
      async (turns, batch, cuts, isMixed) => {
        using story = openBankStory()
        tell(story, turns, batch)
        const branch = await newBranch()
        const pieces = piecesOf(epochsOf(story), cuts)
        const mixed = isMixed ? pieces.toSorted((a, b) => hash(a, cuts) - hash(b, cuts)) : pieces
        await sendCatalogues(server.database, branch, story)
        await sendAll(branch, mixed, isMixed ? undefined : new FoldMemory())
        const here = branchSide(story)
        expect(await cloudSide(server.database, branch)).toEqual(here)
        dates += new Set(here.figures.map((text) => text.slice(0, 14))).size
      },
    ),
    { seed: SEED, numRuns: RUNS, endOnFailure: IS_PLANTED },
  )
  expect(dates).toBeGreaterThan(RUNS)
}, 600_000)

const hash = ({ epoch, events }: Piece, cuts: readonly number[]): number =>
  ((events[0]?.seq ?? 0) * 7_919 + epoch.length + (cuts[(events[0]?.seq ?? 0) % cuts.length] ?? 0)) % 1_009

test('a branch put back to a backup is believed: what it lost is kept and no part of its figures, whenever each part comes up', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.tuple(casts, casts, casts),
      fc.array(number, { minLength: 3, maxLength: 12 }),
      async (parts, cuts) => {
        using story = openBankStory()
        const [before, lost, after] = parts
        tell(story, before, 3)
        const backup = story.backup()
        tell(story, lost, 3)
        const branch = await newBranch()
        await sendCatalogues(server.database, branch, story)
        const former = epochsOf(story)
        // Some of what is lost later has come up before that.
        const memory = new FoldMemory()
        await sendAll(branch, piecesOf(former, cuts), memory)
        const atFirst = branchSide(story)
        expect(await cloudSide(server.database, branch)).toEqual(atFirst)
        story.putBack(backup)
        tell(story, after, 3)
        await sendCatalogues(server.database, branch, story)
        await sendAll(branch, piecesOf(epochsOf(story), cuts), memory)
        expect(await cloudSide(server.database, branch)).toEqual(branchSide(story))
        // Nothing of the former history was taken away.
        const [held] = await server.database.asTenant(tenantId, (db) =>
          db.query<{ count: string }>('select count(*) from event where branch_id = $1', [branch.branchId]),
        )
        const all = new Set(
          [...former, ...epochsOf(story)].flatMap(({ epoch, events }) => events.map(({ seq }) => `${epoch} ${seq}`)),
        )
        expect(Number(held?.count)).toBe(all.size)
      },
    ),
    { seed: SEED, numRuns: Math.ceil(RUNS / 2), endOnFailure: IS_PLANTED },
  )
}, 600_000)
