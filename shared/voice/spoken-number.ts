import { AND_CLIP, type ClipId, numberClip, type VoiceForm } from './voice-form.ts'

/** Longer numbers are said in pairs, as people say those of telephones. */
const WHOLE_DIGITS_MAX = 3

function pairs(digits: string): readonly string[] {
  const odd = digits.length % 2
  const rest = digits.slice(odd).match(/\d\d/g) ?? []
  const split = rest.flatMap((pair) => (pair.startsWith('0') ? [...pair] : [pair]))
  return odd === 1 ? [digits.slice(0, 1), ...split] : split
}

/** The figures of a number in the groups in which they are said: `042` is `0`, `42`, or each by itself. */
export function groupsOf(digits: string, grouping: VoiceForm['grouping']): readonly string[] {
  if (grouping === 'digits') return [...digits]
  const zeros = /^0*/.exec(digits)?.[0] ?? ''
  const rest = digits.slice(zeros.length)
  if (rest === '') return [...zeros]
  return [...zeros, ...(rest.length <= WHOLE_DIGITS_MAX ? [rest] : pairs(rest))]
}

const digitClips = (number: number): readonly ClipId[] => [...String(number)].map((figure) => `n-${figure}`)

function english(number: number): readonly ClipId[] {
  if (number >= 100) return digitClips(number)
  if (number < 20) return [numberClip(number)]
  const unit = number % 10
  return [numberClip(number - unit), ...(unit === 0 ? [] : [numberClip(unit)])]
}

/** Seventy is sixty and ten, ninety four times twenty and ten; one is joined to a ten by `et`, but for eighty. */
function french(number: number): readonly ClipId[] {
  if (number >= 100) {
    const hundreds = Math.floor(number / 100)
    const rest = number % 100
    return [...(hundreds > 1 ? [numberClip(hundreds)] : []), numberClip(100), ...(rest === 0 ? [] : french(rest))]
  }
  if (number < 20) return [numberClip(number)]
  const step = number >= 60 ? 20 : 10
  const ten = number - (number % step)
  const unit = number - ten
  if (unit === 0) return [numberClip(ten)]
  const isJoined = ten < 80 && (unit === 1 || unit === 11)
  return [numberClip(ten), ...(isJoined ? [AND_CLIP] : []), numberClip(unit)]
}

/** The unit before its ten, each part joined by `و`. */
function arabic(number: number): readonly ClipId[] {
  if (number >= 100) {
    const rest = number % 100
    return [numberClip(number - rest), ...(rest === 0 ? [] : [AND_CLIP, ...arabic(rest)])]
  }
  if (number < 20) return [numberClip(number)]
  const unit = number % 10
  return [...(unit === 0 ? [] : [numberClip(unit), AND_CLIP]), numberClip(number - unit)]
}

const READERS = { digits: digitClips, english, french, arabic } as const

/** A number of at most three figures as clips. @param number - 0 … 999 */
export const numberClips = (number: number, numerals: VoiceForm['numerals']): readonly ClipId[] =>
  READERS[numerals](number)
