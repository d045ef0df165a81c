// The load generator: a process of its own, cheap enough to keep a server on the other core busy.

import { setTimeout as pause } from 'node:timers/promises'
import { v7 as newKey } from 'uuid'
import { offer } from './helper.ts'
import { bearer, type Connection, get, openConnection, post, type Response } from './raw-http.ts'

const connectionsByPort = new Map<number, Connection[]>()

async function connectionsTo(port: number, count: number): Promise<readonly Connection[]> {
  const open = (connectionsByPort.get(port) ?? []).filter((connection) => connection.isOpen())
  connectionsByPort.set(port, open)
  while (open.length < count) open.push(await openConnection(port))
  return open.slice(0, count)
}

export interface Pace {
  readonly ms: number
  readonly latencies: readonly number[]
}

function expect(response: Response, status: number): Response {
  if (response.status === status) return response
  throw new Error(`${response.status} instead of ${status}: ${response.body}`)
}

/** Each connection sends its next request as soon as it has its answer, until `count` were sent together. */
async function closedLoop(
  connections: readonly Connection[],
  count: number,
  request: (index: number) => string,
  status: number,
): Promise<Pace> {
  const latencies: number[] = []
  let next = 0
  const startedMs = performance.now()
  const turns = connections.map(async (connection) => {
    while (next < count) {
      const text = request(next)
      next += 1
      const sentMs = performance.now()
      expect(await connection.exchange(text), status)
      latencies.push(performance.now() - sentMs)
    }
  })
  await Promise.all(turns)
  return { ms: performance.now() - startedMs, latencies }
}

interface IssueTask {
  readonly port: number
  readonly token: string
  readonly services: readonly string[]
}

/** A tap at the kiosk: its key is new, as every tap's is. */
const issueRequest = ({ token, services }: IssueTask, index: number): string =>
  post(
    '/api/v1/tickets',
    `${bearer(token)}idempotency-key: ${newKey()}\r\n`,
    `{"serviceId":"${services[index % services.length]}"}`,
  )

async function issue(task: IssueTask & { readonly connections: number; readonly count: number }): Promise<Pace> {
  const connections = await connectionsTo(task.port, task.connections)
  return closedLoop(connections, task.count, (index) => issueRequest(task, index), 201)
}

interface Caller {
  readonly token: string
  readonly counterId: string
}

/** One counter calls and completes until nobody waits. @returns how many it called */
async function serveAll(connection: Connection, { token, counterId }: Caller): Promise<number> {
  const act = (path: string): Promise<Response> =>
    connection.exchange(post(path, `${bearer(token)}idempotency-key: ${newKey()}\r\n`, '{}'))
  for (let count = 0; ; count += 1) {
    const called = await act(`/api/v1/counters/${counterId}/call-next`)
    if (called.status === 409) return count
    const { ticketId } = JSON.parse(expect(called, 200).body) as { ticketId: string }
    expect(await act(`/api/v1/tickets/${ticketId}/complete`), 200)
  }
}

/** Every counter works until all lines are empty. */
async function serve(task: { port: number; callers: readonly Caller[] }): Promise<{ ms: number; count: number }> {
  const connections = await connectionsTo(task.port, task.callers.length)
  const startedMs = performance.now()
  const turns = connections.map((connection, index) => {
    const caller = task.callers[index]
    return caller === undefined ? 0 : serveAll(connection, caller)
  })
  const counts = await Promise.all(turns)
  return { ms: performance.now() - startedMs, count: counts.reduce((sum, count) => sum + count, 0) }
}

/** One counter calls the next and completes it, and somebody else comes: as many wait as before. Only the calls are timed. */
async function calls(task: IssueTask & { readonly caller: Caller; readonly count: number }): Promise<Pace> {
  const [connection] = await connectionsTo(task.port, 1)
  if (connection === undefined) throw new Error('There is no connection')
  const { token, counterId } = task.caller
  const act = (path: string): Promise<Response> =>
    connection.exchange(post(path, `${bearer(token)}idempotency-key: ${newKey()}\r\n`, '{}'))
  const latencies: number[] = []
  const startedMs = performance.now()
  for (let index = 0; index < task.count; index += 1) {
    const sentMs = performance.now()
    const called = expect(await act(`/api/v1/counters/${counterId}/call-next`), 200)
    latencies.push(performance.now() - sentMs)
    const { ticketId } = JSON.parse(called.body) as { ticketId: string }
    expect(await act(`/api/v1/tickets/${ticketId}/complete`), 200)
    expect(await connection.exchange(issueRequest(task, index)), 201)
  }
  return { ms: performance.now() - startedMs, latencies }
}

/** The same client against a server that only answers: what the generator itself can do. */
async function echo(task: { port: number; connections: number; count: number }): Promise<Pace> {
  const text = post('/', '', '{"serviceId":"service-1"}')
  return closedLoop(await connectionsTo(task.port, task.connections), task.count, () => text, 200)
}

/** Taps at an even pace, whether or not the one before was answered: a stall delays every tap that falls into it. */
async function taps(task: IssueTask & { readonly perSecond: number; readonly count: number }): Promise<Pace> {
  const SPARE_CONNECTIONS = 64
  // Fresh ones: the server may close, at any moment, what was silent for long.
  forget(task)
  const free = [...(await connectionsTo(task.port, SPARE_CONNECTIONS))]
  // Whoever connects and says nothing is let go after some seconds; each has spoken once, as those of devices have.
  await Promise.all(free.map((connection) => connection.exchange(get('/api/v1/health'))))
  const latencies: number[] = []
  const under: Promise<void>[] = []
  const startedMs = performance.now()
  for (let index = 0; index < task.count; index += 1) {
    const dueMs = startedMs + (index * 1_000) / task.perSecond
    while (performance.now() < dueMs) await pause(Math.max(0, dueMs - performance.now()))
    const tap = async (): Promise<void> => {
      const connection = free.pop() ?? (await openConnection(task.port))
      expect(await connection.exchange(issueRequest(task, index)), 201)
      latencies.push(performance.now() - dueMs)
      free.push(connection)
    }
    under.push(tap())
  }
  await Promise.all(under)
  return { ms: performance.now() - startedMs, latencies }
}

/** Before a server is stopped, or after it was killed. */
function forget({ port }: { port: number }): void {
  for (const connection of connectionsByPort.get(port) ?? []) connection.close()
  connectionsByPort.delete(port)
}

const tasks = { issue, serve, calls, echo, taps, forget }
export type LoadTasks = typeof tasks
offer(tasks)
