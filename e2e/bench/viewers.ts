// A lobby of displays in one process, and the one who makes them change.
import { once } from 'node:events'
import { v7 as newKey } from 'uuid'
import { WebSocket } from 'ws'
import { offer } from './helper.ts'
import { bearer, type Connection, openConnection, post } from './raw-http.ts'

/** Sockets that are counted together: `all` resolves when each has got one more message. */
interface Lobby {
  readonly sockets: readonly WebSocket[]
  all(messages: number): Promise<void>
}

const lobbies = new Map<number, { lobby: Lobby; connection: Connection }>()

/** @param greetings - messages that each socket gets before anything happens */
async function openLobby(addresses: readonly string[], greetings: number): Promise<Lobby> {
  let missing = greetings * addresses.length
  let done: (() => void) | null = null
  const sockets = addresses.map((address) => new WebSocket(address, { perMessageDeflate: false }))
  for (const socket of sockets)
    socket.on('message', () => {
      missing -= 1
      if (missing === 0) done?.()
    })
  await Promise.all(sockets.map((socket) => once(socket, 'open')))
  if (missing > 0) await new Promise<void>((resolve) => (done = resolve))
  return {
    sockets,
    all(messages) {
      missing = messages * sockets.length
      return new Promise((resolve) => (done = resolve))
    },
  }
}

/** Opens displays at the bare broadcast. */
async function watchBare({ port, count }: { port: number; count: number }): Promise<void> {
  const lobby = await openLobby(
    Array.from({ length: count }, () => `ws://127.0.0.1:${port}`),
    0,
  )
  lobbies.set(port, { lobby, connection: await openConnection(port) })
}

/** Opens displays at the branch, each with a feed ticket of its own, and waits until each was greeted. */
async function watchBranch({ port, tokens }: { port: number; tokens: readonly string[] }): Promise<void> {
  const connection = await openConnection(port)
  const addresses: string[] = []
  for (const token of tokens) {
    const { status, body } = await connection.exchange(post('/api/v1/feed-tickets', bearer(token), '{}'))
    if (status !== 201) throw new Error(`No feed ticket: ${status} ${body}`)
    addresses.push(`ws://127.0.0.1:${port}/api/v1/feed?ticket=${(JSON.parse(body) as { ticket: string }).ticket}`)
  }
  const HELLO = 1
  const lobby = await openLobby(addresses, HELLO)
  lobbies.set(port, { lobby, connection })
}

function lobbyAt(port: number): { lobby: Lobby; connection: Connection } {
  const found = lobbies.get(port)
  if (found === undefined) throw new Error(`Nobody watches port ${port}`)
  return found
}

/** From sending the request to the last display having its message. */
async function bare({ port, count }: { port: number; count: number }): Promise<readonly number[]> {
  const { lobby, connection } = lobbyAt(port)
  const latencies: number[] = []
  for (let index = 0; index < count; index += 1) {
    const everyone = lobby.all(1)
    const startedMs = performance.now()
    const answered = connection.exchange(post('/', '', '{}'))
    await everyone
    latencies.push(performance.now() - startedMs)
    await answered
  }
  return latencies
}

interface CallTask {
  readonly port: number
  readonly kioskToken: string
  readonly callerToken: string
  readonly counterId: string
  readonly serviceId: string
  readonly count: number
}

/** The same for a call; the issue before it and the completion after it go to every display, too, but are not timed. */
async function calls(task: CallTask): Promise<readonly number[]> {
  const { lobby, connection } = lobbyAt(task.port)
  const latencies: number[] = []
  const act = async (path: string, token: string, body: string, status: number): Promise<string> => {
    const everyone = lobby.all(1)
    const startedMs = performance.now()
    const answered = connection.exchange(post(path, `${bearer(token)}idempotency-key: ${newKey()}\r\n`, body))
    await everyone
    if (path.endsWith('/call-next')) latencies.push(performance.now() - startedMs)
    const answer = await answered
    if (answer.status !== status) throw new Error(`${path}: ${answer.status} ${answer.body}`)
    return answer.body
  }
  for (let index = 0; index < task.count; index += 1) {
    await act('/api/v1/tickets', task.kioskToken, `{"serviceId":"${task.serviceId}"}`, 201)
    const called = await act(`/api/v1/counters/${task.counterId}/call-next`, task.callerToken, '{}', 200)
    const { ticketId } = JSON.parse(called) as { ticketId: string }
    await act(`/api/v1/tickets/${ticketId}/complete`, task.callerToken, '{}', 200)
  }
  return latencies
}

function leave({ port }: { port: number }): void {
  const found = lobbies.get(port)
  lobbies.delete(port)
  for (const socket of found?.lobby.sockets ?? []) socket.terminate()
  found?.connection.close()
}

const tasks = { watchBare, watchBranch, bare, calls, leave }
export type ViewerTasks = typeof tasks
offer(tasks)
