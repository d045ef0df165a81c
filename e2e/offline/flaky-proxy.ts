import { once } from 'node:events'
import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http'
import { type AddressInfo, connect, type Socket } from 'node:net'
import { setTimeout as pause } from 'node:timers/promises'

/** An event that was committed is with every follower by then. */
const FEED_MS_MAX = 400

/**
 * What becomes of the next request for a ticket. `lose-reply`: the server has done it, the kiosk hears a broken line; `lose-late`: and its feed before that.
 * `late`: the line breaks at once, and the request arrives when it is released. `hang`: nobody ever answers.
 */
export type Mishap = 'pass' | 'lose-reply' | 'lose-late' | 'late' | 'hang'

/** The network between one device and the branch server, on a real port. */
export interface FlakyProxy {
  readonly url: string
  /** For the next requests to issue, hand over or record, one after the other; then everything passes. */
  plan(...mishaps: readonly Mishap[]): void
  /** Every line breaks, and none is taken. */
  cut(): void
  /** Mends, and cuts again once the feed has brought so many bytes. */
  cutAfter(bytes: number): void
  /** Lines are taken and kept, and nothing goes through them. */
  hang(): void
  mend(): void
  /** What was late arrives now. @returns how many */
  release(): Promise<number>
  /** Bodies of the hand-overs that passed here, as the kiosk sent them. */
  readonly handOvers: readonly string[]
  /** Lines that were asked for. */
  readonly lineCount: () => number
  /** Replies to a request for a ticket, or to a hand-over, that the server gave and no kiosk heard. */
  readonly lostCount: () => number
  /** Called once, as soon as the server has answered a request for a ticket, before the kiosk hears of it. */
  whenAnswered(listener: (() => void) | null): void
  close(): Promise<void>
}

interface Held {
  readonly message: IncomingMessage
  readonly body: Buffer
}

async function bodyOf(message: AsyncIterable<Buffer>): Promise<Buffer> {
  const chunks: Buffer[] = []
  for await (const chunk of message) chunks.push(chunk)
  return Buffer.concat(chunks)
}

function headOf({ method, url, rawHeaders }: IncomingMessage): string {
  const lines = rawHeaders.flatMap((name, index) => (index % 2 === 0 ? [`${name}: ${rawHeaders[index + 1]}`] : []))
  return `${[`${method} ${url} HTTP/1.1`, ...lines].join('\r\n')}\r\n\r\n`
}

export async function startFlakyProxy(branchPort: number): Promise<FlakyProxy> {
  const sockets = new Set<Socket>()
  const held: Held[] = []
  const handOvers: string[] = []
  let planned: Mishap[] = []
  let state: 'open' | 'cut' | 'hanging' = 'open'
  let lineCount = 0
  let leftBytes = Number.POSITIVE_INFINITY
  let lostCount = 0
  let onAnswer: (() => void) | null = null

  /** Asks the server and reads its whole answer. @throws when the server cannot be reached */
  function ask({
    message,
    body,
  }: Held): Promise<{ status: number; headers: IncomingMessage['headers']; text: Buffer }> {
    return new Promise((resolve, reject) => {
      const { method, url, headers } = message
      const asked = request({ host: '127.0.0.1', port: branchPort, method, path: url, headers, agent: false })
      asked.on('error', reject)
      asked.on('response', (answer) =>
        bodyOf(answer).then(
          (text) => resolve({ status: answer.statusCode ?? 502, headers: answer.headers, text }),
          reject,
        ),
      )
      asked.end(body)
    })
  }

  async function pass(message: IncomingMessage, response: ServerResponse): Promise<void> {
    const isOfTickets = message.method === 'POST' && /^\/api\/v1\/tickets(\/adopt|\/record)?$/.test(message.url ?? '')
    const mishap = isOfTickets ? (planned.shift() ?? 'pass') : 'pass'
    try {
      const body = await bodyOf(message)
      if (message.url?.endsWith('/adopt') === true) handOvers.push(String(body))
      if (mishap === 'hang' || state === 'hanging') return
      if (mishap === 'late') {
        held.push({ message, body })
        message.socket.destroy()
        return
      }
      const answer = await ask({ message, body })
      if (isOfTickets) {
        onAnswer?.()
        onAnswer = null
      }
      if (mishap === 'lose-late') await pause(FEED_MS_MAX)
      if (mishap === 'lose-reply' || mishap === 'lose-late') {
        lostCount += 1
        message.socket.destroy()
      } else response.writeHead(answer.status, answer.headers).end(answer.text)
    } catch {
      message.socket.destroy()
    }
  }

  const server = createServer((message, response) => void pass(message, response))
  server.on('connection', (socket) => {
    lineCount += 1
    if (state === 'cut') {
      socket.destroy()
      return
    }
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
    socket.on('error', () => socket.destroy())
  })
  server.on('upgrade', (message, socket: Socket, head: Buffer) => {
    if (state === 'hanging') return
    const onward = connect(branchPort, '127.0.0.1', () =>
      onward.write(Buffer.concat([Buffer.from(headOf(message)), head])),
    )
    const isOpen = (): boolean => state !== 'hanging'
    socket.on('data', (bytes: Buffer) => isOpen() && onward.write(bytes))
    onward.on('data', (bytes: Buffer) => {
      if (!isOpen()) return
      const isLast = bytes.length > leftBytes
      if (isLast) {
        state = 'cut'
        socket.end(bytes.subarray(0, leftBytes))
        leftBytes = Number.POSITIVE_INFINITY
        onward.destroy()
      } else {
        leftBytes -= bytes.length
        socket.write(bytes)
      }
    })
    onward.on('error', () => socket.destroy())
    onward.on('close', () => socket.end())
    // Sockets of an HTTP server stay half open by themselves.
    socket.on('end', () => socket.destroy())
    socket.on('close', () => onward.destroy())
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')

  const breakAll = (): void => {
    for (const socket of sockets) socket.destroy()
  }
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    plan: (...mishaps) => {
      planned = [...mishaps]
    },
    cut() {
      state = 'cut'
      breakAll()
    },
    cutAfter(bytes) {
      leftBytes = bytes
      state = 'open'
    },
    hang() {
      state = 'hanging'
    },
    mend() {
      if (state === 'hanging') breakAll()
      state = 'open'
    },
    async release() {
      const now = held.splice(0)
      for (const each of now) await ask(each).catch(() => undefined)
      return now.length
    },
    handOvers,
    lineCount: () => lineCount,
    lostCount: () => lostCount,
    whenAnswered(listener) {
      onAnswer = listener
    },
    async close() {
      breakAll()
      server.close()
      await once(server, 'close')
    },
  }
}
