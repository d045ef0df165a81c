import { hash } from 'node:crypto'
import { type Facts, fitAddress, fitFacts, fitId } from './facts.ts'
import type { AuditCode } from './operations.ts'

/**
 * A chain of entries, the same at a branch and in the cloud: each holds the hash of the bytes before it. An entry is
 * written once, as canonical JSON, and never serialised again: whoever verifies hashes the bytes as they lie.
 */

export const AUDIT_VERSION = 1
/** What stands before the first entry. */
export const NO_HASH = '0'.repeat(64)

export type ActorKind = 'agent' | 'device' | 'installer' | 'person' | 'key' | 'branch' | 'system' | 'stranger'

export interface AuditActor {
  readonly kind: ActorKind
  readonly id: string | null
}

/** Something that is to be remembered. */
export interface Happening {
  readonly code: AuditCode
  readonly actor: AuditActor
  /** Of the network. */
  readonly address?: string | null
  /** Through which device it was done. */
  readonly deviceId?: string | null
  /** To what: an id. */
  readonly about?: string | null
  readonly before?: Facts | null
  readonly after?: Facts | null
}

export interface AuditEntry extends Required<Happening> {
  readonly v: number
  /** Which life of the book: one that was put back to an older copy goes on under another name. */
  readonly chain: string
  /** 1, 2, 3 … without a gap, through all lives. */
  readonly seq: number
  readonly atMs: number
  readonly prev: string
}

/** A place in a chain, and what lies there. */
export interface AuditPlace {
  readonly seq: number
  readonly hash: string
}

export interface AuditHead extends AuditPlace {
  readonly chain: string
}

/** An entry as it lies. */
export interface StoredEntry extends AuditPlace {
  readonly chain: string
  readonly body: string
}

export const auditHash = (body: string): string => hash('sha256', body)

/** JSON with its names in order and nothing between; of texts, whole numbers, truth and null. */
export function canonicalJson(value: unknown): string {
  if (value === null || typeof value !== 'object') return JSON.stringify(value)
  const members = Object.entries(value)
    .toSorted(([one], [other]) => (one < other ? -1 : 1))
    .map(([name, inner]) => `${JSON.stringify(name)}:${canonicalJson(inner)}`)
  return `{${members.join()}}`
}

/** @param head - of the chain so far; null: there is none yet */
export function nextEntry(head: AuditHead | null, chain: string, happening: Happening, atMs: number): StoredEntry {
  const { code, actor, address = null, deviceId = null, about = null, before = null, after = null } = happening
  const seq = (head?.seq ?? 0) + 1
  const entry: AuditEntry = {
    ...{ v: AUDIT_VERSION, chain, seq, atMs: Math.floor(atMs), prev: head?.hash ?? NO_HASH, code },
    ...{ actor: { kind: actor.kind, id: fitId(actor.id) }, address: fitAddress(address) },
    ...{ deviceId: fitId(deviceId), about: fitId(about), before: fitFacts(before), after: fitFacts(after) },
  }
  const body = canonicalJson(entry)
  return { chain, seq, body, hash: auditHash(body) }
}

/** The first entry of a life: from where it goes on, and why. */
export function beginChain(head: AuditHead | null, chain: string, atMs: number, reason?: string): StoredEntry {
  const before = head === null ? null : { chain: head.chain, seq: head.seq }
  const after = reason === undefined ? null : { reason }
  return nextEntry(head, chain, { code: 'ChainBegan', actor: { kind: 'system', id: null }, before, after }, atMs)
}

/** @returns the entries that make a happening part of the chain: it, and before the first of all the beginning */
export function goOn(
  head: AuditHead | null,
  happening: Happening,
  atMs: number,
  nameChain: () => string,
): readonly StoredEntry[] {
  if (head !== null) return [nextEntry(head, head.chain, happening, atMs)]
  const first = beginChain(null, nameChain(), atMs)
  return [first, nextEntry(first, first.chain, happening, atMs)]
}
