import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Value } from 'typebox/value'
import { writeWhole } from '#shared/disk/write-whole.ts'
import { isDocumentOf } from '#shared/network/signed-document.ts'
import { BranchKeyDocument, Succession } from '#shared/wire/branch-key.ts'
import type { CloudDoor, CloudIdentity } from './cloud-door.ts'

const FILE = 'branch-key-document.json'
const PATH = '/api/v1/sync/branch-key'

/** Whether it says of this very key, signed by our tenant, that it is our branch's. */
function isOurs(it: Succession, publicKey: string, { tenantId, branchId, documentKey }: CloudIdentity): boolean {
  if (documentKey !== it.documentKey || !isDocumentOf(documentKey, it.document, it.signature)) return false
  const read: unknown = JSON.parse(it.document)
  const isRead = Value.Check(BranchKeyDocument, read)
  return isRead && read.publicKey === publicKey && read.tenantId === tenantId && read.branchId === branchId
}

/** What the cloud said of this box's key, as it is kept; null: nothing that is of this box and this cloud. */
export function keptSuccession(folder: string, publicKey: string, identity: CloudIdentity): Succession | null {
  const file = join(folder, FILE)
  if (!existsSync(file)) return null
  try {
    const kept: unknown = JSON.parse(readFileSync(file, 'utf8'))
    return Value.Check(Succession, kept) && isOurs(kept, publicKey, identity) ? kept : null
  } catch {
    return null
  }
}

/**
 * Has the cloud say, once for each box, that this key is the branch's, so that devices follow it.
 * @returns null: this cloud says nothing of the kind @throws Error when it cannot be reached
 */
export async function askSuccession(
  folder: string,
  publicKey: string,
  identity: CloudIdentity,
  door: CloudDoor,
): Promise<Succession | null> {
  const { documentKey } = identity
  if (documentKey === null) return null
  const { status, body } = await door.post(PATH, { publicKey })
  if (status >= 500 || status === 429) throw new Error(`The cloud answers ${status}`)
  const said = { document: body?.['document'], signature: body?.['signature'], documentKey }
  if (status !== 200 || !Value.Check(Succession, said) || !isOurs(said, publicKey, identity)) return null
  writeWhole(join(folder, FILE), JSON.stringify(said))
  return said
}
