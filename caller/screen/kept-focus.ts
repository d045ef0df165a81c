import { type RefObject, useEffect, useRef } from 'react'
import type { CallerModel } from '../model.ts'

/**
 * Keeps the keyboard at the desk. After an act, and when what had the focus goes away with its row or screen,
 * the next sensible act has it.
 * @returns where to hang the page whose focus is kept
 */
export function useKeptFocus({ isBusy, question }: CallerModel): RefObject<HTMLDivElement | null> {
  const place = useRef<HTMLDivElement>(null)
  const hadFocus = useRef(false)
  const wasBusy = useRef(false)
  useEffect(() => {
    const { activeElement } = document
    const isLost = hadFocus.current && activeElement === document.body
    const isDone = wasBusy.current && !isBusy && question === null
    if (isLost || isDone) place.current?.querySelector<HTMLButtonElement>('.primary-act')?.focus()
    hadFocus.current = place.current?.contains(document.activeElement) ?? false
    wasBusy.current = isBusy
  })
  return place
}
