import { isSame, type Json, placeOf } from './merge-drafts.ts'

/** One thing that a draft makes other than what was published. */
export interface DraftDifference {
  readonly kind: 'added' | 'removed' | 'changed'
  /** `branch`, or the list in which it stands. */
  readonly list: string
  /** By what it is known in its list; '' of the branch. */
  readonly place: string
  /** As it is, or was. */
  readonly entry: Json
  /** Of what was changed: which fields, and from what to what. */
  readonly fields: readonly { readonly field: string; readonly before: Json; readonly after: Json }[]
}

type Dictionary = Readonly<Record<string, Json>>
const asDictionary = (it: Json): Dictionary => (typeof it === 'object' && it !== null ? (it as Dictionary) : {})
const asList = (it: Json): readonly Json[] => (Array.isArray(it) ? it : [])

function fieldsOf(before: Json, after: Json): DraftDifference['fields'] {
  const [old, now] = [asDictionary(before), asDictionary(after)]
  const fields = new Set([...Object.keys(old), ...Object.keys(now)])
  return [...fields].flatMap((field) =>
    // By its id an entry is known; nobody has chosen it.
    field === 'id' || isSame(old[field], now[field]) ? [] : [{ field, before: old[field], after: now[field] }],
  )
}

function differencesIn(list: string, before: Json, after: Json): readonly DraftDifference[] {
  const byPlace = (entries: Json): ReadonlyMap<string, Json> =>
    new Map(asList(entries).map((entry) => [placeOf(entry) ?? '', entry]))
  const [old, now] = [byPlace(before), byPlace(after)]
  return [
    ...[...now].flatMap(([place, entry]): readonly DraftDifference[] => {
      if (!old.has(place)) return [{ kind: 'added', list, place, entry, fields: [] }]
      const fields = fieldsOf(old.get(place), entry)
      return fields.length === 0 ? [] : [{ kind: 'changed', list, place, entry, fields }]
    }),
    ...[...old].flatMap(([place, entry]): readonly DraftDifference[] =>
      now.has(place) ? [] : [{ kind: 'removed', list, place, entry, fields: [] }],
    ),
  ]
}

/** What a draft changes of what was published, entry by entry. @param before - null: nothing was published */
export function draftDifferences(before: Json, after: Json): readonly DraftDifference[] {
  const [old, now] = [asDictionary(before), asDictionary(after)]
  const { branch: oldBranch, ...oldLists } = old
  const { branch: newBranch, ...newLists } = now
  const ofBranch = fieldsOf(oldBranch, newBranch)
  const lists = new Set([...Object.keys(newLists), ...Object.keys(oldLists)])
  return [
    ...(ofBranch.length === 0
      ? []
      : [{ kind: 'changed', list: 'branch', place: '', entry: newBranch, fields: ofBranch } as const]),
    ...[...lists].flatMap((list) => differencesIn(list, oldLists[list], newLists[list])),
  ]
}
