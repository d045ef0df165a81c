/**
 * Customers between two looks who are told a wait reckoned for them; in a rush, further ones are told the last for all.
 * More than so many in a quarter of a second come to no branch, and each reckoning keeps everybody's tickets waiting.
 */
export const ASKED_AT_ONCE_MAX = 4
/** After a quarter of a second with more than so many, nobody is reckoned for alone until fewer come. */
export const FLOOD_ASKED_MIN = 32

/** Whether there is time to reckon for one customer alone. */
export interface AskGate {
  /** Called four times a second while somebody comes. */
  look(): void
  /** One more asks. */
  mayAsk(): boolean
}

export function createAskGate(): AskGate {
  let askedCount = 0
  let isFlood = false
  return {
    look() {
      isFlood = askedCount > FLOOD_ASKED_MIN
      askedCount = 0
    },
    mayAsk() {
      askedCount += 1
      return !isFlood && askedCount <= ASKED_AT_ONCE_MAX
    },
  }
}
