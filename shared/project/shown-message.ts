import { type BranchMessage, MINUTES_PLACE, type Words } from '../domain/catalogue.ts'
import { LANGUAGES } from '../domain/ids.ts'
import { type BranchState, findMessage } from '../domain/state.ts'

/** What stands on every screen now, its minutes filled in. JSON as it is. */
export interface ShownMessageText {
  readonly kind: BranchMessage['kind']
  readonly text: Words
}

/** A manager who said no number promised none. */
const UNTOLD = '…'

/** @returns null when no message is shown, or the catalogue that holds it has not come yet */
export function shownMessage(state: BranchState): ShownMessageText | null {
  if (state.message === null) return null
  const { messageId, minutes } = state.message
  const message = findMessage(state, messageId)
  if (message === undefined) return null
  const told = minutes === null ? UNTOLD : String(minutes)
  const text = LANGUAGES.flatMap((language) => {
    const words = message.text[language]
    return words === undefined ? [] : [[language, words.replaceAll(MINUTES_PLACE, told)] as const]
  })
  return { kind: message.kind, text: Object.fromEntries(text) }
}
