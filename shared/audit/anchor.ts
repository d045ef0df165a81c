import type { AuditHead, AuditPlace } from './entry.ts'

/**
 * A branch and its cloud hold each other's audit: with everything they say to each other goes where their own chain stands
 * and what they hold of the other's. What one holds is given up for a newer head only against a proof that the newer chain
 * still has it; so a chain that was cut back or written anew is seen at the next contact, and stays seen.
 */
export interface AuditSaid {
  /** Of the sayer's own chain; null: it has no entry. */
  readonly head: AuditHead | null
  /** What the sayer holds of the hearer's. */
  readonly held: AuditPlace | null
  /** What lies in the sayer's own chain where the hearer holds it, as far as the sayer knows; a null hash: nothing. */
  readonly proof: { readonly seq: number; readonly hash: string | null } | null
  /** What a branch holds of the chain of the cloud itself, which is no tenant's; left out: nothing, or it is not asked. */
  readonly platform?: AuditPlace | null
}

export type AuditTrouble = 'cut-back' | 'rewritten'

/** @param hashAt - of the own chain, where the other holds it; null: nothing lies there */
export function troubleOf(held: AuditPlace | null, hashAt: string | null): AuditTrouble | null {
  if (held === null || hashAt === held.hash) return null
  return hashAt === null ? 'cut-back' : 'rewritten'
}

export type AuditHeard =
  | { readonly kind: 'same' }
  /** Held from now on. */
  | { readonly kind: 'held'; readonly head: AuditHead }
  /** The other's chain is not the one that is held. It goes on under a new name where it says so itself: then that is held. */
  | { readonly kind: 'contradicts'; readonly trouble: AuditTrouble; readonly goesOnAs: AuditHead | null }

/** What the hearer makes of it. @param held - of the sayer's chain */
export function hearAudit(held: AuditHead | null, { head, proof }: AuditSaid): AuditHeard {
  if (held === null) return head === null ? { kind: 'same' } : { kind: 'held', head }
  // Said before it was known what is held here: the answer tells, and the next one proves.
  if (proof === null || proof.seq !== held.seq) return { kind: 'same' }
  const trouble = troubleOf(held, proof.hash)
  if (trouble !== null)
    return { kind: 'contradicts', trouble, goesOnAs: head === null || head.chain === held.chain ? null : head }
  return head === null || head.seq <= held.seq ? { kind: 'same' } : { kind: 'held', head }
}

export const AUDIT_HEADER = 'x-smartqueue-audit'
/** In an answer, of the chain of the cloud itself; a branch that hears it says with the next request what it holds. */
export const PLATFORM_AUDIT_HEADER = 'x-smartqueue-audit-platform'
/** What it is signed as, where a request has its method. */
export const AUDIT_METHOD = 'AUDIT'

const NONE = '-'
const CHAIN = /^[0-9a-f-]{36}$/
const HASH = /^[0-9a-f]{64}$/
const SEQ = /^[1-9]\d{0,14}$/

const placeText = (place: { readonly seq: number; readonly hash: string | null } | null): string =>
  place === null ? NONE : `${place.seq}:${place.hash ?? NONE}`

/** As it travels, in a header. */
export const saidText = ({ head, held, proof, platform }: AuditSaid): string =>
  [
    ...[head === null ? NONE : `${head.chain}:${placeText(head)}`, placeText(held), placeText(proof)],
    // A cloud of the version before reads no fourth word.
    ...(platform === undefined ? [] : [placeText(platform)]),
  ].join(';')

/** @returns undefined: this is no place */
function placeIn(text: string | undefined): AuditSaid['proof'] | undefined {
  if (text === NONE) return null
  const [seq = '', hash = '', ...more] = (text ?? '').split(':')
  if (!SEQ.test(seq) || more.length > 0 || !(HASH.test(hash) || hash === NONE)) return undefined
  return { seq: Number(seq), hash: hash === NONE ? null : hash }
}

const isWhole = (place: AuditSaid['proof'] | undefined): place is AuditPlace | null =>
  place === null || (place !== undefined && place.hash !== null)

function headIn(text: string | undefined): AuditHead | null | undefined {
  if (text === NONE) return null
  const [chain = '', ...rest] = (text ?? '').split(':')
  const place = placeIn(rest.join(':'))
  return CHAIN.test(chain) && isWhole(place) && place !== null ? { chain, ...place } : undefined
}

/** @returns null when it says nothing of the kind */
export function readSaid(text: string): AuditSaid | null {
  const [headText, heldText, proofText, platformText, ...more] = text.split(';')
  const [head, held, proof] = [headIn(headText), placeIn(heldText), placeIn(proofText)]
  if (head === undefined || !isWhole(held) || proof === undefined || more.length > 0) return null
  if (platformText === undefined) return { head, held, proof }
  const platform = placeIn(platformText)
  return isWhole(platform) ? { head, held, proof, platform } : null
}
