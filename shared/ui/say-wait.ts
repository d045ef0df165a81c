import type { WaitRange } from '../project/wait-range.ts'
import type { FaceWords } from '../words/create-words.ts'

/** `about 10–20 min`, in the words of the screen. */
export function sayWait(words: Pick<FaceWords, 'say'>, range: WaitRange): string {
  if (range.form === 'under') return words.say('common.waitUnder', { count: range.minutes })
  if (range.form === 'about') return words.say('common.waitAbout', { count: range.minutes })
  return words.say('common.waitBetween', { low: range.lowMinutes, count: range.highMinutes })
}
