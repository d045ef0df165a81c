import { type KeyObject, sign, verify } from 'node:crypto'
import { keyOfText } from './fingerprint.ts'

/** How a branch knows that a document is its tenant's: whoever stands between them can keep it back, and not change it. */

/** A text that nothing else is signed as. */
const textOf = (document: string): Buffer => Buffer.from(`smartqueue-document\n${document}`)

/** @returns the signature, in base64url */
export const signDocument = (key: KeyObject, document: string): string =>
  sign(null, textOf(document), key).toString('base64url')

/** @param publicKey - in base64url */
export const isDocumentOf = (publicKey: string, document: string, signature: string): boolean =>
  verify(null, textOf(document), keyOfText(publicKey), Buffer.from(signature, 'base64url'))
