import { type Static, type TSchema, Type } from 'typebox'

/** Unknown properties are an error, not a silence: a misspelt field must not be lost. */
export const strict = { additionalProperties: false } as const

/** Ids as people may choose them: short, no spaces, safe in an address. */
const ID_PATTERN = '^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$'
export const id = () => Type.String({ pattern: ID_PATTERN })

/** What a schema lets through. */
export type ParsedBy<Schema extends TSchema> = Static<Schema>

/** One of these texts and no other. */
export const literals = <const Values extends readonly string[]>(values: Values) =>
  Type.Unsafe<Values[number]>({ type: 'string', enum: [...values] })
