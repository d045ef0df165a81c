/** One address and nothing else: no list, no name beside it, nothing that a mail server would read otherwise. */
const EMAIL = /^[^\s@,;:<>()[\]"\\]+@[^\s@,;:<>()[\]"\\]+\.[^\s@,;:<>()[\]"\\]+$/
export const EMAIL_LENGTH_MAX = 254

export const isEmail = (text: string): boolean => text.length <= EMAIL_LENGTH_MAX && EMAIL.test(text)

/** As it is kept and looked for. */
export const emailOf = (text: string): string => text.trim().toLowerCase()
