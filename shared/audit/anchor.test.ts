import { expect, test } from 'vitest'
import { type AuditSaid, hearAudit, readSaid, saidText, troubleOf } from './anchor.ts'
import { type AuditHead, auditHash, beginChain, goOn, type Happening, type StoredEntry } from './entry.ts'

const [CHAIN, NEXT_LIFE] = ['11111111-1111-4111-8111-111111111111', '22222222-2222-4222-8222-222222222222']
const happening = (about: string): Happening => ({
  code: 'DevicePaired',
  actor: { kind: 'installer', id: null },
  about,
})

/** One side: its own chain, and what it holds of the other's. */
function createSide() {
  let entries: readonly StoredEntry[] = []
  let held: AuditHead | null = null
  /** As the other said last. */
  let heldOfUs: AuditSaid['held'] = null
  const hashAt = (seq: number): string | null => {
    const entry = entries[seq - 1]
    return entry === undefined ? null : auditHash(entry.body)
  }
  const head = (): AuditHead | null => entries.at(-1) ?? null
  return {
    add(about: string) {
      entries = [...entries, ...goOn(head(), happening(about), entries.length, () => CHAIN)]
    },
    cutTo(count: number) {
      entries = entries.slice(0, count)
    },
    goOnAs(chain: string) {
      entries = [...entries, beginChain(head(), chain, 0)]
    },
    say: (): AuditSaid => ({
      head: head(),
      held,
      proof: heldOfUs === null ? null : { seq: heldOfUs.seq, hash: hashAt(heldOfUs.seq) },
    }),
    /** @returns what is wrong with the own chain, and with the other's */
    hear(said: AuditSaid) {
      heldOfUs = said.held
      const heard = hearAudit(held, said)
      if (heard.kind === 'held') held = heard.head
      if (heard.kind === 'contradicts' && heard.goesOnAs !== null) held = heard.goesOnAs
      return {
        ours: said.held === null ? null : troubleOf(said.held, hashAt(said.held.seq)),
        theirs: heard.kind === 'contradicts' ? heard.trouble : null,
      }
    },
    held: () => held,
  }
}

type Side = ReturnType<typeof createSide>

/** The branch asks, the cloud answers; as it travels. */
function contact(branch: Side, cloud: Side) {
  const sent = (said: AuditSaid): AuditSaid => readSaid(saidText(said)) ?? expect.fail('it cannot be read')
  const atCloud = cloud.hear(sent(branch.say()))
  const atBranch = branch.hear(sent(cloud.say()))
  return { atCloud, atBranch }
}

const CALM = { atCloud: { ours: null, theirs: null }, atBranch: { ours: null, theirs: null } }

function pair(): readonly [Side, Side] {
  const sides = [createSide(), createSide()] as const
  for (const about of ['a', 'b', 'c', 'd']) for (const side of sides) side.add(about)
  for (let count = 0; count < 3; count += 1) expect(contact(...sides)).toEqual(CALM)
  return sides
}

test('each holds how far the other has come, and nothing is ever wrong while both only add', () => {
  const [branch, cloud] = pair()
  for (let count = 0; count < 50; count += 1) {
    if (count % 2 === 0) branch.add(`more ${count}`)
    if (count % 3 === 0) cloud.add(`more ${count}`)
    expect(contact(branch, cloud)).toEqual(CALM)
  }
  contact(branch, cloud)
  expect(branch.say().head).toMatchObject(cloud.held() ?? {})
  expect(branch.held()).toMatchObject({ seq: cloud.say().head?.seq })
})

test('a branch that was cut back is seen on both sides, and stays seen however much it writes after', () => {
  const [branch, cloud] = pair()
  branch.cutTo(3)
  contact(branch, cloud)
  expect(contact(branch, cloud)).toMatchObject({ atCloud: { theirs: 'cut-back' }, atBranch: { ours: 'cut-back' } })
  for (const about of ['x', 'y', 'z']) branch.add(about)
  for (let count = 0; count < 3; count += 1)
    expect(contact(branch, cloud)).toMatchObject({ atCloud: { theirs: 'rewritten' }, atBranch: { ours: 'rewritten' } })
})

test('a cloud that was cut back is seen on both sides, and stays seen however much it writes after', () => {
  const [branch, cloud] = pair()
  cloud.cutTo(2)
  expect(contact(branch, cloud)).toMatchObject({ atCloud: { ours: 'cut-back' }, atBranch: { theirs: 'cut-back' } })
  for (const about of ['x', 'y', 'z', 'w']) cloud.add(about)
  for (let count = 0; count < 3; count += 1)
    expect(contact(branch, cloud)).toMatchObject({ atCloud: { ours: 'rewritten' }, atBranch: { theirs: 'rewritten' } })
})

test('a chain that was put back and says so goes on under its new name, after what it lacks was told once', () => {
  const [branch, cloud] = pair()
  branch.cutTo(3)
  branch.goOnAs(NEXT_LIFE)
  const told = Array.from({ length: 4 }, () => contact(branch, cloud).atCloud.theirs)
  expect(told.filter((it) => it !== null)).toEqual(['cut-back'])
  expect(contact(branch, cloud)).toEqual(CALM)
  expect(cloud.held()?.chain).toBe(NEXT_LIFE)
})

test('a new name alone is no trouble while nothing is lacking', () => {
  const [branch, cloud] = pair()
  branch.goOnAs(NEXT_LIFE)
  for (let count = 0; count < 3; count += 1) expect(contact(branch, cloud)).toEqual(CALM)
  expect(cloud.held()?.chain).toBe(NEXT_LIFE)
})

test('what is said out of turn accuses nobody', () => {
  const [branch, cloud] = pair()
  const early = branch.say()
  branch.add('later')
  expect(contact(branch, cloud)).toEqual(CALM)
  expect(cloud.hear(early)).toEqual({ ours: null, theirs: null })
  expect(cloud.held()?.seq).toBe(6)
})

test('what is no word of the audit is not read', () => {
  const good = saidText(pair()[0].say())
  expect(readSaid(good)).not.toBeNull()
  const wrong = [
    '',
    ';;',
    '-',
    '-;-',
    '-;-;-;-;-',
    'x:1:y;-;-',
    good.replace(/[0-9a-f]{64}/, 'z'),
    `${good};x`,
    '-;0:ab;-',
  ]
  for (const text of wrong) expect([text, readSaid(text)]).toEqual([text, null])
})
