/**
 * A PIN that is tried first by whoever guesses: one digit over and over, or digits that only count up or down.
 * @param pin - digits only
 */
export function isEasyPin(pin: string): boolean {
  const steps = new Set<number>()
  for (let at = 1; at < pin.length; at += 1) steps.add((Number(pin[at]) - Number(pin[at - 1]) + 10) % 10)
  const [step = 0] = steps
  return steps.size <= 1 && (step === 0 || step === 1 || step === 9)
}
