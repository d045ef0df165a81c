// Somebody on the network who says to be the branch, sooner and oftener than the branch: `node rogue.ts FINGERPRINT FOLDER`.
// Has a key of its own and speaks TLS with it; every byte that anybody says to it is written to standard output.
import { createServer } from 'node:tls'
import { openKeys } from '../../branch-server/access/keys.ts'
import { openMulticast, SERVICE_NAME } from '../../shared/network/multicast.ts'
import { ownAddresses } from '../../shared/network/own-addresses.ts'

const PORT = 7070
const SHOUT_MS = 150

const [fingerprint = '', folder = ''] = process.argv.slice(2)
const identity = await openKeys(folder, 'a-token-of-the-rogue').tls()
const server = createServer({ ...identity, minVersion: 'TLSv1.3' }, (socket) => {
  socket.on('data', (bytes) => console.log(`HEARD ${JSON.stringify(bytes.toString('utf8'))}`))
  socket.on('error', () => socket.destroy())
  const body = '{"status":"ok","ticket":"a-ticket"}'
  socket.once('data', () => socket.end(`HTTP/1.1 201 Created\r\ncontent-length: ${body.length}\r\n\r\n${body}`))
})
server.on('connection', () => console.log('VISITED'))
server.listen(PORT, '0.0.0.0', () => console.log('READY'))

// The very name and key that the branch announces, with an address of its own.
const instance = `SmartQueue ${fingerprint.slice(0, 8)}.${SERVICE_NAME}`
for (const address of ownAddresses()) {
  const socket = openMulticast(address, (error) => console.log(String(error)))
  const shout = (): void =>
    socket.respond({
      answers: [{ name: SERVICE_NAME, type: 'PTR', ttl: 120, data: instance }],
      additionals: [
        { name: instance, type: 'SRV', ttl: 120, data: { port: PORT, target: 'smartqueue.local' } },
        { name: instance, type: 'TXT', ttl: 120, data: [`key=${fingerprint}`] },
        { name: 'smartqueue.local', type: 'A', ttl: 120, data: address },
      ],
    })
  socket.on('query', shout)
  setInterval(shout, SHOUT_MS)
}
