import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'

/** The line between a branch and its cloud, on a real port. */
export interface CutLine {
  readonly url: string
  /** From now on each connection breaks after so many bytes, to either side; null: none does. */
  breakAfter(bytes: (() => number) | null): void
  /** Every connection breaks, and none is taken. */
  cut(): void
  mend(): void
  readonly breakCount: () => number
  close(): Promise<void>
}

export async function openCutLine(toPort: number): Promise<CutLine> {
  const sockets = new Set<Socket>()
  let bytesMax: (() => number) | null = null
  let isCut = false
  let breakCount = 0

  const server = createServer((near) => {
    const far = connect(toPort, '127.0.0.1')
    const both = [near, far]
    let left = bytesMax?.() ?? Number.POSITIVE_INFINITY
    const end = (): void => {
      for (const socket of both) socket.destroy()
    }
    if (isCut) end()
    for (const [from, to] of [both, both.toReversed()] as [Socket, Socket][]) {
      sockets.add(from)
      from.on('close', () => {
        sockets.delete(from)
        to.destroy()
      })
      from.on('error', end)
      from.on('data', (chunk: Buffer) => {
        const passed = chunk.subarray(0, left)
        left -= passed.length
        to.write(passed)
        if (left > 0) return
        breakCount += 1
        end()
      })
    }
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const endAll = (): void => {
    for (const socket of sockets) socket.destroy()
  }
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    breakAfter(bytes) {
      bytesMax = bytes
    },
    cut() {
      isCut = true
      endAll()
    },
    mend() {
      isCut = false
    },
    breakCount: () => breakCount,
    async close() {
      server.close()
      endAll()
      await once(server, 'close')
    },
  }
}
