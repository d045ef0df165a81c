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

const FRAMES_TO_DRAW = 4

/**
 * Does something at a scene once it is drawn; until its answer is drawn, too, `data-typing` stands at the document, so that
 * nobody takes a picture in between.
 */
export function onceDrawn(type: () => void): void {
  const { documentElement: root } = document
  root.dataset['typing'] = ''
  const settle = (framesLeft: number): void => {
    if (framesLeft === 0) delete root.dataset['typing']
    else requestAnimationFrame(() => settle(framesLeft - 1))
  }
  setTimeout(() => {
    type()
    settle(FRAMES_TO_DRAW)
  }, 100)
}

/** Types a code, as an installer would, so that its answer is seen. */
export function typeCode(): void {
  document.querySelector<HTMLButtonElement>('.code-keys .pad-key')?.click()
  requestAnimationFrame(() => document.querySelector<HTMLButtonElement>('.pairing .button-primary')?.click())
}

/** Types into the field for a paper's number and presses Enter, as a scanner does. */
export function typePaper(text: string): void {
  const field = document.querySelector<HTMLInputElement>('.typed-number input')
  if (field === null) return
  // React listens for the browser's own change of a value.
  Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, 'value')?.set?.call(field, text)
  field.dispatchEvent(new Event('input', { bubbles: true }))
  requestAnimationFrame(() => field.form?.requestSubmit())
  field.scrollIntoView({ block: 'center' })
}
