import type { CarriedRest } from '#shared/domain/state-json.ts'

/** By the part itself: parts that have not changed since the commit before are the same objects. */
const textByPart = new WeakMap<object, string>()

function textOf(part: unknown): string {
  if (typeof part !== 'object' || part === null) return JSON.stringify(part)
  const known = textByPart.get(part)
  if (known !== undefined) return known
  const text = JSON.stringify(part)
  textByPart.set(part, text)
  return text
}

/** The same text as JSON.stringify makes, without writing anew what stood in the one before: most of it, in most commits. */
export const restText = (rest: CarriedRest): string =>
  `{${Object.entries(rest)
    .filter(([, part]) => part !== undefined)
    .map(([name, part]) => `"${name}":${textOf(part)}`)
    .join(',')}}`
