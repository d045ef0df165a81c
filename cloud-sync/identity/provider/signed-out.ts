import type { Person } from '../people/people.ts'

/** When what somebody signed in by is over. The sign-in keeps times by the whole second, and so do tokens. */

type Leaving = Pick<Person, 'signedOutAtMs'>

/** As the sign-in keeps times. */
export const secondOf = (ms: number): number => Math.floor(ms / 1_000)

/** Whether what was signed in or given in that second is over: that of the second of her leaving is, too. */
export const isSignedOut = ({ signedOutAtMs }: Leaving, atS: number): boolean =>
  signedOutAtMs !== null && atS <= secondOf(signedOutAtMs)

/** Under which second a sign-in of now is kept: who comes back in the second of her leaving is in. */
export const signInSecond = ({ signedOutAtMs }: Leaving, nowMs: number): number =>
  Math.max(secondOf(nowMs), signedOutAtMs === null ? 0 : secondOf(signedOutAtMs) + 1)
