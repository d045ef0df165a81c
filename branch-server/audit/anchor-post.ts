import { type AuditSaid, type AuditTrouble, hearAudit, readSaid, saidText, troubleOf } from '#shared/audit/anchor.ts'
import type { AuditHead, AuditPlace } from '#shared/audit/entry.ts'
import type { Log } from '../log.ts'
import type { Store } from '../store/store.ts'

/** What branch and cloud find wrong with each other's audit. */
export type AuditDoubt =
  /** The cloud holds entries of this branch that are not here. */
  | 'AuditCutBack'
  /** It holds others. */
  | 'AuditRewritten'
  /** This branch holds entries of the cloud's audit that are not there. */
  | 'CloudAuditCutBack'
  | 'CloudAuditRewritten'

export interface AnchorPostParts {
  readonly cloudBranchId: string
  readonly store: () => Store
  /** Rows in a commit of their own. @returns whether they were committed */
  readonly write: (writes: (store: Store) => void) => Promise<boolean>
  readonly wallMs: () => number
  readonly log: Log
}

/** Goes with everything that this branch says to its cloud, and hears what comes back. */
export interface AnchorPost {
  text(): string
  heard(text: string): void
  doubts(): readonly AuditDoubt[]
}

const OURS = { 'cut-back': 'AuditCutBack', rewritten: 'AuditRewritten' } as const
const THEIRS = { 'cut-back': 'CloudAuditCutBack', rewritten: 'CloudAuditRewritten' } as const

export function createAnchorPost({ cloudBranchId, store, write, wallMs, log }: AnchorPostParts): AnchorPost {
  /** Where the cloud holds our chain, as it said last; null: it has not said, or holds nothing. */
  let heldOfUs: AuditPlace | null = null
  let ours: AuditTrouble | null = null
  let theirs: AuditTrouble | null = null

  const keep = (writes: (store: Store) => void): void => {
    void write(writes).then((isKept) => isKept || log.warn('what the cloud holds of the audit could not be kept'))
  }

  function hearOurs(held: AuditPlace | null): void {
    const { audit } = store()
    const trouble = held === null ? null : troubleOf(held, audit.hashAt(held.seq))
    if (trouble !== null && trouble !== ours)
      log.error({ trouble, seq: held?.seq }, 'the audit of this branch is not what the cloud holds of it')
    ours = trouble
    if (held === null || trouble !== null || held.hash === audit.held('own', cloudBranchId)?.hash) return
    keep((kept) => kept.audit.hold('own', cloudBranchId, { chain: '', ...held }))
  }

  function hearTheirs(said: AuditSaid): void {
    const held = store().audit.held('cloud', cloudBranchId)
    const heard = hearAudit(held, said)
    if (heard.kind === 'held') {
      theirs = null
      keep(({ audit }) => audit.hold('cloud', cloudBranchId, heard.head))
    }
    if (heard.kind !== 'contradicts') return
    if (theirs !== heard.trouble)
      log.error(
        { trouble: heard.trouble, seq: held?.seq },
        'the audit of the cloud is not what this branch holds of it',
      )
    theirs = heard.trouble
    if (held !== null && heard.goesOnAs !== null) keep(noting(held, heard.goesOnAs))
  }

  /** It was put back and says so: what is lost of it stands here for ever. */
  const noting =
    (held: AuditHead, next: AuditHead) =>
    ({ audit }: Store): void => {
      // Another answer may have said it first.
      if (audit.held('cloud', cloudBranchId)?.hash !== held.hash) return
      const happening = { code: 'CloudAuditContradicted', actor: { kind: 'system', id: null } } as const
      const [before, after] = [held, next].map(({ chain, seq, hash }) => ({ chain, seq, hash }))
      audit.append({ ...happening, before: before ?? null, after: after ?? null }, Math.floor(wallMs()))
      audit.hold('cloud', cloudBranchId, next)
    }

  return {
    text() {
      const { audit } = store()
      const held = audit.held('cloud', cloudBranchId)
      const proof = heldOfUs === null ? null : { seq: heldOfUs.seq, hash: audit.hashAt(heldOfUs.seq) }
      return saidText({ head: audit.head(), held, proof })
    },
    heard(text) {
      const said = readSaid(text)
      if (said === null) return log.warn('the cloud says of the audit what cannot be read')
      heldOfUs = said.held
      hearOurs(said.held)
      hearTheirs(said)
    },
    doubts: () => [...(ours === null ? [] : [OURS[ours]]), ...(theirs === null ? [] : [THEIRS[theirs]])],
  }
}
