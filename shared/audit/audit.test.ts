import { expect, test } from 'vitest'
import { auditHash, canonicalJson, goOn, type Happening, NO_HASH, nextEntry, type StoredEntry } from './entry.ts'
import { fitFacts } from './facts.ts'
import { createRefusalsPace } from './refusals-pace.ts'
import { heldFault, walkAudit } from './walk.ts'

const CHAIN = '11111111-1111-4111-8111-111111111111'
const LONG = 10_000
const SHORT = 200
/** The long form: AUDIT_TAMPERINGS=10000, each on a chain of 10,000. */
const [ON_LONG, ON_SHORT] = [Number(process.env['AUDIT_TAMPERINGS'] ?? 50), 2_000]

const happening = (count: number): Happening => ({
  ...{ code: 'DevicePaired', actor: { kind: 'installer', id: null }, address: '192.0.2.7' },
  ...{ about: `device-${count}`, after: { kind: 'kiosk', slot: count % 9, isKnown: false } },
})

function chainOf(length: number): readonly StoredEntry[] {
  const entries: StoredEntry[] = []
  while (entries.length < length)
    entries.push(...goOn(entries.at(-1) ?? null, happening(entries.length), entries.length, () => CHAIN))
  return entries.slice(0, length)
}

const [long, short] = [chainOf(LONG), chainOf(SHORT)]

/** The first fault, by the chain itself and by what somebody else holds of its end. */
function faultOf(entries: readonly StoredEntry[], held: StoredEntry) {
  const walk = walkAudit()
  for (const entry of entries) {
    const fault = walk.take(entry)
    if (fault !== null) return fault
  }
  const there = entries[held.seq - 1]
  return heldFault(held, 'the other', there === undefined ? null : auditHash(there.body))
}

/** Small and the same each time. */
function dice(seed: number) {
  let state = seed
  return (below: number): number => {
    state = (Math.imul(state ^ (state >>> 15), 0x2c1b3c6d) + 0x9e3779b9) >>> 0
    return state % below
  }
}

/** Writes everything from a place on anew, so that it chains. */
function rewritten(entries: readonly StoredEntry[], from: number, change: (body: string) => string): StoredEntry[] {
  const made = entries.slice(0, from)
  for (const entry of entries.slice(from)) {
    const prev = made.at(-1)?.hash ?? NO_HASH
    const changed = made.length === from ? change(entry.body) : entry.body
    const body = changed.replace(/"prev":"[0-9a-f]{64}"/, `"prev":"${prev}"`)
    made.push({ ...entry, body, hash: auditHash(body) })
  }
  return made
}

type Tamper = (entries: readonly StoredEntry[], at: number, roll: (below: number) => number) => readonly StoredEntry[]

const put = (entries: readonly StoredEntry[], at: number, change: Partial<StoredEntry>): readonly StoredEntry[] =>
  entries.with(at, { ...(entries[at] as StoredEntry), ...change })

const tampers: Readonly<Record<string, Tamper>> = {
  'a byte is flipped'(entries, at, roll) {
    const bytes = Buffer.from(entries[at]?.body ?? '')
    const place = roll(bytes.length)
    bytes[place] = (bytes[place] ?? 0) ^ (1 << roll(7))
    return put(entries, at, { body: bytes.toString('latin1') })
  },
  'a byte is flipped and its hash mended'(entries, at) {
    const body = (entries[at]?.body ?? '').replace('192.0.2.7', '192.0.2.8')
    return put(entries, at, { body: body === entries[at]?.body ? `${body} ` : body, hash: auditHash(body) })
  },
  'a hash is changed': (entries, at) => put(entries, at, { hash: auditHash('another') }),
  'an entry is deleted': (entries, at) => entries.toSpliced(at, 1),
  'an entry is deleted and those after it moved up': (entries, at) =>
    entries.toSpliced(at, 1).map((entry, index) => ({ ...entry, seq: index + 1 })),
  'two entries are swapped'(entries, at, roll) {
    const other = (at + 1 + roll(entries.length - 1)) % entries.length
    const [one, two] = [entries[at], entries[other]] as [StoredEntry, StoredEntry]
    return entries.with(at, { ...two, seq: one.seq }).with(other, { ...one, seq: two.seq })
  },
  'the tail is cut off': (entries, at) => entries.slice(0, at),
  'an entry is told twice': (entries, at) => entries.toSpliced(at, 0, entries[at] as StoredEntry),
  'all from an entry on is written anew': (entries, at) =>
    rewritten(entries, at, (body) => body.replace('"isKnown":false', '"isKnown":true').replace('}', ' }')),
  'it is of another life': (entries, at) => put(entries, at, { chain: '22222222-2222-4222-8222-222222222222' }),
}

test.each(Object.entries(tampers))('%s: it is always seen', (_, tamper) => {
  const roll = dice(7)
  const tries = [
    [long, ON_LONG],
    [short, ON_SHORT],
  ] as const
  for (const [entries, count] of tries) {
    const { length } = entries
    const held = entries.at(-1) as StoredEntry
    expect(faultOf(entries, held)).toBeNull()
    const each = Math.ceil(count / Object.keys(tampers).length)
    for (let trial = 0; trial < each; trial += 1) {
      // The first and the last are tried, too.
      const at = trial === 0 ? 0 : trial === 1 ? length - 1 : roll(length)
      const fault = faultOf(tamper(entries, at, roll), held)
      expect(fault, `entry ${at + 1} of ${length}`).not.toBeNull()
    }
  }
})

test('the first bad one is named', () => {
  const entries = chainOf(50)
  const held = entries.at(-1) as StoredEntry
  expect(faultOf(put(entries, 19, { body: '{}' }), held)).toEqual({ seq: 20, kind: 'changed', heldBy: null })
  expect(faultOf(entries.toSpliced(19, 1), held)).toEqual({ seq: 20, kind: 'missing', heldBy: null })
  expect(faultOf(entries.slice(0, 30), held)).toEqual({ seq: 50, kind: 'not-as-anchored', heldBy: 'the other' })
})

test('what is written is the same whatever order its names come in, and holds the hash of the bytes before it', () => {
  expect(canonicalJson({ b: 1, a: { d: null, c: 'é' } })).toBe('{"a":{"c":"é","d":null},"b":1}')
  const [first, second] = chainOf(2)
  expect(JSON.parse(first?.body ?? '')).toMatchObject({ v: 1, seq: 1, code: 'ChainBegan', prev: NO_HASH })
  expect(JSON.parse(second?.body ?? '')).toMatchObject({ seq: 2, prev: auditHash(first?.body ?? '') })
})

test('what somebody is called, can be reached by or proves herself with finds no place in an entry', () => {
  const planted = {
    ...{ role: 'Aminata Diop', kind: '+221 77 123 45 67', agentId: '771234567', deviceId: 'a@example.org', slot: 1.5 },
    ...{ scopes: 'tok_3f 9', hash: 'secret', version: 3, name: 'Aminata', phone: '771234567', pin: '493817' },
  }
  const kept = fitFacts(planted as never)
  expect(kept).toEqual({
    ...{ role: 'withheld', kind: 'withheld', agentId: 'withheld', deviceId: 'withheld', slot: 'withheld' },
    ...{ scopes: 'withheld', hash: 'withheld', version: 3 },
  })
  const entry = nextEntry(
    null,
    CHAIN,
    {
      ...{ code: 'PinSet', actor: { kind: 'agent', id: '0612345678' }, about: 'Mme Diop', address: 'chez moi' },
      deviceId: '4938',
    } as Happening,
    0,
  )
  expect(entry.body).not.toMatch(/0612345678|Diop|chez|4938/)
})

test('whoever tries doors all day does not fill the book; what was left out is counted', () => {
  let nowMs = 0
  const pace = createRefusalsPace(() => nowMs)
  const first = Array.from({ length: 1_000 }, (_, nth) => pace.next('PinRefused', `10.0.0.${nth % 100}`))
  expect(first.filter((it) => it === 0)).toHaveLength(60)
  expect(first.filter((it) => it === null)).toHaveLength(940)
  nowMs += 60_000
  expect([pace.next('PinRefused', '10.0.0.1'), pace.next('PinRefused', '10.0.0.1')]).toEqual([940, 0])
})

test('who tries one door hides nobody who tries another, and one address nobody else at the same door', () => {
  const pace = createRefusalsPace(() => 0)
  for (let nth = 0; nth < 1_000; nth += 1) pace.next('PairingRefused', `10.0.0.${nth % 4}`)
  expect(pace.next('PinRefused', '10.0.0.1')).toBe(0)
  for (let nth = 0; nth < 1_000; nth += 1) pace.next('PinRefused', '10.0.0.1')
  expect(pace.next('PinRefused', '10.0.0.9')).toBeGreaterThan(0)
})

test('more kinds than there is room for are one, and a clock that is set back begins a new minute', () => {
  let nowMs = 3_600_000
  const pace = createRefusalsPace(() => nowMs)
  const written = Array.from({ length: 10_000 }, (_, nth) => pace.next(`kind ${nth}`, `address ${nth}`))
  expect(written.filter((it) => it !== null).length).toBeLessThanOrEqual(200 + 60)
  nowMs = 0
  expect(pace.next('kind 9999', 'address 9999')).not.toBeNull()
})
