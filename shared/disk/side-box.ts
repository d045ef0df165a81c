import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { SIDE_KEY_BYTES, sealWith, unseal } from '#shared/network/sealed-side.ts'
import { keptOrMade } from './kept-or-made.ts'

/** Beside the database, and in no copy and no backup of it. */
export const SIDE_KEY_NAME = 'side-key'

/** What customers said of themselves and what was written about them, as it lies in a file: sealed. */
export interface SideBox {
  /** @param owner - sealed with it, so that what is said of one cannot be laid under another */
  seal(owner: string, data: unknown): Buffer
  /** null: it was sealed on another machine, whose key is not here. */
  open(owner: string, sealed: Uint8Array): unknown
}

/** Seals under a key of this machine. @param folder - its data folder */
export function openSideBox(folder: string): SideBox {
  const made = (): string => randomBytes(SIDE_KEY_BYTES).toString('base64url')
  const key = Buffer.from(keptOrMade(join(folder, SIDE_KEY_NAME), made), 'base64url')
  return {
    seal: (owner, data) => sealWith(key, owner, data),
    open(owner, sealed) {
      try {
        return unseal(owner, key, Buffer.from(sealed))
      } catch {
        // A backup that was carried to another machine, or a row that lies: for whoever reads, nothing was said.
        return null
      }
    },
  }
}
