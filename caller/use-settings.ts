import { useEffect, useLayoutEffect, useRef, useState } from 'react'
import { getJson } from '#shared/client/get-json.ts'
import { useNowMs } from '#shared/client/use-branch.ts'
import { repeat } from '#shared/client/use-polled.ts'
import type { CounterDesk, Post } from '#shared/project/counter-desk.ts'
import { applyTheme } from '#shared/ui/theme.ts'
import type { PressesState } from './devices/global-keys.ts'
import { isWaitedFor, type Ringing, ringForWaiting, stepRinging } from './devices/waiting-sound.ts'
import { askFloorNews, type FloorNews } from './floor-news.ts'
import type { CallerModel } from './model.ts'
import { type DeskSettings, type KeptWords, keepSettings, readSettings } from './settings.ts'

/** What this device is set to; the page wears its colours. */
function useSettings(kept: KeptWords) {
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
function useWaitingSound(post: Post | null, isOn: boolean, nowMs: number): void {
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
const FRAME_MS = 1_000

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

interface DeviceProps {
  readonly kept: KeptWords
  readonly desk: CounterDesk | null
  readonly model: CallerModel
  readonly isCut: boolean
}

/** What belongs to this device and not to the branch: its settings, its sound, and what is asked while it is looked at. */
export function useDevice({ kept, desk, model, isCut }: DeviceProps) {
  const [settings, onSettings] = useSettings(kept)
  useWaitingSound(desk?.post ?? null, settings.isSoundOn && !isCut, useNowMs(FRAME_MS))
  const presses: PressesState | null = useWhileShown(model.question?.name === 'setup', askPresses)
  const floorNews: FloorNews = useWhileShown(model.page === 'floor', askFloorNews)
  return { settings, onSettings, presses, floorNews }
}
