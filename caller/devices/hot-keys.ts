/** Nobody types into the button that chooses a file. */
const TYPING = 'input:not([type=file]), select, textarea, [contenteditable]'
const PRESSABLE = 'button, a, summary, input'

/**
 * Listens for an agent's keys. A key that somebody types into a field, or presses a focused button with, stays theirs;
 * while a dialog is open no key acts behind it.
 * @param actOf - what a key means now; null: it is nobody's, and the browser does with it what it does
 * @returns a function that stops listening
 */
export function listenForKeys<Act extends string>(
  target: Document,
  actOf: (event: KeyboardEvent) => Act | null,
  onAct: (act: Act) => void,
): () => void {
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.repeat || event.ctrlKey || event.altKey || event.metaKey || event.defaultPrevented) return
    const place = event.target instanceof Element ? event.target : null
    if (place?.closest(TYPING) != null || target.querySelector('dialog[open]') !== null) return
    const act = actOf(event)
    if (act === null || (act === 'primary' && place?.closest(PRESSABLE) != null)) return
    event.preventDefault()
    onAct(act)
  }
  target.addEventListener('keydown', onKeyDown)
  return () => target.removeEventListener('keydown', onKeyDown)
}
