import { createHash, createPublicKey, type KeyObject } from 'node:crypto'

/** What a branch is known by on paper, in a link and on the network: SHA-256 of its public key's SPKI, in base64url. */
export const fingerprintOf = (key: KeyObject): string =>
  createHash('sha256')
    .update(key.export({ type: 'spki', format: 'der' }))
    .digest('base64url')

/** @throws TypeError when the text is no Ed25519 key in base64url */
export const keyOfText = (text: string): KeyObject =>
  createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x: text }, format: 'jwk' })

/** The key as the branch tells it, and as devices keep it; null when it is of another kind than a branch has. */
export const textOfKey = (key: KeyObject): string | null =>
  key.asymmetricKeyType === 'ed25519' ? (key.export({ format: 'jwk' }).x ?? null) : null
