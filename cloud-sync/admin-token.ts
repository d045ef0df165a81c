import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { writeWhole } from '#shared/disk/write-whole.ts'
import { ConfigError } from '#shared/program/config-error.ts'

const TOKEN_BYTES = 24
/** Somebody may have written one of her own. */
const TOKEN_LENGTH_MIN = 16

/**
 * The administrator's token, made at the first start; a file for the cloud's own user alone.
 * @throws ConfigError when the file holds none: emptied it would open every door, not close one
 */
export function openAdminToken(folder: string): string {
  const file = join(folder, 'admin-token')
  if (!existsSync(file)) writeWhole(file, randomBytes(TOKEN_BYTES).toString('base64url'))
  const token = readFileSync(file, 'utf8').trim()
  if (token.length < TOKEN_LENGTH_MIN)
    throw new ConfigError(
      `${file} must hold a token of ${TOKEN_LENGTH_MIN} characters or more; remove the file, and the next start makes one.`,
    )
  return token
}

const digest = (text: string): Buffer => createHash('sha256').update(text).digest()

/** The token of a header `Authorization: Bearer …`; '' when there is none. */
export const bearerOf = (header: string | undefined): string => /^Bearer (.+)$/.exec(header ?? '')?.[1] ?? ''

/** In the same time, however much of it is right. Nothing is nobody's token. */
export const isAdminToken = (given: string, adminToken: string): boolean =>
  timingSafeEqual(digest(given), digest(adminToken)) && given !== ''
