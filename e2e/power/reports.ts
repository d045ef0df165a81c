// What a branch on the faulty disk is told, and what it says.
import type { Act } from './clients.ts'

export interface Orders {
  readonly seed: number
  /** Acts before it ends by itself. */
  readonly turns: number
  readonly clients: number
  readonly wallMs: number
  /** A file with the Ledger of the lives before. */
  readonly ledger: string
}

/** What the clients of a branch remember. */
export interface Ledger {
  readonly acks: readonly Ack[]
  /** Asked, and cut before an answer came: each is asked once more with its key. */
  readonly unanswered: readonly Asked[]
}

export interface Asked {
  readonly act: Act
  readonly atMs: number
}

/** An answer that was received. */
export interface Ack extends Asked {
  readonly status: number
  readonly body: string
}

export type Report =
  | { readonly at: 'open'; readonly nowMs: number }
  | {
      readonly at: 'proved'
      /** Acknowledged, and not on the disk. */
      readonly missing: readonly string[]
      /** The same key, another answer. */
      readonly different: readonly string[]
      /** One tap, two tickets. */
      readonly doubled: readonly string[]
      readonly fault: string | null
      readonly eventCount: number
      readonly epoch: string
    }
  | ({ readonly at: 'asked' } & Asked)
  | ({ readonly at: 'answered' } & Ack)
  | { readonly at: 'parted'; readonly fault: string }
  | { readonly at: 'done' }
