import { createPairings } from '../../branch-server/access/pairings.ts'
import type { Dice } from '../../branch-server/testing/dice.ts'

const ADDRESSES = 50
/** Each tries twice a second, whatever it is told. */
const TRY_MS = 500
const INSTALLER = '192.168.1.10'
/** The installer sets a device up this often, and types its code this much later. */
const [SETUP_MS, TYPING_MS_MAX] = [5 * 60_000, 2 * 60_000]
const LETTERS = 'ABCDEFGHJKMNPQRSTUVWXYZ'

export interface GuessFigures {
  readonly guesses: number
  /** Of these, tried at a code; the others were told to wait. */
  readonly triedCount: number
  readonly pairedCount: number
  readonly installedCount: number
  /** Devices that the installer could not pair by the first code. */
  readonly hinderedCount: number
  readonly simulatedMs: number
}

const randomCode = (dice: Dice): string => {
  const name = Array.from({ length: 3 }, () => LETTERS[dice.roll(LETTERS.length)]).join('')
  return `${name}-${String(dice.roll(100_000_000)).padStart(8, '0')}`
}

/** Strangers on the branch's network guess pairing codes while an installer pairs devices; time is played. */
export function guessCodes(guesses: number, dice: Dice): GuessFigures {
  let nowMs = 0
  const pairings = createPairings(() => nowMs)
  const claim = (address: string, code: string): 'told to wait' | 'wrong' | 'paired' => {
    const claimed = pairings.claim(address, (take) => take(code) !== null)
    return 'waitMs' in claimed ? 'told to wait' : claimed.answer ? 'paired' : 'wrong'
  }

  let [triedCount, pairedCount, installedCount, hinderedCount] = [0, 0, 0, 0]
  let waiting: { readonly code: string; readonly typedAtMs: number } | null = null
  let nextSetupMs = 0
  for (let count = 0; count < guesses; count += 1) {
    if (count % ADDRESSES === 0) nowMs += TRY_MS
    if (waiting === null && nowMs >= nextSetupMs) {
      const made = pairings.make({ kind: 'kiosk', name: 'a kiosk' })
      waiting = { code: made?.code ?? '', typedAtMs: nowMs + dice.roll(TYPING_MS_MAX) }
      nextSetupMs = nowMs + SETUP_MS
    }
    if (waiting !== null && nowMs >= waiting.typedAtMs) {
      installedCount += 1
      if (claim(INSTALLER, waiting.code) !== 'paired') hinderedCount += 1
      waiting = null
    }
    const outcome = claim(`192.168.1.${100 + (count % ADDRESSES)}`, randomCode(dice))
    if (outcome !== 'told to wait') triedCount += 1
    if (outcome === 'paired') pairedCount += 1
  }
  return { guesses, triedCount, pairedCount, installedCount, hinderedCount, simulatedMs: nowMs }
}
