import { createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto'
import { textOfKey } from '#shared/network/fingerprint.ts'
import { contentHashOf, type SignedRequest, signRequest } from '#shared/network/signed-request.ts'
import { addBranch, addTenant, enrol, makeEnrolment } from '../store/branches.ts'
import type { Database } from '../store/database.ts'
import type { BranchIdentity } from '../store/inbox.ts'

/** A branch as the cloud knows it: an identity, and a key to sign by. */
export interface SigningBranch extends BranchIdentity {
  readonly slug: string
  signRequest(request: SignedRequest): string
  authorization(method: string, path: string, body?: string): string
}

let count = 0

export async function addSigningBranch(
  database: Database,
  nowMs: () => number,
  of?: SigningBranch,
): Promise<SigningBranch> {
  count += 1
  const slug = of?.slug ?? `signing-${process.pid}-${count}`
  const tenantId = of?.tenantId ?? (await addTenant(database, slug, { fr: 'Banque' }))
  if (tenantId === null) throw new Error('The tenant is there already')
  const branchId = await addBranch(database, tenantId, { fr: 'Agence' }, 'Africa/Dakar')
  const code = (await makeEnrolment(database, { tenantId, branchId }, nowMs()))?.code ?? ''
  const key: KeyObject = generateKeyPairSync('ed25519').privateKey
  const publicKey = textOfKey(createPublicKey(key)) ?? ''
  if ((await enrol(database, { code, publicKey }, nowMs())) === null) throw new Error('The branch is not enrolled')
  return {
    slug,
    tenantId,
    branchId,
    signRequest: (request) => signRequest(key, request),
    authorization(method, path, body = '') {
      const signedAtMs = nowMs()
      const contentHash = contentHashOf(body)
      const signature = signRequest(key, { method, path, signedAtMs, contentHash })
      return `SmartQueue ${[tenantId, branchId, signedAtMs, contentHash, signature].join('.')}`
    },
  }
}
