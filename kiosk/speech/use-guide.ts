import { useEffect, useRef, useState } from 'react'
import type { KioskEvent } from '../model.ts'
import { ringSoftly } from '../sound.ts'
import { createGuide, type Guide, type Scene } from './guide.ts'
import { createSpeaker } from './speaker.ts'

/**
 * Keys, fingers and headphones of the whole page.
 * @param isAwake - false while staff are at their menu: its keys are theirs, and it is nobody's to hear
 * @returns whether somebody wants to listen and cannot
 */
export function useGuide(
  scene: Scene,
  isAwake: boolean,
  tell: (event: KioskEvent) => void,
): { readonly isSpeechMissing: boolean } {
  const [canSpeak, setCanSpeak] = useState(true)
  const guide = useRef<Guide | null>(null)

  useEffect(() => {
    if (!isAwake) return
    const speaker = createSpeaker(setCanSpeak)
    const made = createGuide(document.body, speaker, tell)
    guide.current = made
    const onKey = (event: KeyboardEvent): void => made.onKey(event)
    const onPointer = (event: PointerEvent): void => {
      // The warning's own buttons answer for themselves: it must not be gone before they are pressed.
      const isAnswer = event.target instanceof Element && event.target.closest('.still-there') !== null
      if (!isAnswer) tell({ type: 'touch' })
    }
    const onClick = (event: MouseEvent): void => made.onClick(event)
    document.addEventListener('keydown', onKey, { capture: true })
    document.addEventListener('click', onClick, { capture: true })
    document.addEventListener('pointerdown', onPointer, { capture: true })
    return () => {
      guide.current = null
      speaker.stop()
      document.removeEventListener('keydown', onKey, { capture: true })
      document.removeEventListener('click', onClick, { capture: true })
      document.removeEventListener('pointerdown', onPointer, { capture: true })
    }
  }, [isAwake, tell])

  // After every drawing: what is said is what is seen.
  useEffect(() => guide.current?.onDrawn(scene))

  const isSpeechMissing = scene.model.access.isHeard && !canSpeak
  useEffect(() => {
    if (isSpeechMissing) ringSoftly()
  }, [isSpeechMissing])
  return { isSpeechMissing }
}
