import makeMulticast, { type MulticastDNS } from 'multicast-dns'

/** What branches announce themselves as. */
export const SERVICE_NAME = '_smartqueue._tcp.local'

/**
 * A multicast socket that speaks on one address's network. One for all would need a default route, which a branch
 * without internet does not have, and would speak on one network of a machine that is on two.
 * @param onEnd - the network took the address away, or another program keeps the port to itself: this socket hears no
 *   more. Not told of what anybody on the network may send and nobody can read.
 */
export function openMulticast(address: string, onEnd: (error: Error) => void): MulticastDNS {
  // Bound to the address it would hear no group at all.
  const socket = makeMulticast({ interface: address, bind: '0.0.0.0' })
  let isOver = false
  const end = (error: Error): void => {
    if (isOver) return
    isOver = true
    onEnd(error)
  }
  socket.on('error', end)
  socket.on('warning', (error: Error) => {
    if (isOfSystem(error)) end(error)
  })
  return socket
}

/** What the operating system says of the socket, and not the reader of a packet of its bytes. */
const isOfSystem = (error: Error): boolean => 'syscall' in error
