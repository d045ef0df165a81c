import makeMulticast, { type MulticastDNS } from 'multicast-dns'

/** What branches announce themselves as. */
export const SERVICE_NAME = '_smartqueue._tcp.local'

/**
 * A multicast socket that speaks on one address's network. One for all would need a default route, which a branch
 * without internet does not have, and would speak on one network of a machine that is on two.
 * @param onFault - the network took the address away, or another program keeps the port to itself; told once, because
 *   anybody on the network can send what cannot be read
 */
export function openMulticast(address: string, onFault: (error: Error) => void): MulticastDNS {
  // Bound to the address it would hear no group at all.
  const socket = makeMulticast({ interface: address, bind: '0.0.0.0' })
  let isTold = false
  const tell = (error: Error): void => {
    if (!isTold) onFault(error)
    isTold = true
  }
  socket.on('error', tell)
  socket.on('warning', tell)
  return socket
}
