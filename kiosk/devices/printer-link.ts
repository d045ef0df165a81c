import { connect, type Socket } from 'node:net'

/** A raw connection to a printer. Every wait ends with the signal it is given; nothing here throws for a network fault. */
export interface PrinterLink {
  /** False as soon as the other end hung up, failed, or was closed. */
  isAlive(): boolean
  /** @returns true once the operating system has taken all bytes; that is not yet the printer */
  write(bytes: Uint8Array, deadline: AbortSignal): Promise<boolean>
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

const INBOX_BYTES_MAX = 4096

/** Waits for a change until `look` has a result or the deadline comes. */
type Wait = <Result>(look: () => Result | null, deadline: AbortSignal) => Promise<Result | null>

/** To be called after the socket's other listeners: it looks at what those have noted. */
function watch(socket: Socket): { wait: Wait; changed: () => void } {
  const listeners = new Set<() => void>()
  const changed = () => {
    for (const listener of [...listeners]) listener()
  }
  for (const event of ['connect', 'data', 'end', 'close', 'error'] as const) socket.on(event, changed)
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

/**
 * Connects to a printer.
 * @returns `null` when nothing answers there before the deadline
 */
export async function openLink(host: string, port: number, deadline: AbortSignal): Promise<PrinterLink | null> {
  const socket = connect({ host, port, noDelay: true })
  const inbox: number[] = []
  let state: 'connecting' | 'open' | 'ended' | 'broken' = 'connecting'
  socket.on('connect', () => {
    state = 'open'
  })
  socket.on('data', (chunk) => {
    inbox.push(...chunk)
    inbox.splice(0, Math.max(0, inbox.length - INBOX_BYTES_MAX))
  })
  socket.on('end', () => {
    if (state === 'open') state = 'ended'
  })
  // A fault of the line is told by the outcome of what was being done, hence no message is kept.
  socket.on('error', () => {
    state = 'broken'
  })
  const { wait, changed } = watch(socket)
  const settle = () => (state === 'connecting' ? null : state)
  if ((await wait(settle, deadline)) !== 'open') {
    socket.destroy()
    return null
  }

  const isAlive = () => state === 'open'
  return {
    isAlive,
    async write(bytes, until) {
      if (!isAlive()) return false
      let isTaken = false
      socket.write(bytes, (error) => {
        isTaken = error === undefined || error === null
        changed()
      })
      return (await wait(() => (isTaken ? true : isAlive() ? null : false), until)) === true
    },
    forget() {
      inbox.length = 0
    },
    async waitFor(find, until) {
      const found = await wait(() => find(inbox) ?? (isAlive() ? null : 'dead'), until)
      return found === 'dead' ? null : found
    },
    async close(until) {
      socket.end()
      await wait(() => (socket.closed || !isAlive() ? 'over' : null), until)
      socket.destroy()
      return state !== 'broken'
    },
  }
}
