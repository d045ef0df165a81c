import { createHmac, hash, timingSafeEqual } from 'node:crypto'
import { type PaperCode, paperText } from '../wire/paper-code.ts'

/** Of the 32 bytes of an HMAC so many are printed: nobody guesses 80 bits at a counter, and the code stays small. */
const SIGNATURE_BYTES = 10
const DIGITS = '0123456789abcdefghijklmnopqrstuv'
const PURPOSE = 'smartqueue paper 1'

/** Base 32 without a sign that a keyboard layout or the shift key changes. */
function base32(bytes: Uint8Array): string {
  const bits = [...bytes].map((byte) => byte.toString(2).padStart(8, '0')).join('')
  return (bits.match(/.{5}/g) ?? []).map((five) => DIGITS[Number.parseInt(five, 2)]).join('')
}

/** What both sides hold without asking each other: the kiosk its token, the branch that token's digest. */
export const tokenDigest = (token: string): string => hash('sha256', token)

function signatureOf({ ticketId, slot }: Omit<PaperCode, 'signature'>, digest: string): string {
  const key = createHmac('sha256', digest).update(PURPOSE).digest()
  const signed = createHmac('sha256', key).update(`${ticketId}.${slot}`).digest()
  return base32(signed.subarray(0, SIGNATURE_BYTES))
}

/** The code as it is printed. @param digest - of the kiosk's token */
export const signPaper = (paper: Omit<PaperCode, 'signature'>, digest: string): string =>
  paperText({ ...paper, signature: signatureOf(paper, digest) })

/** @param digest - of the token of the kiosk that has this slot now */
export const isSignedBy = (code: PaperCode, digest: string): boolean =>
  timingSafeEqual(Buffer.from(code.signature), Buffer.from(signatureOf(code, digest)))
