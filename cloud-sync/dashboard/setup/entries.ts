import type { Words } from '#shared/domain/catalogue.ts'
import type { Language } from '#shared/domain/ids.ts'
import { readWords } from '../here.tsx'
import type { Entry } from './specs.ts'

type Dictionary = Readonly<Record<string, unknown>>

/** @param path - as `slaSeconds`, or `layout/side` for what lies within another */
export function readField(entry: object, path: string): unknown {
  return path.split('/').reduce<unknown>((value, part) => (value as Dictionary | null | undefined)?.[part], entry)
}

/** What is empty is left out, as the catalogue wants it, and so is what has nothing in it any more. */
export function withField<Of extends object>(entry: Of, path: string, value: unknown): Of {
  const [part = '', ...rest] = path.split('/')
  const { [part]: before, ...others } = entry as Dictionary
  const within = rest.length === 0 ? value : withField((before ?? {}) as object, rest.join('/'), value)
  const isEmpty = within === undefined || (rest.length > 0 && Object.keys(within as object).length === 0)
  return (isEmpty ? others : { ...others, [part]: within }) as Of
}

/** How people call it; '' while it has no name. */
export const nameOfEntry = (entry: Entry, language: Language): string =>
  readWords((entry['name'] ?? entry['text']) as Words, language)
