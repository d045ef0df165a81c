import type { DeviceId, Epoch, EventSeq } from '#shared/domain/ids.ts'
import type { Log } from './log.ts'
import { type Frame, LOG_PAGE_MAX } from './store/event-log.ts'
import type { Waist } from './waist/execute.ts'

/** Frames kept in memory for readers that are nearly up to date. */
const RECENT_MAX = 1_024
/** Unsent bytes a socket may hold before it is left alone to drain. */
const UNSENT_BYTES_HIGH = 256 * 1024
/** A reader that takes nothing for this long is dropped; it comes back to its bookmark when it can. */
const STALLED_MS_MAX = 15_000
/** Readers at once. */
const READERS_MAX = 500
/** Of one device: what a broken line has left behind must not take everybody's places. */
export const READERS_PER_DEVICE_MAX = 64

/** Devices speak every four seconds: whoever misses three turns is not to be counted on. */
export const UNHEARD_MS_MAX = 13_000

const CLOSE_EPOCH = 4409
const CLOSE_SLOW = 4408
const CLOSE_REMOVED = 4401
const CLOSE_BUSY = 4429

/** The few calls of a socket the feed uses. */
export interface FeedSocket {
  readonly bufferedAmount: number
  send(text: string, sent: (error?: Error) => void): void
  close(code: number, reason: string): void
  terminate(): void
}

export interface Reader {
  readonly deviceId: DeviceId
  readonly name: string
  readonly epoch: Epoch
  /** Last event the reader has. */
  readonly after: number
}

/** One reader: the seq it has been sent up to, and when it last took something. */
interface Following extends Reader {
  readonly socket: FeedSocket
  seq: number
  movedMs: number
  /** When it last said that it is there: a socket says nothing, the cable may have been pulled. */
  heardMs: number
  isPumping: boolean
}

/** Sends every event after each reader's bookmark, in order, no gap and no repeat. */
export interface Feed {
  /** Says hello and follows; closes with 4409 when the bookmark is not of this log. */
  follow(socket: FeedSocket, reader: Reader): void
  leave(socket: FeedSocket): void
  heard(socket: FeedSocket): void
  /** The device follows, and has been heard lately. */
  isInContact(deviceId: DeviceId): boolean
  /** Says something that is no event down the line a device opened last. @returns false when it has none */
  tell(deviceId: DeviceId, text: string): boolean
  /** Cuts a removed device off at once. */
  drop(deviceId: DeviceId): void
  readerCount(): number
  /** Drops readers that have stalled, by name. Called now and then. */
  sweep(): void
  close(): void
}

export function createFeed(waist: Waist, monotonicMs: () => number, log: Log): Feed {
  const readers = new Map<FeedSocket, Following>()
  let recent: Frame[] = []

  /** What follows a seq: from memory when it is recent, else a page of the log. */
  function framesAfter(epoch: Epoch, seq: number): readonly Frame[] {
    const first = recent[0]
    if (first !== undefined && first.epoch === epoch && first.seq <= seq + 1) return recent.slice(seq + 1 - first.seq)
    return waist.branch().store.log.after(epoch, seq)
  }

  /** Live and catching up are one case: send what follows until the socket is full, go on when it has drained. */
  function pump(reader: Following): void {
    if (reader.isPumping) return
    reader.isPumping = true
    try {
      while (reader.socket.bufferedAmount < UNSENT_BYTES_HIGH) {
        const { head } = waist.branch()
        if (reader.epoch !== head.epoch) {
          leaveWith(reader, CLOSE_EPOCH, 'another epoch has begun')
          return
        }
        if (reader.seq >= head.seq) return
        const frames = framesAfter(reader.epoch, reader.seq)
        if (frames.length === 0) throw new Error(`The log lacks event ${reader.seq + 1}`)
        for (const frame of frames.slice(0, LOG_PAGE_MAX)) {
          reader.socket.send(frame.body, () => moved(reader))
          reader.seq = frame.seq
          if (reader.socket.bufferedAmount >= UNSENT_BYTES_HIGH) break
        }
      }
    } catch (error) {
      log.error({ err: error, device: reader.name }, 'the feed could not go on')
      leaveWith(reader, CLOSE_BUSY, 'the log cannot be read')
    } finally {
      reader.isPumping = false
    }
  }

  function moved(reader: Following): void {
    reader.movedMs = monotonicMs()
    if (readers.has(reader.socket) && reader.seq < waist.branch().head.seq) pump(reader)
  }

  function leaveWith(reader: Following, code: number, reason: string): void {
    readers.delete(reader.socket)
    reader.socket.close(code, reason)
  }

  /** Lets a device's oldest socket go when it has too many. */
  function makeRoom(deviceId: DeviceId): void {
    const own = [...readers.values()].filter((reader) => reader.deviceId === deviceId)
    const [oldest] = own
    if (oldest !== undefined && own.length >= READERS_PER_DEVICE_MAX)
      leaveWith(oldest, CLOSE_BUSY, 'the device follows elsewhere')
  }

  function remember(frames: readonly Frame[]): void {
    for (const frame of frames) {
      if (recent.at(-1)?.epoch !== frame.epoch) recent = []
      recent.push(frame)
    }
    if (recent.length > 2 * RECENT_MAX) recent = recent.slice(-RECENT_MAX)
  }

  const stop = waist.onCommit((frames) => {
    if (frames.length === 0) {
      // The file was opened anew and may have lost its tail: each reader shows its bookmark again.
      recent = []
      for (const reader of readers.values()) leaveWith(reader, CLOSE_EPOCH, 'show your bookmark again')
      return
    }
    remember(frames)
    for (const reader of readers.values()) pump(reader)
  })

  return {
    follow(socket, reader) {
      const { head } = waist.branch()
      socket.send(JSON.stringify({ type: 'hello', epoch: head.epoch, seq: head.seq, headHash: head.hash }), () => {})
      if (reader.epoch !== head.epoch || reader.after > head.seq) {
        socket.close(CLOSE_EPOCH, 'the bookmark is not of this log')
        return
      }
      makeRoom(reader.deviceId)
      if (readers.size >= READERS_MAX) {
        socket.close(CLOSE_BUSY, 'too many readers')
        return
      }
      const nowMs = monotonicMs()
      const seq = reader.after as EventSeq
      const following = { ...reader, socket, seq, movedMs: nowMs, heardMs: nowMs, isPumping: false }
      readers.set(socket, following)
      pump(following)
    },
    leave: (socket) => void readers.delete(socket),
    heard(socket) {
      const reader = readers.get(socket)
      if (reader !== undefined) reader.heardMs = monotonicMs()
    },
    isInContact: (deviceId) =>
      [...readers.values()].some((it) => it.deviceId === deviceId && monotonicMs() - it.heardMs <= UNHEARD_MS_MAX),
    tell(deviceId, text) {
      const last = [...readers.values()].findLast((reader) => reader.deviceId === deviceId)
      if (last === undefined || last.socket.bufferedAmount >= UNSENT_BYTES_HIGH) return false
      last.socket.send(text, () => {})
      return true
    },
    drop(deviceId) {
      for (const reader of readers.values())
        if (reader.deviceId === deviceId) leaveWith(reader, CLOSE_REMOVED, 'the device was removed')
    },
    readerCount: () => readers.size,
    sweep() {
      for (const reader of readers.values()) {
        if (reader.socket.bufferedAmount === 0) reader.movedMs = monotonicMs()
        if (monotonicMs() - reader.movedMs <= STALLED_MS_MAX) continue
        log.warn({ device: reader.name, deviceId: reader.deviceId, seq: reader.seq }, 'a slow reader was dropped')
        leaveWith(reader, CLOSE_SLOW, 'too slow')
        reader.socket.terminate()
      }
    },
    close() {
      stop()
      for (const reader of readers.values()) leaveWith(reader, 1001, 'the branch server stops')
    },
  }
}
