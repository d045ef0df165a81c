import { randomBytes } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { writeWhole } from '#shared/disk/write-whole.ts'

const TOKEN_BYTES = 24

/** The administrator's token, made at the first start; a file for the cloud's own user alone. */
export function openAdminToken(folder: string): string {
  const file = join(folder, 'admin-token')
  if (!existsSync(file)) writeWhole(file, randomBytes(TOKEN_BYTES).toString('base64url'))
  return readFileSync(file, 'utf8').trim()
}
