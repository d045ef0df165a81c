import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'

/** Of one tenant, or of whoever runs the cloud. */
export type KeyKind = 'tenant' | 'platform'

/**
 * A key as it is shown, once. Everybody who looks after secrets knows by its beginning what it is, and we by its id whose:
 * the id may be shown again, the secret is kept as a hash alone. It has 32 random bytes, so a plain hash gives nothing away.
 */
export interface ApiKeyText {
  readonly kind: KeyKind
  readonly keyId: string
  readonly secret: string
}

const LETTERS = { tenant: 't', platform: 'p' } as const satisfies Record<KeyKind, string>
const [ID_BYTES, SECRET_BYTES] = [6, 32]

export const newKeyText = (kind: KeyKind): ApiKeyText => ({
  kind,
  keyId: `sq${LETTERS[kind]}_${randomBytes(ID_BYTES).toString('hex')}`,
  secret: randomBytes(SECRET_BYTES).toString('base64url'),
})

export const writtenKey = ({ keyId, secret }: ApiKeyText): string => `${keyId}_${secret}`

/** @returns null for what is no key of ours */
export function readKey(token: string): ApiKeyText | null {
  const [, letter, id = '', secret = ''] = /^sq([tp])_([0-9a-f]{12})_([\w-]{43})$/.exec(token) ?? []
  if (letter === undefined) return null
  return { kind: letter === 'p' ? 'platform' : 'tenant', keyId: `sq${letter}_${id}`, secret }
}

export const keyHash = (secret: string): Buffer => createHash('sha256').update(secret).digest()

/** In the same time, however much of it is right. */
export const isSecret = (secret: string, hash: Buffer): boolean => timingSafeEqual(keyHash(secret), hash)
