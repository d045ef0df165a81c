import { useEffect, useLayoutEffect, useRef, useState } from 'react'
import { getJson } from '#shared/client/get-json.ts'
import { repeat } from '#shared/client/use-polled.ts'
import type { Post } from '#shared/project/counter-desk.ts'
import { applyTheme } from '#shared/ui/theme.ts'
import type { PressesState } from './devices/global-keys.ts'
import { isWaitedFor, type Ringing, ringForWaiting, stepRinging } from './devices/waiting-sound.ts'
import { askFloorNews, type FloorNews } from './floor-news.ts'
import { type DeskSettings, type KeptWords, keepSettings, readSettings } from './settings.ts'

/** What this device is set to; the page wears its colours. */
export function useSettings(kept: KeptWords) {
  const [settings, setSettings] = useState(() =>
    readSettings(kept, window.matchMedia('(prefers-color-scheme: dark)').matches),
  )
  const { theme } = settings
  // Before it is painted: no page shines up at night.
  useLayoutEffect(() => applyTheme(document.documentElement, theme), [theme])
  const change = (wanted: DeskSettings): void => {
    setSettings(wanted)
    keepSettings(kept, wanted)
  }
  return [settings, change] as const
}

const SOUND_LOCK = 'smartqueue.caller.sound'

/** The bar and the desk are two pages of one device: one of them rings, and the other when that one is closed. */
function useIsTheOneToRing(): boolean {
  const [isIt, setIsIt] = useState(false)
  useEffect(() => {
    const ending = new AbortController()
    const kept = (): Promise<void> => {
      setIsIt(true)
      return new Promise((resolve) => ending.signal.addEventListener('abort', () => resolve()))
    }
    // Ended before its turn came: nothing is wrong.
    navigator.locks.request(SOUND_LOCK, { signal: ending.signal }, kept).catch(() => setIsIt(false))
    return () => ending.abort()
  }, [])
  return isIt
}

/** A soft sound when somebody waits for this counter and it is free. @param nowMs - the page's steady clock, ticking */
export function useWaitingSound(post: Post | null, isOn: boolean, nowMs: number): void {
  const isTheOne = useIsTheOneToRing()
  const ringing = useRef<Ringing | null>(null)
  const isWaited = isWaitedFor(post)
  useEffect(() => {
    const step = stepRinging(ringing.current, isWaited, nowMs)
    ringing.current = step.ringing
    if (step.rings && isOn && isTheOne) void ringForWaiting()
  }, [isWaited, isOn, isTheOne, nowMs])
}

const NEWS_MS = 3_000

/** What is asked again and again while somebody looks at it; null: nobody does, or it has not been answered. */
function useWhileShown<Value>(isShown: boolean, ask: () => Promise<Value>): Value | null {
  const [value, setValue] = useState<Value | null>(null)
  useEffect(() => {
    if (!isShown) return
    let isOver = false
    const stop = repeat(NEWS_MS, async () => {
      const fresh = await ask()
      if (!isOver) setValue(fresh)
    })
    return () => {
      isOver = true
      stop()
      setValue(null)
    }
  }, [isShown, ask])
  return value
}

async function askPresses(): Promise<PressesState | null> {
  const state = (await getJson('/local/v1/state')) as { readonly presses?: PressesState } | null
  return state?.presses ?? null
}

export const usePresses = (isShown: boolean): PressesState | null => useWhileShown(isShown, askPresses)
export const useFloorNews = (isShown: boolean): FloorNews => useWhileShown(isShown, askFloorNews)
