import { createCipheriv, createDecipheriv, createHash, createHmac, hkdfSync, randomBytes } from 'node:crypto'

/** What lies in a table and must not be read there. */
export interface Sealing {
  seal(text: string): Buffer
  /** @returns null: it was sealed by none of these keys, or was changed since */
  open(sealed: Buffer): string | null
}

const [NONCE_BYTES, TAG_BYTES] = [12, 16]

const keyOf = (secret: string, use: string): Buffer =>
  Buffer.from(hkdfSync('sha256', secret, '', `smartqueue ${use}`, 32))

function openBy(key: Buffer, sealed: Buffer): string | null {
  if (sealed.length < NONCE_BYTES + TAG_BYTES) return null
  const decipher = createDecipheriv('aes-256-gcm', key, sealed.subarray(0, NONCE_BYTES))
  decipher.setAuthTag(sealed.subarray(-TAG_BYTES))
  const text = decipher.update(sealed.subarray(NONCE_BYTES, -TAG_BYTES), undefined, 'utf8')
  try {
    return text + decipher.final('utf8')
  } catch {
    // The tag is of another key, or of another text.
    return null
  }
}

/**
 * AES-256-GCM under a key of its own for each use.
 * @param secrets - the first seals; each is tried to open
 * @param use - what is sealed; a text of another use cannot be put in its place
 */
export function createSealing(secrets: readonly string[], use: string): Sealing {
  const keys = secrets.map((secret) => keyOf(secret, use))
  const [key] = keys
  if (key === undefined) throw new Error('There is nothing to seal by')
  return {
    seal(text) {
      const nonce = randomBytes(NONCE_BYTES)
      const cipher = createCipheriv('aes-256-gcm', key, nonce)
      return Buffer.concat([nonce, cipher.update(text, 'utf8'), cipher.final(), cipher.getAuthTag()])
    },
    open(sealed) {
      for (const each of keys) {
        const text = openBy(each, sealed)
        if (text !== null) return text
      }
      return null
    },
  }
}

/** By which something is found whose bearer alone holds it. */
export const lookupHash = (text: string): Buffer => createHash('sha256').update(text).digest()

/** As `lookupHash`, for what could be found by trying. */
export const keyedHash = (secret: string, use: string, text: string): Buffer =>
  createHmac('sha256', keyOf(secret, use)).update(text).digest()
