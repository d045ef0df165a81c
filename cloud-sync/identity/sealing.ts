import { createCipheriv, createDecipheriv, createHash, createHmac, hkdfSync, randomBytes } from 'node:crypto'

/** What lies in a table and must not be read there. */
export interface Sealing {
  seal(text: string): Buffer
  /** @throws when it was not sealed by this key, or was changed since */
  open(sealed: Buffer): string
}

const [NONCE_BYTES, TAG_BYTES] = [12, 16]

const keyOf = (secret: string, use: string): Buffer =>
  Buffer.from(hkdfSync('sha256', secret, '', `smartqueue ${use}`, 32))

/**
 * AES-256-GCM under a key of its own for each use.
 * @param use - what is sealed; a text of another use cannot be put in its place
 */
export function createSealing(secret: string, use: string): Sealing {
  const key = keyOf(secret, use)
  return {
    seal(text) {
      const nonce = randomBytes(NONCE_BYTES)
      const cipher = createCipheriv('aes-256-gcm', key, nonce)
      return Buffer.concat([nonce, cipher.update(text, 'utf8'), cipher.final(), cipher.getAuthTag()])
    },
    open(sealed) {
      const decipher = createDecipheriv('aes-256-gcm', key, sealed.subarray(0, NONCE_BYTES))
      decipher.setAuthTag(sealed.subarray(-TAG_BYTES))
      return decipher.update(sealed.subarray(NONCE_BYTES, -TAG_BYTES), undefined, 'utf8') + decipher.final('utf8')
    },
  }
}

/** By which something is found whose bearer alone holds it. */
export const lookupHash = (text: string): Buffer => createHash('sha256').update(text).digest()

/** As `lookupHash`, for what could be found by trying. */
export const keyedHash = (secret: string, use: string, text: string): Buffer =>
  createHmac('sha256', keyOf(secret, use)).update(text).digest()
