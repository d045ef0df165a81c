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
  /** Of the chain of the cloud itself, which is no tenant's. */
  heardPlatform(text: string): void
  doubts(): readonly AuditDoubt[]
}

const OURS = { 'cut-back': 'AuditCutBack', rewritten: 'AuditRewritten' } as const
const THEIRS = { 'cut-back': 'CloudAuditCutBack', rewritten: 'CloudAuditRewritten' } as const

export function createAnchorPost({ cloudBranchId, store, write, wallMs, log }: AnchorPostParts): AnchorPost {
  /** Where the cloud holds our chain, as it said last; null: it has not said, or holds nothing. */
  let heldOfUs: AuditPlace | null = null
  let ours: AuditTrouble | null = null
  const theirs = { cloud: null as AuditTrouble | null, platform: null as AuditTrouble | null }
  /** This cloud says where its own chain stands, and hears what is held of it. */
  let tellsPlatform = false

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

  function hearTheirs(whose: keyof typeof theirs, said: AuditSaid): void {
    const held = store().audit.held(whose, cloudBranchId)
    const heard = hearAudit(held, said)
    if (heard.kind === 'held') {
      theirs[whose] = null
      keep(({ audit }) => audit.hold(whose, cloudBranchId, heard.head))
    }
    if (heard.kind !== 'contradicts') return
    if (theirs[whose] !== heard.trouble)
      log.error(
        { trouble: heard.trouble, seq: held?.seq, whose },
        'the audit of the cloud is not what this branch holds of it',
      )
    theirs[whose] = heard.trouble
    // Cut back to before its present life began, it bears a name of before: that is no new one.
    if (held === null || heard.goesOnAs === null || store().audit.isFormerLife(heard.goesOnAs.chain)) return
    // It says so itself, under a new name: once that is noted nobody needs to be alarmed any more.
    theirs[whose] = null
    keep(noting(whose, held, heard.goesOnAs))
  }

  /** It was put back and says so: what is lost of it stands here for ever. */
  const noting =
    (whose: keyof typeof theirs, held: AuditHead, next: AuditHead) =>
    ({ audit }: Store): void => {
      // Another answer may have said it first.
      if (audit.held(whose, cloudBranchId)?.hash !== held.hash) return
      const happening = { code: 'CloudAuditContradicted', actor: { kind: 'system', id: null }, about: whose } as const
      const [before, after] = [held, next].map(({ chain, seq, hash }) => ({ chain, seq, hash }))
      audit.append({ ...happening, before: before ?? null, after: after ?? null }, Math.floor(wallMs()))
      audit.hold(whose, cloudBranchId, next)
    }

  /** @returns null when it cannot be read */
  function read(text: string): AuditSaid | null {
    const said = readSaid(text)
    if (said === null) log.warn('the cloud says of the audit what cannot be read')
    return said
  }

  return {
    text() {
      const { audit } = store()
      const held = audit.held('cloud', cloudBranchId)
      const proof = heldOfUs === null ? null : { seq: heldOfUs.seq, hash: audit.hashAt(heldOfUs.seq) }
      const platform = tellsPlatform ? { platform: audit.held('platform', cloudBranchId) } : {}
      return saidText({ head: audit.head(), held, proof, ...platform })
    },
    heard(text) {
      const said = read(text)
      if (said === null) return
      heldOfUs = said.held
      hearOurs(said.held)
      hearTheirs('cloud', said)
    },
    heardPlatform(text) {
      const said = read(text)
      if (said === null) return
      tellsPlatform = true
      hearTheirs('platform', said)
    },
    doubts() {
      const found = theirs.cloud ?? theirs.platform
      return [...(ours === null ? [] : [OURS[ours]]), ...(found === null ? [] : [THEIRS[found]])]
    },
  }
}
