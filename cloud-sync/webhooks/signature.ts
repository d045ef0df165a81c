import { createHmac, randomBytes } from 'node:crypto'

// As Standard Webhooks has it, so that receivers check it with a library of their own: standardwebhooks.com.

const PREFIX = 'whsec_'
const SECRET_BYTES = 32

export const newSecret = (): string => PREFIX + randomBytes(SECRET_BYTES).toString('base64')

export interface Signed {
  /** The same however often it is sent: by it a receiver knows what it has had. */
  readonly id: string
  /** Of this attempt; a receiver refuses what is minutes old. */
  readonly timestampS: number
  readonly body: string
}

/** The headers that prove a message. */
export function signedHeaders(secret: string, { id, timestampS, body }: Signed): Readonly<Record<string, string>> {
  const key = Buffer.from(secret.slice(PREFIX.length), 'base64')
  const signature = createHmac('sha256', key).update(`${id}.${timestampS}.${body}`).digest('base64')
  return { 'webhook-id': id, 'webhook-timestamp': String(timestampS), 'webhook-signature': `v1,${signature}` }
}
