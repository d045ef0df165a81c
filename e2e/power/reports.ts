// What a branch on the faulty disk is told, and what it says.
import type { Act } from './clients.ts'

export interface Orders {
  readonly seed: number
  /** Acts before it ends by itself. */
  readonly turns: number
  readonly clients: number
  readonly wallMs: number
  /** A file with every answer that was received before. */
  readonly ledger: string
}

/** An answer that was received. */
export interface Ack {
  readonly act: Act
  readonly status: number
  readonly body: string
  readonly atMs: number
}

export type Report =
  | { readonly at: 'open'; readonly nowMs: number }
  | {
      readonly at: 'proved'
      /** Acknowledged, and not on the disk. */
      readonly missing: readonly string[]
      /** The same key, another answer. */
      readonly different: readonly string[]
      readonly fault: string | null
      readonly eventCount: number
      readonly epoch: string
      readonly floor: boolean
    }
  | ({ readonly at: 'answered' } & Ack)
  | { readonly at: 'parted'; readonly fault: string }
  | { readonly at: 'done' }
