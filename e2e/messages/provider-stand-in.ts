import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as pause } from 'node:timers/promises'
import { twilioSignature } from '../../cloud-sync/notify/twilio-signature.ts'
import { random } from '../power/clients.ts'

/** A text message that was taken, as the provider would bill it. */
export interface TakenMessage {
  readonly sid: string
  readonly to: string
  readonly body: string
  readonly callbackUrl: string
  readonly atMs: number
  /** What the provider tells of it in the end; null: it never calls back. */
  readonly fate: 'delivered' | 'undelivered' | null
}

export interface StandInOptions {
  readonly seed: number
  readonly accountSid: string
  readonly authToken: string
}

/** Of all requests: taken and then cut off, too many, failed, of which half had taken it. */
const [CUT, TOO_MANY, FAILED] = [0.2, 0.1, 0.1]
/** What was taken is listed so much later, and what is cut off may be taken so much later. */
const LAG_MS_MAX = 400
const CALLBACKS_MAX = 46
/** Many are told of once or a few times, some as often as was seen. */
const callbackCount = (draw: () => number): number => 1 + Math.floor(draw() ** 6 * CALLBACKS_MAX)

/** Twilio's interface, as far as text messages go, on a bad day; every message that it takes counts. */
export async function openProvider({ seed, accountSid, authToken }: StandInOptions) {
  const draw = random(seed)
  const taken: TakenMessage[] = []
  const counts = { requests: 0, cut: 0, tooMany: 0, failed: 0, callbacks: 0, forged: 0, forgedTaken: 0, refusedTrue: 0 }
  const telling = new Set<Promise<unknown>>()

  const post = async ({ callbackUrl, sid }: TakenMessage, status: string, key: string): Promise<number> => {
    const form = { AccountSid: accountSid, MessageSid: sid, MessageStatus: status }
    const answer = await fetch(callbackUrl, {
      method: 'POST',
      headers: { 'x-twilio-signature': twilioSignature(key, callbackUrl, form) },
      body: new URLSearchParams(form),
    })
    return answer.status
  }

  /** All that happened to it, in any order and number, and now and then what somebody else makes up. */
  async function tell(message: TakenMessage, order: readonly number[]): Promise<void> {
    const told = message.fate === null ? [] : ['queued', 'sent', message.fate]
    // However few are told, the last word is among them.
    const words = order.map((at, index) => (index === 0 ? told.at(-1) : told[Math.floor(at * told.length)]))
    const shuffled = words
      .map((word, index) => [order.at(-1 - index) ?? 0, word] as const)
      .toSorted(([a], [b]) => a - b)
    for (const [index, [, word]] of shuffled.entries()) {
      await pause(10 + 200 * (order[index] ?? 0))
      if (word === undefined) continue
      counts.callbacks += 1
      if ((await post(message, word, authToken)) >= 300) counts.refusedTrue += 1
    }
    if ((order[0] ?? 0) > 0.3) return
    counts.forged += 1
    const lie = message.fate === 'delivered' ? 'failed' : 'delivered'
    if ((await post(message, lie, 'somebody else’s token')) < 300) counts.forgedTaken += 1
  }

  function take(form: URLSearchParams): TakenMessage {
    const [to, body, callbackUrl] = ['To', 'Body', 'StatusCallback'].map((name) => form.get(name) ?? '')
    const drawn = draw()
    const fate = drawn < 0.6 ? 'delivered' : drawn < 0.7 ? 'undelivered' : null
    const of = { to: to ?? '', body: body ?? '', callbackUrl: callbackUrl ?? '' }
    const message = { sid: `SM${randomUUID().replaceAll('-', '')}`, ...of, atMs: Date.now(), fate } as const
    taken.push(message)
    const order = Array.from({ length: callbackCount(draw) }, draw)
    const told = tell(message, order)
      .catch(() => {})
      .finally(() => telling.delete(told))
    telling.add(told)
    return message
  }

  const answer = (response: ServerResponse, status: number, body: object, headers = {}): void =>
    void response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body))

  async function receive(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk as Buffer)
    const form = new URLSearchParams(Buffer.concat(chunks).toString())
    counts.requests += 1
    const drawn = draw()
    if (drawn < CUT) {
      counts.cut += 1
      const lateMs = draw() < 0.25 ? draw() * LAG_MS_MAX : 0
      if (lateMs === 0) take(form)
      else setTimeout(() => take(form), lateMs)
      return void response.destroy()
    }
    if (drawn < CUT + TOO_MANY) {
      counts.tooMany += 1
      return answer(response, 429, { code: 20429 })
    }
    if (drawn < CUT + TOO_MANY + FAILED) {
      counts.failed += 1
      if (draw() < 0.5) take(form)
      return answer(response, 500, { code: 20500 })
    }
    return answer(response, 201, { sid: take(form).sid, status: 'queued' })
  }

  function list(url: URL, response: ServerResponse): void {
    const to = url.searchParams.get('To')
    const seen = taken.filter((one) => one.to === to && one.atMs + LAG_MS_MAX < Date.now()).toReversed()
    const messages = seen.map(({ sid, body, atMs }) => ({ sid, body, date_created: new Date(atMs).toUTCString() }))
    answer(response, 200, { messages })
  }

  const expected = `Basic ${Buffer.from(`${accountSid}:${authToken}`).toString('base64')}`
  const http = createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://127.0.0.1')
    if (request.headers.authorization !== expected) return answer(response, 401, { code: 20003 })
    if (request.method === 'GET') return list(url, response)
    return void receive(request, response)
  })
  await once(http.listen(0, '127.0.0.1'), 'listening')
  const { port } = http.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}`,
    taken,
    counts,
    /** Until everybody has been told everything. */
    async told() {
      while (telling.size > 0) await Promise.all(telling)
    },
    async close() {
      http.closeAllConnections()
      await once(http.close(), 'close')
    },
  }
}

export type ProviderStandIn = Awaited<ReturnType<typeof openProvider>>
