import { hashPin as hashSecret, isPin as isSecret } from '#shared/network/pin-hash.ts'

/** What a password must be; long beats colourful (NIST SP 800-63B). */
export const PASSWORD_CHARACTERS_MIN = 12
export const PASSWORD_CHARACTERS_MAX = 128

export type PasswordFault = 'TooShort' | 'TooLong' | 'TooPlain'

/** @returns what is wrong with it, or null */
export function passwordFault(password: string, email: string): PasswordFault | null {
  const length = [...password].length
  if (length < PASSWORD_CHARACTERS_MIN) return 'TooShort'
  if (length > PASSWORD_CHARACTERS_MAX) return 'TooLong'
  const name = email.split('@')[0] ?? ''
  const isOfName = name.length > 3 && password.toLowerCase().includes(name.toLowerCase())
  // One sign repeated, or few: what a guesser tries first.
  return isOfName || new Set(password).size < 5 ? 'TooPlain' : null
}

export const hashPassword = (password: string): Promise<string> => hashSecret(password.normalize('NFKC'))

/** Somebody whose name is unknown is answered as slowly as somebody whose password is wrong. */
const nobody = hashPassword('of nobody, for its time alone')

export const isPassword = async (password: string, stored: string | null): Promise<boolean> =>
  (await isSecret(password.normalize('NFKC'), stored ?? (await nobody))) && stored !== null
