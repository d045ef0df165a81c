import { wordlist } from '@scure/bip39/wordlists/english.js'

const WORD_COUNT = 6
/** The list has 2,048 words. */
const BITS_PER_WORD = 11

/**
 * Six short words that stand for a key on two screens: 66 bits of its fingerprint. They are the same in every
 * language, because the two screens may speak different ones.
 * @param fingerprint - at least nine bytes
 */
export function sixWords(fingerprint: Uint8Array): readonly string[] {
  const bits = [...fingerprint].map((byte) => byte.toString(2).padStart(8, '0')).join('')
  return Array.from({ length: WORD_COUNT }, (_, at) => {
    const word = wordlist[Number.parseInt(bits.slice(at * BITS_PER_WORD, (at + 1) * BITS_PER_WORD), 2)]
    if (word === undefined) throw new Error('The fingerprint is too short')
    return word
  })
}
