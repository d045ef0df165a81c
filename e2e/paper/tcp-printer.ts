import { createServer, type Server, type Socket } from 'node:net'
import { splitEscPos, type Token } from '../../kiosk/devices/escpos.ts'

/** How the printer behaves; may be changed between jobs, and in the middle of one. */
export interface TcpPrinterBehaviour {
  paper: 'ok' | 'near-end' | 'out'
  cover: 'closed' | 'open'
  /** Accepts everything and never answers. */
  isMute: boolean
  /** Breaks the connection once this many bytes of one connection have come; null = never. */
  dieAfterBytes: number | null
  /** Answers `GS ( H` with a receipt. */
  givesReceipts: boolean
  /** Changes the printer once a job's cut has been seen, as when the roll ends with a ticket; null = nothing. */
  afterCut: Partial<TcpPrinterBehaviour> | null
}

/** A printer on a real socket, for tests. */
export interface TcpPrinter {
  readonly host: string
  readonly port: number
  /** For KIOSK_PRINTER. */
  readonly address: string
  readonly behaviour: TcpPrinterBehaviour
  /** Finished jobs, each up to and with its cut; without a knife, up to the reset and the end of the connection. */
  jobs(): readonly Buffer[]
  /** What came without an end, one entry per connection: jobs that broke off. */
  remainders(): readonly Buffer[]
  connectionCount(): number
  /** Stops listening, as a printer without power; what was printed stays readable. */
  refuse(): Promise<void>
  /** Listens again on the same port. */
  listen(): Promise<void>
  close(): Promise<void>
}

const HOST = '127.0.0.1'
const FIXED_BITS = 0x12
const RESET_HEX = '1b40'

function statusByte(question: number, behaviour: TcpPrinterBehaviour): number {
  const isOut = behaviour.paper === 'out'
  const isOpen = behaviour.cover === 'open'
  switch (question) {
    case 1:
      return FIXED_BITS | (isOut || isOpen ? 0x08 : 0)
    case 2:
      return FIXED_BITS | (isOpen ? 0x04 : 0) | (isOut ? 0x20 : 0)
    case 4:
      return isOut ? 0x72 : behaviour.paper === 'near-end' ? 0x1e : FIXED_BITS
    default:
      return FIXED_BITS
  }
}

interface Tray {
  readonly jobs: Buffer[]
  readonly remainders: Buffer[]
}

/** One connection: questions are answered, everything else is the job. */
function serve(socket: Socket, tray: Tray, behaviour: TcpPrinterBehaviour): void {
  let rest = Buffer.alloc(0)
  let job: Uint8Array[] = []
  let receivedCount = 0
  const answer = (bytes: readonly number[]) => {
    if (!behaviour.isMute) socket.write(Uint8Array.from(bytes))
  }
  const take = (token: Token) => {
    const name = token.type === 'command' ? token.name : ''
    if (name === 'DLE 4') answer([statusByte(token.bytes[2] ?? 0, behaviour)])
    else if (name === 'GS ( H') {
      if (behaviour.givesReceipts) answer([0x37, 0x22, ...token.bytes.subarray(7, 11), 0])
    } else job.push(token.bytes)
    if (name !== 'GS V') return
    tray.jobs.push(Buffer.concat(job))
    job = []
    Object.assign(behaviour, behaviour.afterCut ?? {})
  }
  socket.on('data', (chunk: Buffer) => {
    const room = behaviour.dieAfterBytes === null ? Number.POSITIVE_INFINITY : behaviour.dieAfterBytes - receivedCount
    const taken = chunk.subarray(0, Math.min(chunk.length, room))
    receivedCount += taken.length
    const split = splitEscPos(Buffer.concat([rest, taken]))
    rest = Buffer.from(split.rest)
    for (const token of split.tokens) take(token)
    if (chunk.length >= room) socket.resetAndDestroy()
  })
  socket.on('error', () => socket.destroy())
  socket.on('close', () => {
    const remainder = Buffer.concat([...job, rest])
    const isReset = remainder.toString('hex') === RESET_HEX
    // Every job ends with a reset: after its cut, or instead of it where there is no knife.
    if (!isReset && remainder.toString('hex').endsWith(RESET_HEX)) tray.jobs.push(remainder)
    else if (!isReset && remainder.length > 0) tray.remainders.push(remainder)
  })
}

function listenOn(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, HOST, () => {
      const address = server.address()
      resolve(typeof address === 'object' && address !== null ? address.port : 0)
    })
  })
}

/** Starts an ESC/POS printer on a free port of this machine. */
export async function startTcpPrinter(behaviour: Partial<TcpPrinterBehaviour> = {}): Promise<TcpPrinter> {
  const current: TcpPrinterBehaviour = {
    paper: 'ok',
    cover: 'closed',
    isMute: false,
    dieAfterBytes: null,
    givesReceipts: false,
    afterCut: null,
    ...behaviour,
  }
  const tray: Tray = { jobs: [], remainders: [] }
  const sockets = new Set<Socket>()
  let connectionCount = 0
  const server = createServer((socket) => {
    connectionCount += 1
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
    serve(socket, tray, current)
  })
  const port = await listenOn(server, 0)
  const refuse = () =>
    new Promise<void>((resolve) => {
      for (const socket of sockets) socket.destroy()
      server.close(() => resolve())
    })
  return {
    host: HOST,
    port,
    address: `tcp://${HOST}:${port}`,
    behaviour: current,
    jobs: () => tray.jobs,
    remainders: () => tray.remainders,
    connectionCount: () => connectionCount,
    refuse,
    listen: async () => {
      await listenOn(server, port)
    },
    close: refuse,
  }
}
