import { useEffect, useRef } from 'react'
import { CODE_LENGTH } from '#shared/domain/appointment-code.ts'
import type { KioskEvent } from './model.ts'

/** A scanner types faster than any hand: longer between two keys is somebody else. */
const KEY_MS_MAX = 100
const KEYS_MAX = 80

/**
 * Hears a scanner, which types what it reads and ends with Enter. In a field it types as anybody does; anywhere else
 * its Enter must press nothing.
 * @param nowMs - a steady clock
 */
export function useScanner(isOn: boolean, nowMs: () => number, onEvent: (event: KioskEvent) => void): void {
  // Each key is a touch, after which the page hands over another function: what was read so far must outlive it.
  const latest = useRef(onEvent)
  useEffect(() => {
    latest.current = onEvent
  })
  useEffect(() => {
    if (!isOn) return
    let keys = ''
    let lastMs = 0
    const onKeyDown = (event: KeyboardEvent): void => {
      if (event.target instanceof HTMLInputElement || event.ctrlKey || event.altKey || event.metaKey) return
      const atMs = nowMs()
      const isScan = atMs - lastMs <= KEY_MS_MAX
      if (event.key === 'Enter') {
        const code = isScan ? keys : ''
        keys = ''
        if (code.length < CODE_LENGTH.min) return
        event.preventDefault()
        event.stopPropagation()
        latest.current({ type: 'send-code', code })
      } else if (event.key.length === 1) {
        keys = ((isScan ? keys : '') + event.key).slice(-KEYS_MAX)
        lastMs = atMs
      }
    }
    document.addEventListener('keydown', onKeyDown, { capture: true })
    return () => document.removeEventListener('keydown', onKeyDown, { capture: true })
  }, [isOn, nowMs])
}
