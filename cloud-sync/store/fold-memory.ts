import type { Folded } from '../fold/folded.ts'

/** Branches whose state is remembered between their uploads, and the tickets in all of them. */
const BRANCHES_MAX = 256
const TICKETS_MAX = 50_000

/**
 * States of branches as they were read last. Another instance may have read on since: whoever takes one of these looks
 * first whether its token still stands in the table.
 */
export class FoldMemory {
  readonly #byBranch = new Map<string, { readonly token: string; readonly folded: Folded }>()
  #ticketCount = 0

  get(branchId: string, token: string): Folded | null {
    const kept = this.#byBranch.get(branchId)
    return kept?.token === token ? kept.folded : null
  }

  put(branchId: string, token: string, folded: Folded): void {
    this.#forget(branchId)
    this.#byBranch.set(branchId, { token, folded })
    this.#ticketCount += folded.rows.size
    for (const oldest of this.#byBranch.keys()) {
      if (this.#byBranch.size <= BRANCHES_MAX && this.#ticketCount <= TICKETS_MAX) break
      this.#forget(oldest)
    }
  }

  #forget(branchId: string): void {
    this.#ticketCount -= this.#byBranch.get(branchId)?.folded.rows.size ?? 0
    this.#byBranch.delete(branchId)
  }
}
