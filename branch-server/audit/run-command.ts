import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { AuditError } from '#shared/audit/audit-error.ts'
import { type AuditFault, faultText, heldFault, walkAudit } from '#shared/audit/walk.ts'
import { openForReading, type Sqlite } from '#shared/disk/open.ts'
import { ConfigError } from '#shared/program/config-error.ts'
import type { Config } from '../config.ts'
import { auditLines } from '../routes/audit.ts'
import { type AuditStore, createAuditStore } from '../store/audit.ts'
import { storageFault } from '../store/storage-fault.ts'
import { DATABASE_NAME } from '../waist/open-branch.ts'

const USAGE = 'usage: npm run branch -- audit verify|export'

export interface AuditVerdict {
  readonly count: number
  readonly fault: AuditFault | null
}

/** Page by page, however long the chain is; then what the cloud was heard to hold of it. */
export function verifyAudit(audit: Pick<AuditStore, 'after' | 'hashAt' | 'heldOfUs'>): AuditVerdict {
  const walk = walkAudit()
  for (let page = audit.after(0); page.length > 0; page = audit.after(page.at(-1)?.seq ?? 0))
    for (const entry of page) {
      const fault = walk.take(entry)
      if (fault !== null) return { count: walk.head()?.seq ?? 0, fault }
    }
  const held = audit.heldOfUs()
  const fault = held === null ? null : heldFault(held, 'the cloud', audit.hashAt(held.seq))
  return { count: walk.head()?.seq ?? 0, fault }
}

function reading<Result>(folder: string, work: (db: Sqlite) => Result): Result {
  const file = join(folder, DATABASE_NAME)
  if (!existsSync(file)) throw new ConfigError(`BRANCH_DATA_DIR (${folder}) holds no branch.`)
  const db = openForReading(file)
  try {
    // One read transaction: a commit meanwhile is no contradiction.
    return db.transaction(() => work(db))()
  } catch (error) {
    if (storageFault(error) !== 'damaged') throw error
    throw new AuditError(`The audit cannot be read to its end (${String(error)}).`)
  } finally {
    db.close()
  }
}

const storeOf = (db: Sqlite): AuditStore =>
  createAuditStore(db, () => {
    throw new Error('Whoever reads appends nothing')
  })

/**
 * `audit verify` goes through the whole chain, `audit export` writes it as JSON lines; beside a branch that runs, too.
 * @throws AuditError with the first entry that is wrong
 */
export function runAuditCommand(words: readonly string[], { folder }: Config, write: (text: string) => void): string {
  if (words.length !== 1 || !['verify', 'export'].includes(words[0] ?? '')) throw new ConfigError(USAGE)
  return reading(folder, (db) => {
    const audit = storeOf(db)
    if (words[0] === 'export') {
      for (const line of auditLines(audit)) write(line)
      return ''
    }
    const { count, fault } = verifyAudit(audit)
    if (fault !== null) throw new AuditError(faultText('this branch', fault))
    const head = audit.head()
    return `The audit is whole: ${count} entries${head === null ? '' : `, the last ${head.hash}`}.`
  })
}
