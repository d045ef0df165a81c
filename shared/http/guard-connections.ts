import type { Server } from 'node:http'
import type { Socket } from 'node:net'

/** Whoever connects and has sent no request by then is let go: between one such time and two. */
const SILENT_MS_MAX = 2_500
/** Connections that have sent no request yet; the oldest give way to new ones. */
export const SILENT_MAX = 1_000
/** Connections that have, and say nothing now; the same. */
const RESTING_MAX = 750

/** The same for a line and for the TLS upon it. */
const nameOf = ({ remoteAddress, remotePort }: Socket): string => `${remoteAddress} ${remotePort}`

/**
 * Keeps those who connect and say nothing from taking the places of those who do: in the open, in the TLS handshake or
 * after it. A line that has become a socket of a feed is no concern of this.
 */
export function guardConnections(server: Server): void {
  /** Each with whether it was here at the last sweep. */
  const silent = new Map<Socket, boolean>()
  const resting = new Set<Socket>()
  const lineByName = new Map<string, Socket>()

  function makeRoom(): void {
    const [oldest] = silent.keys()
    if (silent.size > SILENT_MAX) oldest?.destroy()
    const [rested] = resting
    if (resting.size > RESTING_MAX) rested?.destroy()
  }

  function follow(socket: Socket, isOld: boolean): void {
    silent.set(socket, isOld)
    socket.once('close', () => {
      silent.delete(socket)
      resting.delete(socket)
    })
    makeRoom()
  }

  server.on('connection', (socket) => {
    follow(socket, false)
    const name = nameOf(socket)
    lineByName.set(name, socket)
    socket.once('close', () => lineByName.delete(name))
  })
  // The line of a TLS connection, and then that connection itself, have the time of one.
  server.on('secureConnection', (secured: Socket) => {
    const line = lineByName.get(nameOf(secured))
    const isOld = line !== undefined && silent.get(line) === true
    if (line !== undefined) silent.delete(line)
    follow(secured, isOld)
  })
  server.on('request', ({ socket }, response) => {
    silent.delete(socket)
    resting.delete(socket)
    response.once('close', () => {
      if (socket.destroyed) return
      resting.add(socket)
      makeRoom()
    })
  })
  server.on('upgrade', ({ socket }) => {
    silent.delete(socket)
    resting.delete(socket)
  })
  const sweeping = setInterval(() => {
    for (const [socket, isOld] of silent)
      if (isOld) socket.destroy()
      else silent.set(socket, true)
  }, SILENT_MS_MAX)
  sweeping.unref()
  server.once('close', () => clearInterval(sweeping))
}
