import type { Sqlite } from '#shared/disk/open.ts'
import type { DeviceId, TicketId } from '#shared/domain/ids.ts'

/** How long the first answer to a key is given again. */
export const ANSWER_KEPT_MS = 24 * 3_600_000
/** Old answers dropped per commit: more than one commit adds on average, so that the table never outgrows a day. */
const PRUNED_PER_COMMIT_MAX = 256

/** The first answer to one idempotency key of one device. */
export interface StoredAnswer {
  readonly deviceId: DeviceId
  readonly key: string
  /** null: answered ahead of the request, by the hand-over of a paper with the same tap; any body will do. */
  readonly requestHash: string | null
  readonly status: number
  readonly body: string
  readonly ticketId: TicketId | null
}

export interface AnswerStore {
  find(deviceId: DeviceId, key: string): StoredAnswer | null
  /** Inside the caller's transaction. */
  put(answers: Iterable<StoredAnswer>, atMs: number): void
}

interface Row {
  readonly request_hash: string | null
  readonly status: number
  readonly body: string
  readonly ticket_id: TicketId | null
}

export function createAnswerStore(db: Sqlite): AnswerStore {
  const get = db.prepare('select request_hash, status, body, ticket_id from answer where key = ? and device_id = ?')
  const insert = db.prepare(
    `insert or replace into answer (device_id, key, request_hash, status, body, ticket_id, at_ms)
     values (?, ?, ?, ?, ?, ?, ?)`,
  )
  // Answers lie in the order in which they were given: the first is the oldest.
  const oldest = db.prepare('select at_ms from answer order by rowid limit 1').pluck()
  const prune = db.prepare(
    `delete from answer where at_ms < ?
     and rowid in (select rowid from answer order by rowid limit ${PRUNED_PER_COMMIT_MAX})`,
  )
  // Of a clock that was ahead when it was confirmed: never old, they would keep all others, too. They count from now on.
  const redate = db.prepare('update answer set at_ms = $atMs where at_ms > $atMs')
  return {
    find(deviceId, key) {
      const row = get.get(key, deviceId) as Row | undefined
      if (row === undefined) return null
      const { request_hash: requestHash, ticket_id: ticketId, status, body } = row
      return { deviceId, key, requestHash, status, body, ticketId }
    },
    put(answers, atMs) {
      for (const { deviceId, key, requestHash, status, body, ticketId } of answers)
        insert.run(deviceId, key, requestHash, status, body, ticketId, atMs)
      const keptFromMs = atMs - ANSWER_KEPT_MS
      const oldestAtMs = Number(oldest.get() ?? atMs)
      if (oldestAtMs > atMs) redate.run({ atMs })
      else if (oldestAtMs < keptFromMs) prune.run(keptFromMs)
    },
  }
}
