import { argon2, randomBytes, timingSafeEqual } from 'node:crypto'
import { promisify } from 'node:util'

/** How a PIN is kept, at a branch and on its way there: never as it was typed. */

const derive = promisify(argon2)

/** OWASP's second choice for argon2id: 19 MiB, two passes. */
const COST = { memory: 19_456, passes: 2, parallelism: 1, tagLength: 32 } as const

const digest = (pin: string, nonce: Buffer): Promise<Buffer> =>
  derive('argon2id', { ...COST, message: Buffer.from(pin), nonce })

/** @param nonce - left out: a new one @returns salt and digest as text */
export async function hashPin(pin: string, nonce: Buffer = randomBytes(16)): Promise<string> {
  return `${nonce.toString('base64url')}.${(await digest(pin, nonce)).toString('base64url')}`
}

export async function isPin(pin: string, stored: string): Promise<boolean> {
  const [nonce = '', expected = ''] = stored.split('.')
  const found = await digest(pin, Buffer.from(nonce, 'base64url'))
  const wanted = Buffer.from(expected, 'base64url')
  return found.length === wanted.length && timingSafeEqual(found, wanted)
}

export async function hashPins<Id>(pins: ReadonlyMap<Id, string>): Promise<ReadonlyMap<Id, string>> {
  return new Map(await Promise.all([...pins].map(async ([id, pin]) => [id, await hashPin(pin)] as const)))
}
