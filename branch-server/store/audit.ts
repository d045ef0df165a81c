import {
  type AuditHead,
  type AuditPlace,
  auditHash,
  beginChain,
  goOn,
  type Happening,
  type StoredEntry,
} from '#shared/audit/entry.ts'
import type { Sqlite } from '#shared/disk/open.ts'
import type { Epoch } from '#shared/domain/ids.ts'

/** Entries one page holds at most. */
export const AUDIT_PAGE_MAX = 500

/** What is held beside the chain: `cloud` of the cloud's chain, `platform` of that of the whole cloud, `own` of this one, as the cloud said last. */
export type AnchorOf = 'cloud' | 'platform' | 'own'

/** Who did what to the branch itself. */
export interface AuditStore {
  /** Inside the caller's transaction. */
  append(happening: Happening, atMs: number): void
  /** Inside the caller's transaction: the log begins an epoch, and this chain a life of the same name. */
  begin(event: { readonly epoch: Epoch; readonly atMs: number; readonly reason: string }): void
  /** null: it has no entry. */
  head(): AuditHead | null
  /** Of the bytes as they lie; null: nothing lies there. */
  hashAt(seq: number): string | null
  /** Up to AUDIT_PAGE_MAX entries after a place, in order, as they lie. */
  after(seq: number): readonly StoredEntry[]
  held(of: AnchorOf, cloudBranchId: string): AuditHead | null
  /** Inside the caller's transaction. */
  hold(of: AnchorOf, cloudBranchId: string, head: AuditHead): void
  /** Whether a chain that was held went by this name before it went on under another. */
  isFormerLife(chain: string): boolean
  /** What the cloud of the present place, whichever it is, was heard to hold of this chain. */
  heldOfUs(): AuditPlace | null
}

export function createAuditStore(db: Sqlite, presentEpoch: () => Epoch): AuditStore {
  const last = db.prepare<[], AuditHead>('select chain, seq, hash from audit_entry order by seq desc limit 1')
  const insert = db.prepare('insert into audit_entry (seq, chain, body, hash) values (?, ?, ?, ?)')
  const bodyAt = db.prepare<[number], string>('select body from audit_entry where seq = ?').pluck()
  const page = db.prepare<[number], StoredEntry>(
    `select seq, chain, body, hash from audit_entry where seq > ? order by seq limit ${AUDIT_PAGE_MAX}`,
  )
  const anchor = db.prepare<[AnchorOf, string], AuditHead>(
    'select chain, seq, hash from audit_anchor where whose = ? and cloud_branch_id = ?',
  )
  const setAnchor = db.prepare('insert or replace into audit_anchor values (?, ?, ?, ?, ?)')
  const setFormer = db.prepare('insert or ignore into audit_former_life values (?)')
  const former = db.prepare('select 1 from audit_former_life where chain = ?')
  const ownAnchor = db.prepare<[], AuditPlace>("select seq, hash from audit_anchor where whose = 'own'")
  const head = (): AuditHead | null => last.get() ?? null
  const put = ({ seq, chain, body, hash }: StoredEntry): void => void insert.run(seq, chain, body, hash)
  return {
    append(happening, atMs) {
      for (const entry of goOn(head(), happening, atMs, presentEpoch)) put(entry)
    },
    begin: ({ epoch, atMs, reason }) => put(beginChain(head(), epoch, atMs, reason)),
    head,
    hashAt(seq) {
      const body = bodyAt.get(seq)
      return body === undefined ? null : auditHash(body)
    },
    after: (seq) => page.all(seq),
    held: (of, cloudBranchId) => anchor.get(of, cloudBranchId) ?? null,
    hold(of, cloudBranchId, { chain, seq, hash }) {
      const before = anchor.get(of, cloudBranchId)?.chain ?? ''
      if (before !== '' && before !== chain) setFormer.run(before)
      setAnchor.run(of, cloudBranchId, chain, seq, hash)
    },
    isFormerLife: (chain) => former.get(chain) !== undefined,
    heldOfUs: () => ownAnchor.get() ?? null,
  }
}
