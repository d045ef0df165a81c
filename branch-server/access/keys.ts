import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto'
import { existsSync, readFileSync, renameSync } from 'node:fs'
import { join } from 'node:path'
import { keptOrMade } from '#shared/disk/kept-or-made.ts'
import { syncFolder, writeWhole } from '#shared/disk/write-whole.ts'
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
  /** By what the cloud knows it: the same key, unless the box took the place of a copy of itself. In base64url. */
  readonly cloudKey: string
  /** For the cloud: the request is of this branch. */
  signRequest(request: SignedRequest): string
  /** For the cloud: whoever uses this code holds this key. */
  signEnrolment(code: string): string
  /** Keyed hash of a request; tells a repeated request from another one without keeping its text. */
  requestHash(text: string): string
  /** What PINs are keyed with, beside their salt; in no database and no backup. */
  readonly pinPepper: string
  /** What TLS is spoken with. */
  tls(): Promise<TlsIdentity>
}

/** Both in PEM. */
export interface TlsIdentity {
  readonly key: string
  readonly cert: string
}

function makeKey(): string {
  const { privateKey } = generateKeyPairSync('ed25519')
  return privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()
}

export const PIN_PEPPER_NAME = 'pin-pepper'

/** What a box signs by for the cloud once a copy of it has its key, too. */
const CLOUD_KEY_NAME = 'cloud-key.pem'
/** Made, and not yet known to the cloud. */
const NEXT_CLOUD_KEY_NAME = 'cloud-key-next.pem'

/** Makes a key for the cloud alone: the one by which devices know the branch stays. @returns takes it into use */
export function makeCloudKey(folder: string): {
  readonly keys: Pick<BranchKeys, 'cloudKey' | 'signEnrolment'>
  use(): void
} {
  const next = join(folder, NEXT_CLOUD_KEY_NAME)
  writeWhole(next, makeKey())
  return {
    keys: cloudSide(createPrivateKey(readFileSync(next))),
    use() {
      renameSync(next, join(folder, CLOUD_KEY_NAME))
      syncFolder(folder)
    },
  }
}

function cloudSide(key: KeyObject): Pick<BranchKeys, 'cloudKey' | 'signRequest' | 'signEnrolment'> {
  const cloudKey = textOfKey(createPublicKey(key))
  if (cloudKey === null) throw new Error('The key for the cloud is not an Ed25519 key')
  return {
    cloudKey,
    signRequest: (request) => signRequest(key, request),
    signEnrolment: (code) => sign(null, Buffer.from(enrolmentText(code)), key).toString('base64url'),
  }
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
  const cloudKeyFile = join(folder, CLOUD_KEY_NAME)
  const secret = keptOrMade(join(folder, 'request-secret'), () => randomBytes(32).toString('base64url'))
  const installerToken =
    givenToken ?? keptOrMade(join(folder, 'installer-token'), () => randomBytes(24).toString('base64url'))
  return {
    publicKey,
    fingerprint: fingerprintOf(createPublicKey(key)),
    installerToken,
    sign: (challenge) => sign(null, Buffer.from(challengeText(challenge)), key).toString('base64url'),
    ...cloudSide(existsSync(cloudKeyFile) ? createPrivateKey(readFileSync(cloudKeyFile)) : key),
    requestHash: createKeyedHash(secret),
    pinPepper: keptOrMade(join(folder, PIN_PEPPER_NAME), () => randomBytes(32).toString('base64url')),
    tls: async () => ({ key: pem, cert: await openCertificate(join(folder, 'branch-certificate.pem'), key) }),
  }
}
