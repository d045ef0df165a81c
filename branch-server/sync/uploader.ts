import type { Epoch } from '#shared/domain/ids.ts'
import type { Log } from '../log.ts'
import type { Frame } from '../store/event-log.ts'
import { bringAside } from './bring-aside.ts'
import { type CatalogueCourier, createCatalogueCourier } from './catalogue-courier.ts'
import type { CloudAnswer, CloudDoor } from './cloud-door.ts'
import type { PresentSender } from './present-sender.ts'
import type { ReadyUpload } from './ready-upload.ts'
import { standInLine } from './stand-in-line.ts'
import { comeAgainMs, type TurnedAway } from './turned-away.ts'
import { UNKNOWN_BRANCH } from './unknown-branch.ts'
import { createUploadsUnderWay, type UploadsUnderWay } from './uploads-under-way.ts'
import type { Pause } from './within.ts'

/** The log as the uploader reads it. */
export interface UploadedLog {
  /** Oldest first; the last is the one that grows. */
  epochs(): readonly Epoch[]
  /** The place of an epoch's last event; 0 when it has none. */
  lastSeq(epoch: Epoch): number
  /** Up to a page of what follows a place, in order. */
  after(epoch: Epoch, seq: number): readonly Frame[]
  /** The body of a catalogue as it is stored; null: it was lost. */
  catalogue(version: number): string | null
}

export type UploadState =
  | 'up to date'
  | 'catching up'
  /** The cloud cannot be reached, or is not well. */
  | 'away'
  /** The cloud no longer knows our key. */
  | 'refused'
  /** Another history of this branch is held there. */
  | 'forked'

export interface UploadStatus {
  readonly state: UploadState
  /** Events that the cloud has not said to keep. */
  readonly behind: number
}

export interface Uploader {
  /** There is something new. */
  wake(): void
  status(): UploadStatus
  close(): Promise<void>
}

export interface UploaderParts {
  readonly log: Log
  readonly door: CloudDoor
  readonly events: UploadedLog
  /** How the branch is now goes ahead of how it came there. */
  readonly present: PresentSender
  /** The cloud holds less than it did: an older copy of it was put back. */
  readonly onCloudPutBack?: () => void
  readonly random: () => number
  readonly pause: Pause
}

/** Events that come together travel together. */
const GATHER_MS = 500
const AGAIN_MS_MIN = 1_000
/** Whatever was under way when the line came back, the cloud has all within a minute of it. */
const AGAIN_MS_MAX = 40_000
/** A person must act first; then it goes on without being told. */
export const REFUSED_AGAIN_MS = 10 * 60_000
export const EVENTS_PATH = '/api/v1/sync/events'

type Outcome = 'done' | 'more' | 'away' | 'refused' | 'forked' | TurnedAway

/** A wait before another try: longer each time, and never the same for many branches that lost one cloud. */
export function backOffMs(failures: number, random: () => number): number {
  const ceilingMs = Math.min(AGAIN_MS_MAX, AGAIN_MS_MIN * 2 ** Math.min(failures, 10))
  return ceilingMs / 2 + (random() * ceilingMs) / 2
}

class Upload {
  readonly #parts: UploaderParts
  readonly #catalogues: CatalogueCourier
  readonly #underWay: UploadsUnderWay
  /** Of each epoch the place up to which the cloud keeps it; absent: not asked yet. */
  readonly #acked = new Map<Epoch, number>()
  /** Of which no more is brought: what follows was lost here, or the cloud holds it otherwise and has ours aside. */
  readonly #broken = new Set<Epoch>()
  /** Of what the cloud keeps aside: where to go on. */
  readonly #aside = new Map<Epoch, number>()
  state: UploadState = 'catching up'

  constructor(parts: UploaderParts) {
    this.#parts = parts
    this.#catalogues = createCatalogueCourier(parts.door, parts.events.catalogue)
    this.#underWay = createUploadsUnderWay({
      read: parts.events.after,
      post: ({ epoch, sent }) => parts.door.post(this.#isPast(epoch) ? `${EVENTS_PATH}?past=yes` : EVENTS_PATH, sent),
      makeWay: async ({ bodies }) => (await this.#catalogues.bring(bodies)) === null,
      isFollowed: ({ epoch, lastSeq, bodies }) => parts.events.lastSeq(epoch) - lastSeq >= bodies.length,
      pause: parts.pause,
    })
  }

  get behind(): number {
    const { events } = this.#parts
    return events
      .epochs()
      .filter((epoch) => !this.#broken.has(epoch))
      .reduce((sum, epoch) => sum + Math.max(0, events.lastSeq(epoch) - (this.#acked.get(epoch) ?? 0)), 0)
  }

  /** What comes of an epoch that was left is no sign that another box goes on with it. */
  #isPast(epoch: Epoch): boolean {
    return epoch !== this.#parts.events.epochs().at(-1)
  }

  /** Sends one upload of the oldest epoch that is not whole in the cloud. */
  async step(): Promise<Outcome> {
    const { events } = this.#parts
    for (const epoch of events.epochs()) {
      const lastSeq = events.lastSeq(epoch)
      const acked = this.#acked.get(epoch)
      if (this.#broken.has(epoch) || lastSeq === 0 || (acked !== undefined && acked >= lastSeq)) continue
      // How far the cloud is it says itself: nobody keeps a second account that could be wrong.
      const upload = this.#underWay.after(epoch, acked ?? lastSeq - 1)
      if (acked !== undefined && upload.firstSeq !== acked + 1) {
        this.#parts.log.warn(
          { epoch, after: acked },
          'events of an old epoch were lost here; the cloud lacks what follows',
        )
        this.#broken.add(epoch)
        continue
      }
      return this.#send(upload)
    }
    return 'done'
  }

  async #send(upload: ReadyUpload): Promise<Outcome> {
    const { epoch } = upload
    const { door, events } = this.#parts
    let answer: CloudAnswer
    try {
      const kept = await this.#catalogues.bring(upload.bodies)
      if (kept !== null) return kept
      answer = await this.#underWay.send(upload)
      if (answer.body?.['code'] === 'LogForked')
        this.#aside.set(epoch, await bringAside(door, events, epoch, this.#aside.get(epoch) ?? null))
    } catch (error) {
      this.#parts.log.info({ err: error }, 'the cloud cannot be reached; it is tried again')
      return 'away'
    }
    return this.#heed(epoch, answer)
  }

  #heed(epoch: Epoch, { status, body, turnedAway }: CloudAnswer): Outcome {
    const { log } = this.#parts
    const isPast = this.#isPast(epoch)
    if (turnedAway !== null) return turnedAway
    const [code, ackedSeq, expectedSeq] = [body?.['code'], body?.['ackedSeq'], body?.['expectedSeq']]
    if (status === 200 && typeof ackedSeq === 'number') {
      this.#acked.set(epoch, ackedSeq)
      return 'more'
    }
    if (code === 'SequenceGap' && typeof expectedSeq === 'number') {
      const known = this.#acked.get(epoch)
      this.#catalogues.forget()
      // It held more: an older copy of it was put back, which may lack of the other epochs, too.
      if (known !== undefined && expectedSeq <= known) {
        this.#acked.clear()
        this.#parts.onCloudPutBack?.()
      }
      this.#acked.set(epoch, expectedSeq - 1)
      // It says the same again: asked at once for ever, that would be a storm.
      return known === expectedSeq - 1 ? 'away' : 'more'
    }
    if (code === 'LogForked' && isPast) {
      log.warn({ epoch }, 'the cloud holds a part of the past otherwise: ours is kept aside there')
      this.#broken.add(epoch)
      return 'more'
    }
    if (code === 'LogForked') {
      log.error({ epoch }, 'the cloud holds another history of this branch: somebody runs a copy of it')
      return 'forked'
    }
    if (code === 'LogHeld') {
      log.error(
        { epoch },
        'the cloud holds a log of this branch of which this box knows nothing, and keeps ours aside: stop it, empty BRANCH_DATA_DIR and run `npm run branch -- restore --from-cloud` with a new code',
      )
      return 'forked'
    }
    if (status === 401 || status === 403) {
      log.error({ status }, UNKNOWN_BRANCH)
      return 'refused'
    }
    log.warn({ status, code }, 'the cloud is not well; it is tried again')
    return 'away'
  }
}

/** Sends the log to the cloud, for ever, whatever happens to the line. */
export function startUploader(parts: UploaderParts): Uploader {
  const upload = new Upload(parts)
  const closing = new AbortController()
  let isAwaited = true
  let onAwaited = (): void => {}

  /** Until there is something new, the present is due, or the end. */
  async function untilAwaited(): Promise<void> {
    if (isAwaited || closing.signal.aborted) return
    const waking = new AbortController()
    onAwaited = () => waking.abort()
    await parts.pause(parts.present.dueInMs(), waking.signal)
    onAwaited = () => {}
  }

  async function rest(outcome: Outcome, failures: number): Promise<void> {
    if (outcome === 'done') {
      upload.state = 'up to date'
      await untilAwaited()
      await parts.pause(GATHER_MS, closing.signal)
      isAwaited = false
    } else if (outcome === 'refused' || outcome === 'forked') {
      upload.state = outcome
      await parts.pause(REFUSED_AGAIN_MS, closing.signal)
    } else {
      upload.state = 'away'
      parts.present.lose()
      await parts.pause(backOffMs(failures, parts.random), closing.signal)
    }
  }

  /** @returns null: the history may go on */
  async function tellPresent(): Promise<Outcome | null> {
    // Another box is the branch: how this one is would stand in its place.
    if (upload.state === 'forked') return null
    const told = await parts.present.step()
    if (told === null || told === 'told') return null
    if (typeof told === 'string') return told
    await parts.pause(comeAgainMs(told, parts.random), closing.signal)
    return 'more'
  }

  /** A page of the file that cannot be read now is healed, or read the next time: nobody need start the branch again. */
  async function next(): Promise<Outcome> {
    try {
      return (await tellPresent()) ?? (await upload.step())
    } catch (error) {
      parts.log.error({ err: error }, 'what is to be told to the cloud cannot be read; it is tried again')
      return 'away'
    }
  }

  async function run(): Promise<void> {
    let failures = 0
    while (!closing.signal.aborted) {
      let outcome = await next()
      if (typeof outcome === 'object') outcome = (await standInLine(outcome, parts, closing.signal)) ?? 'more'
      failures = outcome === 'away' ? failures + 1 : 0
      if (outcome === 'more') upload.state = 'catching up'
      else await rest(outcome, failures)
    }
  }

  const running = run()
  running.catch((error: unknown) =>
    parts.log.error({ err: error }, 'the upload to the cloud has ended; restart the branch'),
  )
  return {
    wake() {
      isAwaited = true
      onAwaited()
    },
    status() {
      const { state, behind } = upload
      // What it was when it last had nothing to do says nothing of what has come since, and may be long under way.
      return { state: state === 'up to date' && behind > 0 ? 'catching up' : state, behind }
    },
    async close() {
      closing.abort()
      onAwaited()
      await running.catch(() => {})
    },
  }
}
