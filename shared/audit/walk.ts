import { AUDIT_VERSION, type AuditHead, type AuditPlace, auditHash, NO_HASH, type StoredEntry } from './entry.ts'

export type AuditFaultKind =
  /** It is not there. */
  | 'missing'
  /** Its bytes are not those that were written. */
  | 'changed'
  /** It lies where another was. */
  | 'misplaced'
  /** It does not follow on the one before. */
  | 'unchained'
  /** Written by a later program. */
  | 'unknown-version'
  /** Somebody else holds that something else, or more, was here. */
  | 'not-as-anchored'

/** The first entry that is wrong. */
export interface AuditFault {
  readonly seq: number
  readonly kind: AuditFaultKind
  /** Who knows better; null: the chain itself. */
  readonly heldBy: string | null
}

const NOTHING: AuditHead = { chain: '', seq: 0, hash: NO_HASH }

interface Parsed {
  readonly v?: unknown
  readonly chain?: unknown
  readonly seq?: unknown
  readonly prev?: unknown
  readonly code?: unknown
}

function parse(body: string): Parsed | null {
  try {
    const entry: unknown = JSON.parse(body)
    return typeof entry === 'object' && entry !== null ? (entry as Parsed) : null
  } catch {
    return null
  }
}

function faultOf(head: AuditHead, { chain, seq, body, hash }: StoredEntry): AuditFaultKind | null {
  if (typeof body !== 'string' || auditHash(body) !== hash) return 'changed'
  const entry = parse(body)
  if (entry === null) return 'changed'
  if (entry.seq !== seq || entry.chain !== chain) return 'misplaced'
  if (typeof entry.v !== 'number' || entry.v > AUDIT_VERSION) return 'unknown-version'
  if (entry.prev !== head.hash) return 'unchained'
  return chain !== head.chain && entry.code !== 'ChainBegan' ? 'unchained' : null
}

/** Goes through a chain from its first entry, however long it is, and remembers nothing but where it stands. */
export interface AuditWalk {
  /** The next entry, as it lies. @returns what is wrong first; null: nothing yet */
  take(entry: StoredEntry): AuditFault | null
  /** Where the chain stands; null: it has no entry. */
  head(): AuditHead | null
}

export function walkAudit(): AuditWalk {
  let head = NOTHING
  return {
    take(entry) {
      const expected = head.seq + 1
      if (entry.seq !== expected) return { seq: expected, kind: 'missing', heldBy: null }
      const kind = faultOf(head, entry)
      if (kind !== null) return { seq: entry.seq, kind, heldBy: null }
      head = { chain: entry.chain, seq: entry.seq, hash: entry.hash }
      return null
    },
    head: () => (head.seq === 0 ? null : head),
  }
}

/**
 * What others hold of a chain that is whole in itself: a tail that was cut away, or a chain that was written anew from
 * somewhere on, is seen by nothing else.
 * @param hashAt - of the entry at this place; null: there is none
 */
export function heldFault(held: AuditPlace | null, heldBy: string, hashAt: string | null): AuditFault | null {
  return held === null || hashAt === held.hash ? null : { seq: held.seq, kind: 'not-as-anchored', heldBy }
}

/** One sentence for people. @param whose - chain */
export const faultText = (whose: string, { seq, kind, heldBy }: AuditFault): string =>
  `The audit of ${whose} is not as it was written: entry ${seq} is ${kind}${heldBy === null ? '' : `, says ${heldBy}`}.`
