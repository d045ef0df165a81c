import { once } from 'node:events'
import { createServer, request } from 'node:http'
import type { AddressInfo } from 'node:net'

/** A line that carries every request to the branch and loses some of the answers. */
export interface LosingProxy extends AsyncDisposable {
  readonly url: string
  readonly lostCount: () => number
}

/** @param isLost - asked once for each answer, with its number from 1 */
export async function losingProxy(to: string, isLost: (answer: number) => boolean): Promise<LosingProxy> {
  let answerCount = 0
  let lostCount = 0
  const server = createServer((incoming, outgoing) => {
    const { method, url, headers } = incoming
    const onward = request(`${to}${url}`, { method, headers }, (answer) => {
      answerCount += 1
      if (isLost(answerCount)) {
        lostCount += 1
        answer.resume().on('end', () => outgoing.destroy())
        return
      }
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers)
      answer.pipe(outgoing)
    })
    incoming.pipe(onward)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    lostCount: () => lostCount,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}
