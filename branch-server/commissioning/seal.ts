import { createHash, type KeyObject, sign, verify } from 'node:crypto'
import { fingerprintOf, keyOfText, textOfKey } from '#shared/network/fingerprint.ts'

/** A line behind the document's own end: to every reader of such files it is a comment. */
const LINE = /\n%SmartQueue-Seal 1 ([A-Za-z0-9_-]{43}) ([A-Za-z0-9_-]{86})\n$/
/** The line in letters of one byte each. */
const LINE_BYTES = '\n%SmartQueue-Seal 1 '.length + 43 + ' '.length + 86 + '\n'.length

/** What is signed: begins with a word of its own, so that no answer to a device's challenge can pass for it. */
const sealed = (document: Uint8Array): Buffer =>
  Buffer.from(`smartqueue-report:${createHash('sha256').update(document).digest('base64url')}`)

/** Signs a document with the branch's key. @returns the document, with its seal as the last line */
export function sealDocument(document: Uint8Array, key: KeyObject, publicKey: string): Uint8Array {
  const signature = sign(null, sealed(document), key).toString('base64url')
  return Buffer.concat([document, Buffer.from(`\n%SmartQueue-Seal 1 ${publicKey} ${signature}\n`)])
}

/** @returns the fingerprint of the key that signed every byte before the seal; null when none did */
export function readSeal(file: Uint8Array): string | null {
  const document = file.subarray(0, Math.max(0, file.length - LINE_BYTES))
  const [, publicKey, signature] = LINE.exec(Buffer.from(file.subarray(document.length)).toString('latin1')) ?? []
  if (publicKey === undefined || signature === undefined) return null
  try {
    const key = keyOfText(publicKey)
    // The last letters have bits that stand for nothing: only one spelling is taken.
    const isPlain =
      textOfKey(key) === publicKey && Buffer.from(signature, 'base64url').toString('base64url') === signature
    return isPlain && verify(null, sealed(document), key, Buffer.from(signature, 'base64url'))
      ? fingerprintOf(key)
      : null
  } catch {
    // Letters that are no key of ours.
    return null
  }
}
