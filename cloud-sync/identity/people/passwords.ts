import { ZxcvbnFactory } from '@zxcvbn-ts/core'
import { adjacencyGraphs, dictionary } from '@zxcvbn-ts/language-common'
import { hashPin as hashSecret, isPin as isSecret } from '#shared/network/pin-hash.ts'

/** What a password must be; long beats colourful (NIST SP 800-63B). */
export const PASSWORD_CHARACTERS_MIN = 12
export const PASSWORD_CHARACTERS_MAX = 128

export type PasswordFault = 'TooShort' | 'TooLong' | 'TooPlain'

/** Of 0 to 4: whoever guesses by lists, patterns and what he knows of her needs 10⁸ tries at least. */
const SCORE_MIN = 3
/** A beginning that is hard to guess is enough, and the work of finding out grows faster than what is looked at. */
const LOOKED_AT_MAX = 32
/** What everybody here tries first, beside what the world does. */
const WORDS_OF_HERE = ['smartqueue', 'smart', 'queue', 'ticket', 'bienvenue', 'administrateur', 'banque', 'agence']

let estimator: ZxcvbnFactory | null = null
/** Its lists are unfolded once, when somebody first chooses a password. */
function guessedAs(password: string, words: readonly string[]): number {
  estimator ??= new ZxcvbnFactory({ dictionary, graphs: adjacencyGraphs })
  return estimator.check(password.slice(0, LOOKED_AT_MAX), [...WORDS_OF_HERE, ...words]).score
}

/** Signs that look otherwise and are meant alike, as those of full width, are the same sign. */
const asHashed = (typed: string): string => typed.normalize('NFKC')

/** @returns what is wrong with it, or null */
export function passwordFault(typed: string, email: string): PasswordFault | null {
  const password = asHashed(typed)
  const length = [...password].length
  if (length < PASSWORD_CHARACTERS_MIN) return 'TooShort'
  if (length > PASSWORD_CHARACTERS_MAX) return 'TooLong'
  const name = email.split('@')[0] ?? ''
  const isOfName = name.length > 3 && password.toLowerCase().includes(name.toLowerCase())
  if (isOfName || new Set(password).size < 5) return 'TooPlain'
  return guessedAs(password, email.toLowerCase().split(/[^\p{L}\p{N}]+/u)) < SCORE_MIN ? 'TooPlain' : null
}

export const hashPassword = (password: string): Promise<string> => hashSecret(asHashed(password))

/** Somebody whose name is unknown is answered as slowly as somebody whose password is wrong. */
const nobody = hashPassword('of nobody, for its time alone')

export const isPassword = async (password: string, stored: string | null): Promise<boolean> =>
  (await isSecret(asHashed(password), stored ?? (await nobody))) && stored !== null
