import { createHash } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { writeWhole } from '#shared/disk/write-whole.ts'
import type { CloudIdentity } from './cloud-door.ts'

/** Which branch of which cloud this box is. */
export const PLACE_NAME = 'cloud.json'

/** What a folder says of the branch's place at a cloud. */
export type KeptPlace =
  | { readonly kind: 'none' }
  /** The file is there and says nothing: torn, or written over. */
  | { readonly kind: 'unreadable' }
  | {
      readonly kind: 'kept'
      readonly identity: CloudIdentity
      /** Of the code by which it was taken; null: taken before this was kept. */
      readonly codeHash: string | null
    }

/** However a person types it. */
const codeHashOf = (code: string): string =>
  createHash('sha256').update(code.toUpperCase().replaceAll(/[\s-]/g, '')).digest('hex')

const isTextOrNone = (value: unknown): value is string | undefined | null => value == null || typeof value === 'string'

function identityIn(file: string): KeptPlace {
  const kept: unknown = JSON.parse(readFileSync(file, 'utf8'))
  if (typeof kept !== 'object' || kept === null) return { kind: 'unreadable' }
  const { cloudUrl, tenantId, branchId, documentKey, codeHash } = kept as Readonly<Record<string, unknown>>
  const isWhole = [cloudUrl, tenantId, branchId].every((value) => typeof value === 'string')
  if (!isWhole || !isTextOrNone(documentKey) || !isTextOrNone(codeHash)) return { kind: 'unreadable' }
  const [url, tenant, branch] = [String(cloudUrl), String(tenantId), String(branchId)]
  return {
    kind: 'kept',
    identity: { cloudUrl: url, tenantId: tenant, branchId: branch, documentKey: documentKey ?? null },
    codeHash: codeHash ?? null,
  }
}

/** A branch needs nothing of its cloud: whatever is wrong with this file keeps it from nothing else. */
export function readPlace(folder: string): KeptPlace {
  const file = join(folder, PLACE_NAME)
  if (!existsSync(file)) return { kind: 'none' }
  try {
    return identityIn(file)
  } catch {
    return { kind: 'unreadable' }
  }
}

export const writePlace = (folder: string, identity: CloudIdentity, code: string): void =>
  writeWhole(join(folder, PLACE_NAME), JSON.stringify({ ...identity, codeHash: codeHashOf(code) }))

/** Whoever sets another code means another place, or the same one anew: it goes before what is kept. */
export const isOtherCode = (place: KeptPlace, code: string): boolean =>
  place.kind !== 'kept' || place.codeHash !== codeHashOf(code)
