import { placeOf } from '#shared/project/merge-drafts.ts'
import { useHere, useWords } from '../here.tsx'
import { labelOf } from './branch-specs.ts'
import { nameOfEntry } from './entries.ts'
import { type Entry, LIST_SPECS, type ListName } from './specs.ts'

/**
 * A place of a catalogue as people call it: `Service · Retraits · Attente visée`.
 * @returns from names and ids that lead there, and the catalogue they lead through
 */
export function useSayPlace(): (path: readonly string[], body: unknown) => string {
  const { language } = useHere()
  const { say } = useWords()
  return ([list = '', ...within], body) => {
    if (list === 'branch') return [say('dash.branch'), say(labelOf(list, within.join('/')))].join(' · ')
    const [place = '', ...field] = within
    const entries = (body as Readonly<Record<string, readonly Entry[] | undefined>>)[list] ?? []
    const entry = entries.find((it) => placeOf(it) === place)
    return [
      say(LIST_SPECS[list as ListName]?.one ?? 'dash.field.other'),
      entry === undefined ? place : nameOfEntry(entry, language) || place,
      ...(field.length === 0 ? [] : [say(labelOf(list, field.join('/')))]),
    ]
      .filter((it) => it !== '')
      .join(' · ')
  }
}
