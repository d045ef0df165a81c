import { Type } from 'typebox'
import { type ParsedBy, strict } from './schema.ts'

/** What a branch is beside its log and its catalogue: who its devices are, and its PINs as hashes. Two hundred of each. */
const SEALED_LENGTH_MAX = 512 * 1024

export const RoleBody = Type.Object(
  {
    key: Type.String({ pattern: '^[A-Za-z0-9_-]{43}$' }),
    sealed: Type.String({ pattern: '^[A-Za-z0-9_-]+$', maxLength: SEALED_LENGTH_MAX }),
  },
  strict,
)
export type RoleBody = ParsedBy<typeof RoleBody>
