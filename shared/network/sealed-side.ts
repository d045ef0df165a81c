import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto'

/** What lies beside the log about one visit. It travels sealed, under a key of its own that is made for each sending. */
export interface SideData {
  readonly details: {
    readonly name: string | null
    readonly phone: string | null
    readonly consentedAtMs: number
    readonly consentVersion: number
    readonly consentLanguage: string
  } | null
  readonly note: { readonly text: string; readonly atMs: number } | null
}

/** Both in base64url. Whoever has but one of the two has nothing. */
export interface SealedSide {
  readonly key: string
  readonly sealed: string
}

const CIPHER = 'aes-256-gcm'
export const SIDE_KEY_BYTES = 32
const NONCE_BYTES = 12
const TAG_BYTES = 16

/** @param owner - sealed with it, so that what is said of one cannot be laid under another */
export function sealWith(key: Uint8Array, owner: string, data: unknown): Buffer {
  const nonce = randomBytes(NONCE_BYTES)
  const cipher = createCipheriv(CIPHER, key, nonce).setAAD(Buffer.from(owner))
  const body = Buffer.concat([cipher.update(JSON.stringify(data)), cipher.final()])
  return Buffer.concat([nonce, cipher.getAuthTag(), body])
}

/** The same, under a key that is made for it. */
export function seal(owner: string, data: object): SealedSide {
  const key = randomBytes(SIDE_KEY_BYTES)
  return { key: key.toString('base64url'), sealed: sealWith(key, owner, data).toString('base64url') }
}

/** @throws Error when the key, the owner or a single bit is another */
export function unseal(owner: string, key: Uint8Array, sealed: Buffer): unknown {
  const decipher = createDecipheriv(CIPHER, key, sealed.subarray(0, NONCE_BYTES))
    .setAAD(Buffer.from(owner))
    .setAuthTag(sealed.subarray(NONCE_BYTES, NONCE_BYTES + TAG_BYTES))
  const text = Buffer.concat([decipher.update(sealed.subarray(NONCE_BYTES + TAG_BYTES)), decipher.final()])
  return JSON.parse(text.toString())
}

export const sealSide = (ticketId: string, data: SideData): SealedSide => seal(ticketId, data)

/** @throws Error when the key, the ticket or a single bit is another */
export const openSide = (ticketId: string, key: Uint8Array, sealed: Buffer): SideData =>
  unseal(ticketId, key, sealed) as SideData
