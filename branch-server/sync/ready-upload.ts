import type { Epoch } from '#shared/domain/ids.ts'
import { withoutPrevs } from '#shared/network/left-out-prev.ts'
import { type Frame, hashOf } from '../store/event-log.ts'

/** What follows a place of the log, as much as one upload bears. */
export interface ReadyUpload {
  readonly epoch: Epoch
  readonly after: number
  /** Place of its first event; undefined: there is nothing. */
  readonly firstSeq: number | undefined
  readonly lastSeq: number
  /** As they are stored. */
  readonly bodies: readonly string[]
  /** As it is sent. */
  readonly sent: { readonly epoch: Epoch; readonly events: readonly string[] }
}

/** Bytes of the events of one upload, before they are compressed; one event may be longer. */
const UPLOAD_BYTES_MAX = 512 * 1024

/** As many of them as one upload may bear; at least one. */
export function fitting(frames: readonly Frame[]): readonly string[] {
  let bytes = 0
  const bodies = frames.map(({ body }) => body)
  const count = bodies.findIndex((body) => {
    bytes += Buffer.byteLength(body)
    return bytes > UPLOAD_BYTES_MAX
  })
  return count === -1 ? bodies : bodies.slice(0, Math.max(1, count))
}

export type ReadLog = (epoch: Epoch, seq: number) => readonly Frame[]

/** @throws when the log cannot be read */
export function readUpload(read: ReadLog, epoch: Epoch, after: number): ReadyUpload {
  const frames = read(epoch, after)
  const bodies = fitting(frames)
  return {
    ...{ epoch, after, bodies, firstSeq: frames[0]?.seq, lastSeq: frames[bodies.length - 1]?.seq ?? after },
    sent: { epoch, events: withoutPrevs(bodies, hashOf) },
  }
}
