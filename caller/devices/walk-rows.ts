const STEPS: Readonly<Record<string, number>> = { ArrowDown: 1, ArrowUp: -1 }

/** Where the next row is. Pure. @param at - the row with the focus; −1 = none has it. @returns −1 where there are none */
export function nextRow(at: number, count: number, step: number): number {
  if (count === 0) return -1
  if (at === -1) return step > 0 ? 0 : count - 1
  return Math.min(count - 1, Math.max(0, at + step))
}

/**
 * The arrows go from row to row through the lists of the desk, for whoever calls a chosen ticket without a mouse; Tab goes
 * on to what else the row can do.
 * @returns a function that stops listening
 */
export function walkRows(target: Document): () => void {
  const onKeyDown = (event: KeyboardEvent): void => {
    const step = STEPS[event.key]
    if (step === undefined || event.ctrlKey || event.altKey || event.metaKey || event.defaultPrevented) return
    const place = event.target instanceof Element ? event.target : null
    if (place?.closest('input, select, textarea') != null || target.querySelector('dialog[open]') !== null) return
    const rows = [...target.querySelectorAll<HTMLElement>('.desk .row')]
    const row = rows[nextRow(rows.indexOf(place?.closest<HTMLElement>('.row') as HTMLElement), rows.length, step)]
    if (row === undefined) return
    event.preventDefault()
    row.querySelector('button')?.focus()
    row.scrollIntoView({ block: 'nearest' })
  }
  target.addEventListener('keydown', onKeyDown)
  return () => target.removeEventListener('keydown', onKeyDown)
}
