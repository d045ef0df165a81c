import type { UploadedEvent } from './read-upload.ts'

/** What is held of an epoch: how far it goes, and the hash of its last event. */
export interface Held {
  readonly ackedSeq: number
  /** In hex. */
  readonly headHash: string
}

export type Judgement =
  /** What follows on that which is held; empty: all of it is held. */
  | { readonly kind: 'follows'; readonly fresh: readonly UploadedEvent[] }
  | { readonly kind: 'gap'; readonly expectedSeq: number }
  | { readonly kind: 'fork' }

/**
 * Holds an upload against what is held of its epoch.
 * @param events - in their order, each following on the one before; at least one
 * @param held - null: nothing yet
 * @param hashAt - of an event that is held, in hex
 */
export function judgeUpload(
  events: readonly UploadedEvent[],
  held: Held | null,
  hashAt: (seq: number) => string | null,
): Judgement {
  const first = events[0]
  if (first === undefined) throw new Error('An upload has at least one event')
  const ackedSeq = held?.ackedSeq ?? 0
  if (first.seq > ackedSeq + 1) return { kind: 'gap', expectedSeq: ackedSeq + 1 }
  // The chain of the upload is whole: where its last event that is held is the same, all before it are.
  const fresh = events.filter(({ seq }) => seq > ackedSeq)
  const last = events.findLast(({ seq }) => seq <= ackedSeq)
  if (last !== undefined && last.hash !== hashAt(last.seq)) return { kind: 'fork' }
  const follows = fresh[0]
  if (last === undefined && held !== null && follows !== undefined && follows.prev !== held.headHash)
    return { kind: 'fork' }
  return { kind: 'follows', fresh }
}
