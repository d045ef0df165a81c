import { hash } from 'node:crypto'
import type { Sqlite } from '#shared/disk/open.ts'
import type { LogEvent, StoredEvent } from '#shared/domain/events.ts'
import type { Epoch, EventSeq, Sha256 } from '#shared/domain/ids.ts'

/** Events one page of the log holds at most. */
export const LOG_PAGE_MAX = 500

/** What stands before the first event of a branch. */
const NO_HASH = '0'.repeat(64) as Sha256

export const hashOf = (body: string): Sha256 => hash('sha256', body) as Sha256

export interface Head {
  readonly epoch: Epoch
  readonly seq: EventSeq
  readonly hash: Sha256
}

/** One event as it is stored and sent: its place and its bytes. */
export interface Frame {
  readonly epoch: Epoch
  readonly seq: EventSeq
  readonly body: string
}

/**
 * Writes events as they will lie in the log: each names the hash of the bytes before it.
 * @returns the frames, and the head after the last
 */
export function chain(head: Head | null, events: readonly LogEvent[]): { frames: readonly Frame[]; head: Head | null } {
  let at = head
  const frames = events.map((event): Frame => {
    const stored: StoredEvent = { ...event, prev: at?.hash ?? NO_HASH }
    const body = JSON.stringify(stored)
    at = { epoch: event.epoch, seq: event.seq, hash: hashOf(body) }
    return { epoch: event.epoch, seq: event.seq, body }
  })
  return { frames, head: at }
}

export interface EventLog {
  /** Inside the caller's transaction. */
  append(frames: readonly Frame[]): void
  /** Up to LOG_PAGE_MAX events of an epoch after a place, in order. */
  after(epoch: Epoch, seq: number): readonly Frame[]
  /** Every event of an epoch, as it is stored, in order. */
  bodies(epoch: Epoch): IterableIterator<string>
  /** null when the log has no such event. */
  at(epoch: Epoch, seq: number): Frame | null
  hasEpoch(epoch: Epoch): boolean
  /** Oldest first. */
  epochs(): readonly Epoch[]
  /** The place of an epoch's last event that is here; 0 when none is. */
  lastSeq(epoch: Epoch): number
  /** Remembers an epoch whose events were lost, so that its readers are not taken for news again. */
  noteEpoch(epoch: Epoch): void
  epochId(epoch: Epoch): number
}

export function createEventLog(db: Sqlite): EventLog {
  const insertEpoch = db.prepare('insert or ignore into epoch (epoch) values (?)')
  const findEpoch = db.prepare('select epoch_id from epoch where epoch = ?').pluck()
  const insert = db.prepare('insert into event (epoch_id, seq, body) values (?, ?, ?)')
  const page = db.prepare(
    `select seq, body from event where epoch_id = ? and seq > ? order by seq limit ${LOG_PAGE_MAX}`,
  )
  const all = db.prepare('select body from event where epoch_id = ? order by seq').pluck()
  const epochs = db.prepare('select epoch from epoch order by epoch_id').pluck()
  const last = db.prepare('select seq from event where epoch_id = ? order by seq desc limit 1').pluck()
  const one = db.prepare('select seq, body from event where epoch_id = ? and seq = ?')

  const epochId = (epoch: Epoch): number => {
    const id = findEpoch.get(epoch) as number | undefined
    if (id === undefined) throw new Error(`The log has no epoch ${epoch}`)
    return id
  }
  return {
    append(frames) {
      let epoch: Epoch | null = null
      let id = 0
      for (const frame of frames) {
        if (frame.epoch !== epoch) {
          insertEpoch.run(frame.epoch)
          id = epochId(frame.epoch)
          epoch = frame.epoch
        }
        insert.run(id, frame.seq, frame.body)
      }
    },
    after(epoch, seq) {
      const rows = page.all(epochId(epoch), seq) as { seq: EventSeq; body: string }[]
      return rows.map((row) => ({ epoch, ...row }))
    },
    bodies: (epoch) => all.iterate(epochId(epoch)) as IterableIterator<string>,
    at(epoch, seq) {
      const id = findEpoch.get(epoch) as number | undefined
      const row = id === undefined ? undefined : (one.get(id, seq) as { seq: EventSeq; body: string } | undefined)
      return row === undefined ? null : { epoch, ...row }
    },
    noteEpoch(epoch) {
      insertEpoch.run(epoch)
    },
    epochs: () => epochs.all() as Epoch[],
    lastSeq: (epoch) => (last.get(epochId(epoch)) as number | undefined) ?? 0,
    hasEpoch: (epoch) => findEpoch.get(epoch) !== undefined,
    epochId,
  }
}
