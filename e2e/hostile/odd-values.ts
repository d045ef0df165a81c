import type { Dice } from '../../branch-server/testing/dice.ts'

/** Ids that name nothing here, some of which other programs have tripped over; written as they stand in an address. */
export const ODD_IDS = [
  'nobody',
  '__proto__',
  'constructor',
  'toString',
  'hasOwnProperty',
  'undefined',
  'null',
  '-1',
  '0',
  '%00',
  '%zz',
  '%',
  '%F0%9F%92%A9',
  '%c0%ae%c0%ae',
  '..%2f..%2fetc%2fpasswd',
  '..',
  "'%20or%201=1--",
  'a'.repeat(64),
  'a'.repeat(101),
  'a'.repeat(4_000),
  '00000000-0000-4000-8000-000000000000',
] as const

/** Values that no field expects, as JSON text; some are no JSON at all. */
const ODD_JSON = [
  'null',
  'true',
  '0',
  '-1',
  '1.5',
  '1e400',
  '9007199254740993',
  '""',
  '"\\u0000"',
  '"\\ud800"',
  '"__proto__"',
  '"constructor"',
  '"💩"',
  '"\u202e\u200b"',
  '[]',
  '[[]]',
  '{}',
  '{"__proto__":{"isManager":true}}',
  '{"constructor":{"prototype":{"isManager":true}}}',
  '{"toString":1}',
  '{"length":4294967295}',
  'NaN',
  'undefined',
  "'single'",
  '{"a":1,}',
  '"unended',
  '\ufeff{}',
] as const

/** One odd value; now and then a deep or a long one. */
export function oddJson(dice: Dice): string {
  if (dice.isOneIn(40)) return '['.repeat(20_000) + ']'.repeat(20_000)
  if (dice.isOneIn(40)) return `${'{"a":'.repeat(5_000)}1${'}'.repeat(5_000)}`
  if (dice.isOneIn(40)) return JSON.stringify('x'.repeat(100_000))
  if (dice.isOneIn(40)) return `[${'0,'.repeat(50_000)}0]`
  return dice.pick(ODD_JSON)
}
