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
export function restText(rest: CarriedRest): string {
  let text = ''
  for (const [name, part] of Object.entries(rest))
    if (part !== undefined) text += `${text === '' ? '' : ','}"${name}":${textOf(part)}`
  return `{${text}}`
}
