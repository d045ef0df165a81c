import { connect, type Socket } from 'node:net'

/** A keep-alive connection that sends one request after the other. It parses the least that can be, to leave the machine to the server. */
export interface Connection {
  /** @param request - the whole request as text, ASCII only */
  exchange(request: string): Promise<Response>
  /** false once the server has closed it, as it does after a long silence. */
  isOpen(): boolean
  close(): void
}

export interface Response {
  readonly status: number
  readonly body: string
}

const HEAD_END = '\r\n\r\n'
const LENGTH_HEADER = 'content-length: '

/** null until the whole response is there. */
function parse(text: string): Response | null {
  const headEnd = text.indexOf(HEAD_END)
  if (headEnd < 0) return null
  const lengthAt = text.indexOf(LENGTH_HEADER)
  const length = lengthAt < 0 ? 0 : Number.parseInt(text.slice(lengthAt + LENGTH_HEADER.length, headEnd), 10)
  const bodyAt = headEnd + HEAD_END.length
  if (text.length < bodyAt + length) return null
  return { status: Number(text.slice(9, 12)), body: text.slice(bodyAt, bodyAt + length) }
}

function talk(socket: Socket): Connection {
  let received = ''
  let waiting: { resolve(response: Response): void; reject(error: Error): void } | null = null
  socket.setNoDelay(true)
  socket.on('data', (chunk: Buffer) => {
    received += chunk.toString('latin1')
    const response = parse(received)
    if (response === null) return
    received = ''
    const { resolve } = waiting ?? {}
    waiting = null
    resolve?.(response)
  })
  const end = (error: Error): void => waiting?.reject(error)
  socket.on('error', end)
  socket.on('close', () => end(new Error('the server closed the connection')))
  return {
    exchange: (request) =>
      new Promise((resolve, reject) => {
        if (socket.destroyed) reject(new Error('the server has closed the connection'))
        waiting = { resolve, reject }
        socket.write(request, 'latin1')
      }),
    isOpen: () => !socket.destroyed && socket.writable,
    close: () => void socket.destroy(),
  }
}

/**
 * @param localAddress - the loopback address it comes from
 * @throws when nobody listens on the port
 */
export function openConnection(port: number, localAddress = '127.0.0.1'): Promise<Connection> {
  return new Promise((resolve, reject) => {
    const socket = connect({ port, host: '127.0.0.1', localAddress })
    socket.once('error', reject)
    socket.once('connect', () => {
      socket.off('error', reject)
      resolve(talk(socket))
    })
  })
}

/** A POST as a device sends it: its token, a key for each act, a JSON body. */
export function post(path: string, headers: string, body: string): string {
  return `POST ${path} HTTP/1.1\r\nhost: 127.0.0.1\r\n${headers}content-type: application/json\r\ncontent-length: ${body.length}\r\n\r\n${body}`
}

/** A GET that needs no token. */
export const get = (path: string): string => `GET ${path} HTTP/1.1\r\nhost: 127.0.0.1\r\n\r\n`

export const bearer = (token: string): string => `authorization: Bearer ${token}\r\n`
