import type { Epoch } from '#shared/domain/ids.ts'
import { withoutPrevs } from '#shared/network/left-out-prev.ts'
import { hashOf } from '../store/event-log.ts'
import type { CloudAnswer, CloudDoor } from './cloud-door.ts'
import { fitting } from './ready-upload.ts'
import { EVENTS_PATH, type UploadedLog } from './uploader.ts'

const ALIKE_PATH = '/api/v1/sync/history/alike'
/** Looked back from the end by this many events at first, then by so many times as many. */
const LOOK_BACK_EVENTS = 8
/** Uploads that are left aside in a row at most; what is further on is brought the next time. */
const ASIDE_MAX = 20

type Past = Pick<UploadedLog, 'lastSeq' | 'after'>

/** @throws Error when the cloud is not well: it is tried again */
async function post(door: CloudDoor, path: string, body: object): Promise<CloudAnswer> {
  const answer = await door.post(path, body)
  if (answer.status >= 500 || answer.status === 429) throw new Error(`The cloud answers ${answer.status}`)
  return answer
}

/** How many events the cloud and this branch have alike after a place; null: a cloud of the version before cannot say. */
async function alikeAfter(door: CloudDoor, events: Past, epoch: Epoch, after: number): Promise<number | null> {
  const hashes = events.after(epoch, after).map(({ body }) => hashOf(body))
  if (hashes.length === 0) return 0
  const { status, body } = await post(door, ALIKE_PATH, { epoch, after, hashes })
  const count = body?.['alikeCount']
  return status === 200 && typeof count === 'number' ? count : null
}

/** The last event of an epoch that the cloud holds as this branch does; 0: none. */
async function lastInCommon(door: CloudDoor, events: Past, epoch: Epoch): Promise<number> {
  const lastSeq = events.lastSeq(epoch)
  for (let back = LOOK_BACK_EVENTS; ; back *= LOOK_BACK_EVENTS) {
    let common = Math.max(0, lastSeq - back)
    let alike = await alikeAfter(door, events, epoch, common)
    if (alike === null) return common
    if (alike === 0 && common > 0) continue
    for (; alike !== null && alike > 0; alike = await alikeAfter(door, events, epoch, common)) common += alike
    return common
  }
}

/**
 * Brings to the cloud what this branch has of an epoch otherwise than the cloud, so that it can be read there beside what
 * is held: each event once, however often it comes.
 * @param from - where to begin, as was answered before; null: where the two part
 * @returns where to begin the next time
 * @throws Error when the cloud cannot be reached, or is not well
 */
export async function bringAside(door: CloudDoor, events: Past, epoch: Epoch, from: number | null): Promise<number> {
  let seq = from ?? (await lastInCommon(door, events, epoch))
  for (let count = 0; count < ASIDE_MAX; count += 1) {
    const bodies = fitting(events.after(epoch, seq))
    if (bodies.length > 0) await post(door, `${EVENTS_PATH}?aside=yes`, { epoch, events: withoutPrevs(bodies, hashOf) })
    if (seq + bodies.length >= events.lastSeq(epoch)) return seq
    seq += bodies.length
  }
  return seq
}
