import type { Catalogue } from '#shared/domain/catalogue.ts'
import type { Suspension } from '#shared/domain/state.ts'
import type { Database } from './database.ts'
import { peopleIn, readHead } from './fold-rows.ts'
import { catalogueBody } from './history.ts'
import type { BranchIdentity } from './inbox.ts'

/** Somebody who works at a branch, as its log says. */
export interface BranchAgent {
  readonly agentId: string
  readonly name: string
  readonly role: 'agent' | 'manager'
  /** null: she may sign in. */
  readonly suspendedBy: Suspension['by'] | null
  /** Added there; nobody here has named her in a catalogue yet. */
  readonly isOfSite: boolean
}

/** Her suspension as the branch's log says; null: there is none, or nothing of the branch is known. */
export async function suspensionOf(
  database: Database,
  branch: BranchIdentity,
  agentId: string,
): Promise<Suspension | null> {
  const head = await database.asTenant(branch.tenantId, (db) => readHead(db, branch))
  return head === null ? null : (peopleIn(head.rest).suspended.get(agentId) ?? null)
}

/** Those of the catalogue that the branch has in force; none before its first. null: there is no such branch */
export async function agentsOf(database: Database, branch: BranchIdentity): Promise<readonly BranchAgent[] | null> {
  const [known, head] = await database.asTenant(branch.tenantId, (db) =>
    Promise.all([
      db.query('select from branch where tenant_id = $1 and branch_id = $2', [branch.tenantId, branch.branchId]),
      readHead(db, branch),
    ]),
  )
  if (known.length === 0) return null
  const { catalogueHash, suspended } = head === null ? { catalogueHash: null, suspended: null } : peopleIn(head.rest)
  const text = catalogueHash === null ? null : await catalogueBody(database, branch, catalogueHash)
  const { agents } = text === null ? { agents: [] } : (JSON.parse(text) as Pick<Catalogue, 'agents'>)
  return agents.map(({ id: agentId, name, role, addedOnSite = false }) => ({
    ...{ agentId, name, role, isOfSite: addedOnSite },
    suspendedBy: suspended?.get(agentId)?.by ?? null,
  }))
}
