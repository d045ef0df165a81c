import type { Epoch } from '#shared/domain/ids.ts'
import { withoutPrevs } from '#shared/network/left-out-prev.ts'
import { type Frame, hashOf } from '../store/event-log.ts'
import { packed } from './packed-body.ts'

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

type ReadLog = (epoch: Epoch, seq: number) => readonly Frame[]

function readUpload(read: ReadLog, epoch: Epoch, after: number): ReadyUpload {
  const frames = read(epoch, after)
  const bodies = fitting(frames)
  return {
    ...{ epoch, after, bodies, firstSeq: frames[0]?.seq, lastSeq: frames[bodies.length - 1]?.seq ?? after },
    sent: { epoch, events: withoutPrevs(bodies, hashOf) },
  }
}

export interface UploadReader {
  /** @throws when the log cannot be read */
  after(epoch: Epoch, seq: number): ReadyUpload
  /**
   * Makes the next upload ready while this one is on its way: then neither the line nor the cloud waits for the branch. One
   * at most is held. Only worth it where a whole one follows: to less something may be added until its turn comes.
   * @throws when the log cannot be read
   */
  readAhead(underWay: ReadyUpload): void
}

export function createUploadReader(read: ReadLog): UploadReader {
  let ahead: ReadyUpload | null = null
  return {
    after(epoch, seq) {
      const found = ahead?.epoch === epoch && ahead.after === seq ? ahead : readUpload(read, epoch, seq)
      ahead = null
      return found
    },
    readAhead({ epoch, lastSeq }) {
      ahead = readUpload(read, epoch, lastSeq)
      packed(ahead.sent)
    },
  }
}
