import type { Dice } from '../../branch-server/testing/dice.ts'
import { oddJson } from './odd-values.ts'

/** As much of JSON Schema as our routes use. */
export interface Schema {
  readonly type?: string
  readonly const?: unknown
  readonly anyOf?: readonly Schema[]
  readonly enum?: readonly unknown[]
  readonly properties?: Readonly<Record<string, Schema>>
  readonly patternProperties?: Readonly<Record<string, Schema>>
  readonly required?: readonly string[]
  readonly items?: Schema
  readonly minItems?: number
  readonly pattern?: string
  readonly minLength?: number
  readonly minimum?: number
}

/** What texts of a pattern look like; of one that is none of these something is sent that it refuses. */
const TEXTS = [
  ...['cash', 'bank', 'a', 'fr', '09:00', '2026-11-27', '1', 'A001', 'Agence', 'Africa/Dakar'],
  ...['00000000-0000-4000-8000-000000000000', 'f'.repeat(64), 'A'.repeat(43), 'A'.repeat(32), 'sqt_000000000000'],
  ...['https://hooks.example.org/', 'ABC-1234-5678', 'kiosk', 'x'.repeat(16)],
] as const

function textFor({ pattern, minLength = 0 }: Schema, dice: Dice): string {
  const known = TEXTS.filter(
    (text) => text.length >= minLength && (pattern === undefined || new RegExp(pattern).test(text)),
  )
  return known[dice.roll(Math.max(1, known.length))] ?? 'x'.repeat(minLength)
}

/** A value that the schema asks for, or nearly. */
export function valueFor(schema: Schema, dice: Dice): unknown {
  if (schema.const !== undefined) return schema.const
  const choices = schema.anyOf ?? []
  if (choices.length > 0) return valueFor(choices[dice.roll(choices.length)] ?? {}, dice)
  if (schema.enum !== undefined) return schema.enum[dice.roll(schema.enum.length)]
  switch (schema.type) {
    case 'object': {
      const wanted = Object.entries(schema.properties ?? {}).filter(
        ([name]) => schema.required?.includes(name) === true || dice.isOneIn(2),
      )
      const named = Object.entries(schema.patternProperties ?? {}).map(
        ([pattern, it]) => [textFor({ pattern }, dice), it] as const,
      )
      return Object.fromEntries([...wanted, ...named].map(([name, it]) => [name, valueFor(it, dice)]))
    }
    case 'array':
      return Array.from({ length: (schema.minItems ?? 0) + dice.roll(3) }, () => valueFor(schema.items ?? {}, dice))
    case 'string':
      return textFor(schema, dice)
    case 'boolean':
      return dice.isOneIn(2)
    case 'integer':
    case 'number':
      return (schema.minimum ?? 0) + dice.roll(4)
    default:
      return null
  }
}

/** Where a value can be spoilt: the ways to all that is in it. */
function waysIn(value: unknown, way: readonly (string | number)[] = []): readonly (readonly (string | number)[])[] {
  if (typeof value !== 'object' || value === null) return [way]
  const inner = Array.isArray(value) ? value.map((it, at) => [at, it] as const) : Object.entries(value)
  return [way, ...inner.flatMap(([name, it]) => waysIn(it, [...way, name]))]
}

const MARK = '@@hostile@@'

function withMark(value: unknown, [name, ...rest]: readonly (string | number)[]): unknown {
  if (name === undefined) return MARK
  if (Array.isArray(value)) return value.map((it, at) => (at === name ? withMark(it, rest) : it))
  const of = value as Readonly<Record<string, unknown>>
  return { ...of, [name]: withMark(of[name], rest) }
}

/** What the schema asks for, spoilt in one place by what no field expects; as JSON text. */
export function spoiltFor(schema: Schema, dice: Dice): string {
  const value = valueFor(schema, dice)
  const ways = waysIn(value)
  const way = ways[dice.roll(ways.length)] ?? []
  return JSON.stringify(withMark(value, way)).replace(JSON.stringify(MARK), () => oddJson(dice))
}
