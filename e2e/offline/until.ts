import { setTimeout as pause } from 'node:timers/promises'
import type { KioskBox } from './kiosk-box.ts'

const TRIES_MAX = 400
const PAUSE_MS = 50

/** Waits until something is so, and says what it was waiting for when it never is. */
export async function until(what: string, isSo: () => Promise<boolean> | boolean): Promise<void> {
  for (let tries = 0; tries < TRIES_MAX; tries += 1) {
    if (await isSo()) return
    await pause(PAUSE_MS)
  }
  throw new Error(`It never came about that ${what}`)
}

export const isUp = ({ host }: KioskBox): boolean => host().host.status().link === 'up'

/** Within how much the kiosk knows the branch's time, as it says itself. */
export const errorOf = ({ host }: KioskBox): number =>
  (host().host.localState() as { time: { errorMs: number } | null }).time?.errorMs ?? Number.POSITIVE_INFINITY

/** The kiosk has been told the branch's time since it was booted. */
export const hasHeard = ({ host }: KioskBox): boolean =>
  (host().host.localState() as { time: object | null }).time !== null

export const isInContact = (kiosk: KioskBox): boolean => isUp(kiosk) && hasHeard(kiosk)
