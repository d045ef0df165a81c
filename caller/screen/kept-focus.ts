import { type RefObject, useEffect, useRef } from 'react'
import type { CallerModel } from '../model.ts'

/** Keys with which a person goes elsewhere. */
const MOVES: ReadonlySet<string> = new Set(['ArrowDown', 'ArrowUp', 'Tab'])

/**
 * Keeps the keyboard at the desk. After an act, and when what had the focus goes away with its row or screen,
 * the next sensible act has it. Who went on to a row before the act was answered stays there: the news of an act may
 * come before its answer, and Enter would do something else than what the eye has chosen.
 * @returns where to hang the page whose focus is kept
 */
export function useKeptFocus({ isBusy, question }: CallerModel): RefObject<HTMLDivElement | null> {
  const place = useRef<HTMLDivElement>(null)
  const hadFocus = useRef(false)
  const wasBusy = useRef(false)
  const hasMoved = useRef(false)
  useEffect(() => {
    const onKeyDown = ({ key }: KeyboardEvent): void => {
      if (MOVES.has(key)) hasMoved.current = true
    }
    document.addEventListener('keydown', onKeyDown)
    return () => document.removeEventListener('keydown', onKeyDown)
  }, [])
  useEffect(() => {
    const { activeElement } = document
    const isLost = hadFocus.current && activeElement === document.body
    const isDone = wasBusy.current && !isBusy && question === null
    if (isBusy && !wasBusy.current) hasMoved.current = false
    if (isLost || (isDone && !hasMoved.current))
      place.current?.querySelector<HTMLButtonElement>('.primary-act')?.focus()
    hadFocus.current = place.current?.contains(document.activeElement) ?? false
    wasBusy.current = isBusy
  })
  return place
}
