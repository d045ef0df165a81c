import { createPrivateKey, createPublicKey, generateKeyPairSync, randomBytes, sign } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { writeWhole } from '#shared/disk/write-whole.ts'
import { challengeText } from '#shared/network/challenge.ts'
import { fingerprintOf, textOfKey } from '#shared/network/fingerprint.ts'
import { enrolmentText, type SignedRequest, signRequest } from '#shared/network/signed-request.ts'
import { openCertificate } from './certificate.ts'
import { createKeyedHash } from './keyed-hash.ts'

/** What makes this branch this branch, and what its installer holds. Files of mode 600 in the data folder. */
export interface BranchKeys {
  /** In base64url: the branch is known by it, not by its address. */
  readonly publicKey: string
  /** The same, short enough for a link, and for six words. */
  readonly fingerprint: string
  readonly installerToken: string
  /** Signs a challenge, so that a device can prove whom it talks to before it sends its token. */
  sign(challenge: string): string
  /** For the cloud: the request is of this branch. */
  signRequest(request: SignedRequest): string
  /** For the cloud: whoever uses this code holds this key. */
  signEnrolment(code: string): string
  /** Keyed hash of a request; tells a repeated request from another one without keeping its text. */
  requestHash(text: string): string
  /** What TLS is spoken with. */
  tls(): Promise<TlsIdentity>
}

/** Both in PEM. */
export interface TlsIdentity {
  readonly key: string
  readonly cert: string
}

function keptOrMade(file: string, make: () => string): string {
  if (existsSync(file)) return readFileSync(file, 'utf8').trim()
  const made = make()
  writeWhole(file, made)
  return made
}

function makeKey(): string {
  const { privateKey } = generateKeyPairSync('ed25519')
  return privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()
}

/**
 * Reads the branch's keys, or makes them at its first boot.
 * @param givenToken - the installer's token from the environment; null uses the one in the data folder
 */
export function openKeys(folder: string, givenToken: string | null): BranchKeys {
  const pem = keptOrMade(join(folder, 'branch-key.pem'), makeKey)
  const key = createPrivateKey(pem)
  const publicKey = textOfKey(createPublicKey(key))
  if (publicKey === null) throw new Error('The branch key is not an Ed25519 key')
  const secret = keptOrMade(join(folder, 'request-secret'), () => randomBytes(32).toString('base64url'))
  const installerToken =
    givenToken ?? keptOrMade(join(folder, 'installer-token'), () => randomBytes(24).toString('base64url'))
  return {
    publicKey,
    fingerprint: fingerprintOf(createPublicKey(key)),
    installerToken,
    sign: (challenge) => sign(null, Buffer.from(challengeText(challenge)), key).toString('base64url'),
    signRequest: (request) => signRequest(key, request),
    signEnrolment: (code) => sign(null, Buffer.from(enrolmentText(code)), key).toString('base64url'),
    requestHash: createKeyedHash(secret),
    tls: async () => ({ key: pem, cert: await openCertificate(join(folder, 'branch-certificate.pem'), key) }),
  }
}
