/**
 * What an entry may say of the thing before and after: these names alone, and of each only what has its form. So nothing
 * that people are called, can be reached by or prove themselves with finds a place here.
 */

/** An id of ours or of a catalogue; what is digits alone could be a number to call, or a PIN. */
const ID = /^(?!\d{4,}$)[\w.:-]{1,64}$/
const CODE = /^[A-Za-z][A-Za-z-]{0,39}$/
const CODES = /^[A-Za-z:-]{1,40}(?: [A-Za-z:-]{1,40}){0,40}$/
const HASH = /^[0-9a-f]{64}$/

const FORMS = {
  id: (it: FactValue) => typeof it === 'string' && ID.test(it),
  code: (it: FactValue) => typeof it === 'string' && CODE.test(it),
  codes: (it: FactValue) => typeof it === 'string' && CODES.test(it),
  hash: (it: FactValue) => typeof it === 'string' && HASH.test(it),
  count: (it: FactValue) => Number.isSafeInteger(it),
  flag: (it: FactValue) => typeof it === 'boolean',
} as const

const FACTS = {
  version: 'count',
  hash: 'hash',
  count: 'count',
  seq: 'count',
  slot: 'count',
  skipped: 'count',
  validMinutes: 'count',
  expiresAtMs: 'count',
  kind: 'code',
  role: 'code',
  reason: 'code',
  status: 'code',
  scopes: 'codes',
  chain: 'id',
  branchId: 'id',
  deviceId: 'id',
  agentId: 'id',
  counterId: 'id',
  personId: 'id',
  keyId: 'id',
  isActive: 'flag',
  isKnown: 'flag',
  hasSecondFactor: 'flag',
} as const satisfies Readonly<Record<string, keyof typeof FORMS>>

export type FactValue = string | number | boolean | null
export type Facts = { readonly [Name in keyof typeof FACTS]?: FactValue }

/** Stands where something was not fit to be kept for ever. */
export const WITHHELD = 'withheld'

/** What is null stays: there was none. */
export function fitFacts(facts: Facts | null): Facts | null {
  if (facts === null) return null
  const fit: Record<string, FactValue> = {}
  for (const [name, form] of Object.entries(FACTS)) {
    const value = (facts as Readonly<Record<string, FactValue | undefined>>)[name]
    if (value !== undefined) fit[name] = value === null || FORMS[form](value) ? value : WITHHELD
  }
  return fit
}

export const fitId = (id: string | null): string | null => (id === null || ID.test(id) ? id : WITHHELD)

const ADDRESS = /^[0-9A-Fa-f:.]{2,45}$/
/** Of the network; null: none, or something else was told as one. */
export const fitAddress = (address: string | null): string | null =>
  address !== null && ADDRESS.test(address) ? address : null
