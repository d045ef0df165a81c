import { createHash, type KeyObject, sign, verify } from 'node:crypto'
import { keyOfText } from './fingerprint.ts'

/** How a branch proves to its cloud that a request is its own, and unchanged on the way. */

/** A request as it is signed. */
export interface SignedRequest {
  readonly method: string
  /** With its query. */
  readonly path: string
  /** By the cloud's clock, as the branch knows it. */
  readonly signedAtMs: number
  /** Of the bytes of the body as they are sent, in hex. */
  readonly contentHash: string
}

export const contentHashOf = (bytes: Uint8Array | string): string => createHash('sha256').update(bytes).digest('hex')

/** A text that nothing else is signed as: a challenge of the local network begins otherwise. */
const textOf = ({ method, path, signedAtMs, contentHash }: SignedRequest): Buffer =>
  Buffer.from(`smartqueue-request\n${method}\n${path}\n${signedAtMs}\n${contentHash}`)

/** @returns the signature, in base64url */
export const signRequest = (key: KeyObject, request: SignedRequest): string =>
  sign(null, textOf(request), key).toString('base64url')

/** @param publicKey - in base64url */
export function isSignedBy(publicKey: string, request: SignedRequest, signature: string): boolean {
  return verify(null, textOf(request), keyOfText(publicKey), Buffer.from(signature, 'base64url'))
}

/** What a branch signs when it enrols: this code is used by the holder of this key. */
export const enrolmentText = (code: string): string => `smartqueue-enrol:${code}`
