import type { FastifyBaseLogger } from 'fastify'
import type { Database } from '../store/database.ts'
import {
  claimDue,
  type Outcome,
  settleMessage,
  WEBHOOK_CHANNEL,
  type WebhookIdentity,
  waitingOf,
} from '../store/webhook-queue.ts'
import { type Failure, type SendOptions, sendOnce } from '../webhooks/send.ts'
import { signedHeaders } from '../webhooks/signature.ts'

const MINUTE_MS = 60_000
/** How long after each failure it is tried again; after the last it is given up. Fifteen hours in all. */
const AGAIN_MS = [
  5_000,
  30_000,
  2 * MINUTE_MS,
  10 * MINUTE_MS,
  30 * MINUTE_MS,
  60 * MINUTE_MS,
  4 * 60 * MINUTE_MS,
  9 * 60 * MINUTE_MS,
] as const
export const ATTEMPTS_MAX = AGAIN_MS.length + 1
/** Receivers that are sent to at once, and messages to each: who does not answer holds up the others for seconds. */
const RECEIVERS_MAX = 16
const MESSAGES_MAX = 4
/** Longer than one is waited for; then another cloud takes over what this one did not finish. */
const LEASE_MS = MINUTE_MS
/** Receivers for which something waits; of more the next sweep knows again. */
const WAITING_MAX = 10_000
const TICK_MS = 1_000
const SWEEP_MS = MINUTE_MS

/** Sends what the tables say is to be told. */
export interface WebhookSender {
  /** Sends what is due, and looks at the tables each minute for what it was not told of. @returns stops it */
  start(): () => void
  /** Looks through all tenants for what waits. */
  sweep(): Promise<void>
  /** Sends what is due now; settles when nothing is. */
  sendDue(): Promise<void>
  close(): Promise<void>
}

export interface SenderParts extends SendOptions {
  readonly database: Database
  readonly log: FastifyBaseLogger
  readonly nowMs: () => number
}

const isTaken = (failure: Failure): failure is null => failure === null

function outcomeOf(failure: Failure, attemptCount: number, nowMs: number): Outcome {
  if (isTaken(failure)) return { kind: 'delivered' }
  const afterMs = AGAIN_MS[attemptCount - 1]
  return afterMs === undefined ? { kind: 'given-up', failure } : { kind: 'again', failure, atMs: nowMs + afterMs }
}

export function createWebhookSender({ database, log, nowMs, ...reach }: SenderParts): WebhookSender {
  /** When something is to be sent to each next. */
  const dueAtMs = new Map<string, number>()
  const atWork = new Map<string, Promise<void>>()
  const sealing = database.sealing('webhook')
  let isClosed = false

  function note(key: string, atMs: number): void {
    if (dueAtMs.size >= WAITING_MAX && !dueAtMs.has(key)) return
    dueAtMs.set(key, Math.min(atMs, dueAtMs.get(key) ?? Number.POSITIVE_INFINITY))
  }

  async function sendSigned(url: string, secret: string | null, message: Parameters<typeof signedHeaders>[1]) {
    // Its administrator reads that among what was not taken.
    if (secret === null) return 'its secret cannot be read here any more: remove the webhook and set it anew'
    const headers = {
      ...signedHeaders(secret, message),
      ...{ 'content-type': 'application/json', 'user-agent': 'SmartQueue' },
    }
    return sendOnce({ url, headers, body: message.body }, reach)
  }

  /** One round for one receiver. Nobody is asked for more before it has answered. */
  async function send(key: string): Promise<void> {
    const [tenantId = '', webhookId = ''] = key.split(' ')
    const of: WebhookIdentity = { tenantId, webhookId }
    const batch = await claimDue(database, of, { nowMs: nowMs(), leaseMs: LEASE_MS, countMax: MESSAGES_MAX })
    if (batch === null || batch.messages.length === 0) return
    const secret = sealing.open(batch.secretSealed)
    await Promise.all(
      batch.messages.map(async ({ messageId: id, body, attemptCount }) => {
        const failure = await sendSigned(batch.url, secret, { id, timestampS: Math.floor(nowMs() / 1_000), body })
        const outcome = outcomeOf(failure, attemptCount, nowMs())
        await settleMessage(database, of, id, outcome, nowMs())
        if (outcome.kind === 'again') note(key, outcome.atMs)
        else note(key, nowMs())
        if (outcome.kind === 'given-up') log.warn({ ...of, failure }, 'a message to a webhook was given up')
      }),
    )
  }

  function begin(key: string): void {
    dueAtMs.delete(key)
    const working = send(key)
      .catch((error: unknown) => {
        log.error({ err: error }, 'a webhook could not be sent to; it is tried again')
        note(key, nowMs() + SWEEP_MS)
      })
      .finally(() => atWork.delete(key))
    atWork.set(key, working)
  }

  function tick(): void {
    for (const [key, atMs] of dueAtMs) {
      if (isClosed || atWork.size >= RECEIVERS_MAX) return
      if (atMs <= nowMs() && !atWork.has(key)) begin(key)
    }
  }

  async function sweep(): Promise<void> {
    const tenants = await database.asNobody((db) =>
      db.query<{ tenant_id: string }>('select tenant_id from tenant_directory'),
    )
    for (const { tenant_id: tenantId } of tenants) {
      if (isClosed) return
      for (const { webhookId, atMs } of await waitingOf(database, tenantId, nowMs()))
        note(`${tenantId} ${webhookId}`, atMs)
    }
  }
  const sweepOrTell = (): Promise<void> =>
    sweep().catch((error: unknown) => log.error({ err: error }, 'what waits for webhooks could not be looked through'))

  return {
    sweep,
    start() {
      const notices = database.listen(WEBHOOK_CHANNEL, {
        heard: (key) => note(key, nowMs()),
        listening: () => void sweepOrTell(),
      })
      const timers = [setInterval(tick, TICK_MS), setInterval(() => void sweepOrTell(), SWEEP_MS)]
      return () => {
        for (const timer of timers) clearInterval(timer)
        void notices.close()
      }
    },
    async sendDue() {
      for (;;) {
        tick()
        if (atWork.size === 0) return
        await Promise.race(atWork.values())
      }
    },
    async close() {
      isClosed = true
      await Promise.all(atWork.values())
    },
  }
}
