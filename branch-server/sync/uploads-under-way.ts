import type { Epoch } from '#shared/domain/ids.ts'
import type { CloudAnswer } from './cloud-door.ts'
import { type ReadLog, type ReadyUpload, readUpload } from './ready-upload.ts'
import type { Pause } from './within.ts'

// The cloud reads and proves one upload while its database keeps the one before, and neither waits for the line: so the
// next leaves before the last is answered. Two are under way at most, of one epoch, each following on the other.

/** What is on its way to the cloud. */
export interface UploadsUnderWay {
  /** What follows a place of the log; it may have left already. @throws when the log cannot be read */
  after(epoch: Epoch, seq: number): ReadyUpload
  /**
   * Sends an upload, unless it has left, and the one that follows on it. What that one is told counts once its turn has come.
   * @returns what the cloud says of it: where it is not kept, nothing else is under way any more
   * @throws Error when the cloud cannot be reached
   */
  send(upload: ReadyUpload): Promise<CloudAnswer>
}

export interface UnderWayParts {
  readonly read: ReadLog
  readonly post: (upload: ReadyUpload) => Promise<CloudAnswer>
  /** Brings what must be there before it. @returns whether it is */
  readonly makeWay: (upload: ReadyUpload) => Promise<boolean>
  /** As much as it bears follows on it: to less something may be added until its turn comes. */
  readonly isFollowed: (upload: ReadyUpload) => boolean
  readonly pause: Pause
}

const NOTHING_ENDS_IT = new AbortController().signal
const isGap = ({ body }: CloudAnswer): boolean => body?.['code'] === 'SequenceGap'

export function createUploadsUnderWay({ read, post, makeWay, isFollowed, pause }: UnderWayParts): UploadsUnderWay {
  let ahead: { readonly upload: ReadyUpload; readonly answering: Promise<CloudAnswer> } | null = null
  /** Where a second one is not taken, or overtakes the first, it is one by one until all is told. */
  let goesAhead = true

  /** Once the one before has left. */
  async function follow(before: ReadyUpload): Promise<void> {
    if (!isFollowed(before)) goesAhead = true
    else if (goesAhead) {
      await pause(0, NOTHING_ENDS_IT)
      const upload = readUpload(read, before.epoch, before.lastSeq)
      if (!(await makeWay(upload))) return
      const early = { upload, answering: post(upload) }
      ahead = early
      // What is told before its turn tells nothing of then, and nothing follows on what was not kept.
      const forget = (): void => {
        if (ahead !== early) return
        ahead = null
        goesAhead = false
      }
      early.answering.then(({ status }) => (status === 200 ? undefined : forget()), forget)
    }
  }

  /** Two that follow on nothing would be four with the next. */
  async function letGo(): Promise<void> {
    const early = ahead
    ahead = null
    await early?.answering.catch(() => {})
  }

  return {
    after: (epoch, seq) =>
      ahead?.upload.epoch === epoch && ahead.upload.after === seq ? ahead.upload : readUpload(read, epoch, seq),
    async send(upload) {
      const early = ahead?.upload === upload ? ahead.answering : null
      if (early === null) await letGo()
      ahead = null
      const answering = early ?? post(upload)
      // What cannot be read or brought now is when its turn has come, and told then if it cannot still.
      const [answered] = await Promise.allSettled([answering, follow(upload)])
      if (answered.status === 'fulfilled' && answered.value.status === 200) return answered.value
      await letGo()
      if (early !== null) goesAhead = false
      if (answered.status === 'rejected') throw answered.reason
      // It was there before the one that it follows on, and tells nothing of what the cloud holds.
      return early !== null && isGap(answered.value) ? post(upload) : answered.value
    },
  }
}
