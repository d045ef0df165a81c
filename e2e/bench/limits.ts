// The limits, each without anything of ours around it: the durable transaction, an echo, a broadcast.
import { randomUUID } from 'node:crypto'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { fileURLToPath } from 'node:url'
import Fastify from 'fastify'
import { v7 as newTicketId } from 'uuid'
import { WebSocketServer } from 'ws'
import { migrate } from '#shared/disk/migrate.ts'
import { openDurable } from '#shared/disk/open.ts'
import { offer } from './helper.ts'

const MIGRATIONS = fileURLToPath(new URL('../../branch-server/store/migrations', import.meta.url))
/** As long as the bodies that the branch itself writes. */
const EVENT_BODY = JSON.stringify({ text: 'e'.repeat(500) })
const TICKET_BODY = JSON.stringify({ text: 't'.repeat(600) })

let oneTicket: (() => void) | null = null

/** The rows of one issued ticket in the branch's own tables: event, ticket, head; made ready, not thought about. */
function openTickets(file: string): () => void {
  const db = openDurable(file)
  migrate(db, MIGRATIONS)
  db.prepare('insert into epoch (epoch) values (?)').run(randomUUID())
  const event = db.prepare('insert into event (epoch_id, seq, body) values (1, ?, ?)')
  const ticket = db.prepare(
    `insert into ticket (ticket_id, business_date, number, service_id, status, issued_at_ms, service_ms, retained, body)
     values (?, '2026-11-23', ?, 'service-1', 'waiting', ?, 0, 1, ?)`,
  )
  const head = db.prepare(
    `insert into head (only, epoch_id, seq, hash, at_ms, steady_ms, rest) values (1, 1, ?, 'hash', ?, ?, '{}')
     on conflict (only) do update set seq = excluded.seq, at_ms = excluded.at_ms, steady_ms = excluded.steady_ms`,
  )
  let seq = 0
  return db.transaction(() => {
    seq += 1
    event.run(seq, EVENT_BODY)
    ticket.run(newTicketId(), `A${seq}`, seq, TICKET_BODY)
    head.run(seq, seq, seq)
  }).immediate
}

/** One-ticket FULL transactions, one after the other. */
function transactions({ file, ms }: { file: string; ms: number }): { latencies: readonly number[] } {
  oneTicket ??= openTickets(file)
  const latencies: number[] = []
  const startedMs = performance.now()
  let nowMs = startedMs
  while (nowMs - startedMs < ms) {
    oneTicket()
    const doneMs = performance.now()
    latencies.push(doneMs - nowMs)
    nowMs = doneMs
  }
  return { latencies }
}

/** A bare Fastify that sends back what it gets. @returns its port */
async function echo(_: null): Promise<number> {
  const app = Fastify()
  app.post('/', (request) => request.body)
  await app.listen({ host: '127.0.0.1', port: 0 })
  return (app.server.address() as AddressInfo).port
}

/** Each POST sends one message as long as a call's event to every socket, then answers. @returns its port */
function broadcast(_: null): Promise<number> {
  const message = Buffer.from(EVENT_BODY)
  const server = createServer((request, response) => {
    request.resume().on('end', () => {
      for (const socket of sockets.clients) socket.send(message, { binary: false })
      response.setHeader('content-length', '2').end('{}')
    })
  })
  const sockets = new WebSocketServer({ server, perMessageDeflate: false })
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => resolve((server.address() as AddressInfo).port))
  })
}

const tasks = { transactions, echo, broadcast }
export type LimitTasks = typeof tasks
offer(tasks)
