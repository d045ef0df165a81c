import { once } from 'node:events'
import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

/** Before several clouds: each request goes to the next of them, whoever asks and whatever for. */
export interface TurnTakingDoor {
  readonly port: number
  /** What each was asked for, by method and path. */
  readonly asked: readonly ReadonlySet<string>[]
  close(): Promise<void>
}

export async function openTurnTakingDoor(ports: readonly number[]): Promise<TurnTakingDoor> {
  const asked = ports.map(() => new Set<string>())
  /** By what is asked: who asks for two things in turn would else ask one cloud for each. */
  const turns = new Map<string, number>()

  function pass(from: IncomingMessage, to: ServerResponse): void {
    const [path = ''] = (from.url ?? '').split('?')
    const what = `${from.method} ${path.replaceAll(/[0-9a-f-]{36}/g, ':id')}`
    const turn = ((turns.get(what) ?? -1) + 1) % ports.length
    turns.set(what, turn)
    asked[turn]?.add(what)
    const { method, headers, url } = from
    const behind = request({ host: '127.0.0.1', port: ports[turn], method, headers, path: url }, (answer) => {
      to.writeHead(answer.statusCode ?? 502, answer.headers)
      answer.pipe(to)
    })
    // Whoever hangs up, on either side, does so on the other.
    behind.on('error', () => to.destroy())
    to.on('close', () => behind.destroy())
    from.pipe(behind)
  }

  const server = createServer(pass)
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    port: (server.address() as AddressInfo).port,
    asked,
    async close() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
