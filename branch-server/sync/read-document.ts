import type { TSchema } from 'typebox'
import { Value } from 'typebox/value'
import { isDocumentOf } from '#shared/network/signed-document.ts'
import type { ParsedBy } from '#shared/wire/schema.ts'
import type { CloudIdentity } from './cloud-door.ts'
import type { ShapeRow } from './shape-follower.ts'

/** By what a document is known to be ours. */
export type DocumentOwner = Pick<CloudIdentity, 'tenantId' | 'branchId'> & { readonly documentKey: string }

/** Reads what a row brings. @returns a sentence when it is not what the cloud wrote for this branch */
export function readDocument<Schema extends TSchema>(
  schema: Schema,
  { document, signature }: ShapeRow,
  { documentKey, tenantId, branchId }: DocumentOwner,
): ParsedBy<Schema> | string {
  if (!isDocumentOf(documentKey, document, signature)) return 'it is not signed by our tenant'
  let read: unknown
  try {
    read = JSON.parse(document)
  } catch {
    return 'it is no JSON'
  }
  const of = read as Partial<Record<string, unknown>> | null
  if (of?.['tenantId'] !== tenantId || of['branchId'] !== branchId) return 'it is of another branch'
  if (!Value.Check(schema, read)) return 'this version does not understand it'
  return read as ParsedBy<Schema>
}
