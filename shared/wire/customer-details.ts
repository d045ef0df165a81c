import { Type } from 'typebox'
import { LANGUAGES, type Language } from '../domain/ids.ts'
import { type ParsedBy, strict } from './schema.ts'

export const NAME_LENGTH_MAX = 60
/** International numbers have fifteen digits at most; the shortest that anybody can be called at have three. */
export const PHONE_DIGITS = { min: 3, max: 15 } as const

/** What a customer said of herself when she took the ticket, and the text she agreed to. */
export const DetailsBody = Type.Object(
  {
    name: Type.Optional(
      Type.String({ minLength: 1, maxLength: NAME_LENGTH_MAX, pattern: '^[^\\u0000-\\u001f\\u007f]*$' }),
    ),
    phone: Type.Optional(Type.String({ pattern: `^\\+?[0-9]{${PHONE_DIGITS.min},${PHONE_DIGITS.max}}$` })),
    consent: Type.Object(
      {
        /** Of the catalogue whose text stood on the screen. */
        version: Type.Integer({ minimum: 1, maximum: Number.MAX_SAFE_INTEGER }),
        language: Type.Unsafe<Language>({ type: 'string', enum: [...LANGUAGES] }),
      },
      strict,
    ),
  },
  strict,
)
export type DetailsBody = ParsedBy<typeof DetailsBody>
