import type { Duplex } from 'node:stream'
import { hearPrinter } from './printer-voice.ts'

/** A raw connection to a printer. Every wait ends with the signal it is given; nothing here throws for a fault of the line. */
export interface PrinterLink {
  /** False as soon as the other end hung up, failed, or was closed. */
  isAlive(): boolean
  /** @returns true once the operating system has taken all bytes; that is not yet the printer */
  write(bytes: Uint8Array, deadline: AbortSignal): Promise<boolean>
  /** Calls whenever the printer has said something. */
  onHeard(listener: () => void): void
  /** Forgets what the printer said so far, so that a late answer is not taken for the next one. */
  forget(): void
  /** Waits until `find` sees something in what the printer said; `null` at the deadline or when the line is dead. */
  waitFor<Found>(find: (bytes: readonly number[]) => Found | null, deadline: AbortSignal): Promise<Found | null>
  /**
   * Says goodbye, so that what was sent is still delivered, and waits a little for the other end to do the same.
   * @returns false when the other end broke off instead; one that is still busy printing is given the benefit
   */
  close(deadline: AbortSignal): Promise<boolean>
}

/** Reaches the printer. @returns null when nothing is there before the deadline */
export type OpenLink = (deadline: AbortSignal) => Promise<PrinterLink | null>

/** What a transport brings; `send` is told when the operating system has taken the bytes, or null when it will not. */
export interface Line {
  readonly stream: Duplex
  /** The event that says the line is there; null = it is. */
  readonly openEvent: 'connect' | 'open' | 'spawn' | null
  send(bytes: Uint8Array, taken: (error: Error | null | undefined) => void): void
  /** Lets go at once. */
  drop(): void
}

const INBOX_BYTES_MAX = 4096

/** Waits for a change until `look` has a result or the deadline comes. */
type Wait = <Result>(look: () => Result | null, deadline: AbortSignal) => Promise<Result | null>

/** To be called after the stream's other listeners: it looks at what those have noted. */
function watch(stream: Duplex): { wait: Wait; changed: () => void } {
  const listeners = new Set<() => void>()
  const changed = () => {
    for (const listener of [...listeners]) listener()
  }
  for (const event of ['connect', 'open', 'spawn', 'data', 'end', 'close', 'error'] as const) stream.on(event, changed)
  const wait: Wait = (look, deadline) =>
    new Promise((resolve) => {
      const check = () => {
        const result = look()
        if (result === null && !deadline.aborted) return
        listeners.delete(check)
        deadline.removeEventListener('abort', check)
        resolve(result)
      }
      listeners.add(check)
      deadline.addEventListener('abort', check)
      check()
    })
  return { wait, changed }
}

/** Makes a link of a line that is being opened. */
export async function linkOver(line: Line, deadline: AbortSignal): Promise<PrinterLink | null> {
  const { stream, openEvent } = line
  const inbox: number[] = []
  let state: 'connecting' | 'open' | 'ended' | 'broken' = openEvent === null ? 'open' : 'connecting'
  if (openEvent !== null)
    stream.on(openEvent, () => {
      state = 'open'
    })
  stream.on('data', (chunk: Uint8Array) => {
    inbox.push(...chunk)
    inbox.splice(0, Math.max(0, inbox.length - INBOX_BYTES_MAX))
  })
  for (const event of ['end', 'close'] as const)
    stream.on(event, () => {
      if (state === 'open') state = 'ended'
    })
  // A fault of the line is told by the outcome of what was being done, hence no message is kept.
  stream.on('error', () => {
    state = 'broken'
  })
  const { wait, changed } = watch(stream)
  const settle = () => (state === 'connecting' ? null : state)
  if ((await wait(settle, deadline)) !== 'open') {
    line.drop()
    return null
  }

  const isAlive = () => state === 'open'
  return {
    isAlive,
    async write(bytes, until) {
      if (!isAlive()) return false
      let isTaken = false
      line.send(bytes, (error) => {
        isTaken = error === undefined || error === null
        changed()
      })
      return (await wait(() => (isTaken ? true : isAlive() ? null : false), until)) === true
    },
    onHeard: (listener) => void stream.on('data', listener),
    forget() {
      // The beginning of something that is still arriving stays: its end alone would be read as something else.
      inbox.splice(0, hearPrinter(inbox).completeBytes)
    },
    async waitFor(find, until) {
      const found = await wait(() => find(inbox) ?? (isAlive() ? null : 'dead'), until)
      return found === 'dead' ? null : found
    },
    async close(until) {
      if (isAlive()) stream.end()
      await wait(() => (stream.closed || !isAlive() ? 'over' : null), until)
      line.drop()
      return state !== 'broken'
    },
  }
}
