/** JSON as a draft is made of. */
export type Json = unknown

/** Where both have changed the same, each to something else. */
export interface Conflict {
  /** Names and ids that lead there from the root. */
  readonly path: readonly string[]
  readonly base: Json
  readonly mine: Json
  readonly theirs: Json
}

export interface Merged {
  /** Mine, where both have changed the same. */
  readonly value: Json
  readonly conflicts: readonly Conflict[]
}

type Dictionary = Readonly<Record<string, Json>>

export const isSame = (a: Json, b: Json): boolean => {
  if (a === b) return true
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false
  if (Array.isArray(a) !== Array.isArray(b)) return false
  const [left, right] = [a as Dictionary, b as Dictionary]
  const keys = new Set([...Object.keys(left), ...Object.keys(right)])
  return [...keys].every((key) => isSame(left[key], right[key]))
}

const isDictionary = (it: Json): it is Dictionary => typeof it === 'object' && it !== null && !Array.isArray(it)

/** By what an entry of a list is known: a holiday by its date, a display by its name. */
export function placeOf(entry: Json): string | null {
  if (!isDictionary(entry)) return null
  const place = entry['id'] ?? entry['date'] ?? entry['name']
  return typeof place === 'string' ? place : null
}

/** @returns null: not a list whose entries are known by something, each by something else */
function entriesOf(list: Json): ReadonlyMap<string, Json> | null {
  if (list === undefined) return new Map()
  if (!Array.isArray(list)) return null
  const places = list.map(placeOf)
  if (places.includes(null) || new Set(places).size < places.length) return null
  return new Map(list.map((entry: Json, at) => [places[at] ?? '', entry]))
}

function mergeDictionaries(base: Dictionary, mine: Dictionary, theirs: Dictionary, path: readonly string[]): Merged {
  const keys = new Set([...Object.keys(theirs), ...Object.keys(mine)])
  const parts = [...keys].map((key) => [key, mergeDrafts(base[key], mine[key], theirs[key], [...path, key])] as const)
  return {
    value: Object.fromEntries(parts.flatMap(([key, { value }]) => (value === undefined ? [] : [[key, value]]))),
    conflicts: parts.flatMap(([, { conflicts }]) => conflicts),
  }
}

/** In my order, with what they have added after it. */
function mergeLists(base: Json, mine: Json, theirs: Json, path: readonly string[]): Merged | null {
  const [before, own, other] = [entriesOf(base), entriesOf(mine), entriesOf(theirs)]
  if (before === null || own === null || other === null) return null
  const keys = new Set([...own.keys(), ...other.keys()])
  const parts = [...keys].map((key) => mergeDrafts(before.get(key), own.get(key), other.get(key), [...path, key]))
  return {
    value: parts.flatMap(({ value }) => (value === undefined ? [] : [value])),
    conflicts: parts.flatMap(({ conflicts }) => conflicts),
  }
}

/**
 * Brings together what two people have made of one draft, field by field. Entries of lists are told from each other by what
 * they are known by, so that two services added at once are two services.
 * @param base - as both of them saw it
 */
export function mergeDrafts(base: Json, mine: Json, theirs: Json, path: readonly string[] = []): Merged {
  if (isSame(mine, base) || isSame(mine, theirs)) return { value: theirs, conflicts: [] }
  if (isSame(theirs, base)) return { value: mine, conflicts: [] }
  if (isDictionary(mine) && isDictionary(theirs))
    return mergeDictionaries(isDictionary(base) ? base : {}, mine, theirs, path)
  const lists = Array.isArray(mine) && Array.isArray(theirs) ? mergeLists(base, mine, theirs, path) : null
  return lists ?? { value: mine, conflicts: [{ path, base, mine, theirs }] }
}

/** Puts theirs at the place of a conflict; `undefined` takes away what stood there. */
export function putAt(value: Json, path: readonly string[], put: Json): Json {
  const [step, ...rest] = path
  if (step === undefined) return put
  if (Array.isArray(value)) {
    const at = value.findIndex((entry: Json) => placeOf(entry) === step)
    const entry = putAt(at === -1 ? undefined : value[at], rest, put)
    const [before, after] = at === -1 ? [value, []] : [value.slice(0, at), value.slice(at + 1)]
    return [...before, ...(entry === undefined ? [] : [entry]), ...after]
  }
  const { [step]: old, ...others } = isDictionary(value) ? value : {}
  const inner = putAt(old, rest, put)
  return inner === undefined ? others : { ...(isDictionary(value) ? value : {}), [step]: inner }
}
