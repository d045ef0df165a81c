import { connect } from 'node:net'

/** How an exchange ended: what came back, and whether the branch had to be cut off because it kept the line open. */
export interface Exchange {
  readonly text: string
  readonly wasSilent: boolean
}

/** Longer than the branch may take for anything, so that a loaded machine is not a fault. */
const SILENT_MS = 20_000

/**
 * Sends bytes down a line of their own, says that no more will come, and reads until the server hangs up.
 * @param endMs - how much later it says so: a server that has to ask others first takes it for a farewell
 */
export function exchange(
  port: number,
  bytes: readonly Buffer[],
  how: 'end' | 'abort' = 'end',
  endMs = 0,
): Promise<Exchange> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = []
    let wasSilent = false
    const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true })
    const timer = setTimeout(() => {
      wasSilent = true
      socket.destroy()
    }, SILENT_MS)
    socket.on('connect', () => {
      for (const part of bytes) socket.write(part)
      if (how === 'abort') setImmediate(() => socket.resetAndDestroy())
      else if (endMs === 0) socket.end()
      else setTimeout(() => socket.end(), endMs)
    })
    socket.on('data', (chunk: Buffer) => chunks.push(chunk))
    // A branch that hangs up on garbage while it is still being sent is no fault.
    socket.on('error', () => {})
    socket.on('close', () => {
      clearTimeout(timer)
      resolve({ text: Buffer.concat(chunks).toString('latin1'), wasSilent })
    })
    socket.on('end', () => socket.destroy())
  })
}
