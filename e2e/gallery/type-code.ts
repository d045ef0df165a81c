import type { PairAnswer, PairDevice } from '#shared/client/pair-device.ts'

const SIX_WORDS: PairAnswer = {
  type: 'asked',
  question: { words: ['orchard', 'lemon', 'window', 'bracket', 'salmon', 'twist'], fingerprint: '', link: '' },
}

/** A branch that is found on the network where that is to be looked at, and else one that refuses the code. */
export const samplePair =
  (screen: string): PairDevice =>
  () =>
    Promise.resolve(screen === 'six-words' ? SIX_WORDS : { type: 'refused', code: 'PairingCodeInvalid' })

/** Types a code, as an installer would, so that its answer is seen. */
export function typeCode(): void {
  document.querySelector<HTMLButtonElement>('.code-keys .pad-key')?.click()
  requestAnimationFrame(() => document.querySelector<HTMLButtonElement>('.pairing .button-primary')?.click())
}
