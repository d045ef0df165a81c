import type { Catalogue } from '#shared/domain/catalogue.ts'
import type { Clocks } from '#shared/domain/clock.ts'
import type { DeviceKind } from '#shared/wire/requests.ts'
import type { FindingText } from '#shared/words/commissioning.ts'
import type { Config } from '../config.ts'
import type { BranchApi } from './branch-api.ts'
import type { Values, Verdict } from './finding.ts'
import type { Person } from './person.ts'

export interface SiteDevice {
  readonly deviceId: string
  readonly kind: DeviceKind
  readonly name: string
}

/** How much is measured, and how long things are left as they are meanwhile. */
export interface Pace {
  /** Test tickets at each kiosk, from tap to screen. */
  readonly rounds: number
  /** Kiosks are given numbers by the server for so long before its plug is pulled, and after it is back. */
  readonly beforeMs: number
  readonly afterMs: number
  /** How long a kiosk stays alone, so that it gives some numbers. */
  readonly aloneMs: number
}

export const REAL_PACE: Pace = { rounds: 50, beforeMs: 5_000, afterMs: 5_000, aloneMs: 10_000 }

/** What a step works with. */
export interface Site {
  readonly api: BranchApi
  readonly person: Person
  readonly config: Config
  readonly clocks: Clocks
  readonly version: string
  readonly pace: Pace
  readonly who: string
  readonly catalogue: Catalogue
  /** The paired devices, in the order of their pairing. */
  readonly devices: readonly SiteDevice[]
  /** Notes what was seen of the branch (`about` empty) or of a device. */
  note(verdict: Verdict, about: string, text: FindingText, values?: Values): void
}

export const ofKind = ({ devices }: Site, kind: DeviceKind): readonly SiteDevice[] =>
  devices.filter((device) => device.kind === kind)

export const rest = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))

const AGAIN_MS = 250

/**
 * Waits until something is so.
 * @returns how long that took by the steady clock, in milliseconds; null when it was not so in time
 */
export async function waitUntil(
  { clocks }: Pick<Site, 'clocks'>,
  msMax: number,
  isSo: () => Promise<boolean>,
): Promise<number | null> {
  const startedMs = clocks.monotonicMs()
  for (;;) {
    if (await isSo()) return clocks.monotonicMs() - startedMs
    if (clocks.monotonicMs() - startedMs > msMax) return null
    await rest(AGAIN_MS)
  }
}

const NONE: Record<DeviceKind, FindingText> = { kiosk: 'noKiosk', display: 'noDisplay', caller: 'noDevice' }

/** The devices of a kind that can be tried; that there are none, or one is away, is noted. */
export async function present(site: Site, kind: DeviceKind): Promise<readonly SiteDevice[]> {
  const all = ofKind(site, kind)
  if (all.length === 0) site.note('skipped', '', NONE[kind])
  const here: SiteDevice[] = []
  for (const device of all) {
    const answer = await site.api.order(device.deviceId, { kind: 'look' })
    if (typeof answer === 'object') here.push(device)
    else site.note('bad', device.name, answer === 'away' ? 'deviceAway' : 'deviceSilent')
  }
  return here
}

/** The service that test tickets are for; null, and noted, when the catalogue has none. */
export function serviceFor(site: Site): string | null {
  const [service] = site.catalogue.services
  if (service === undefined) site.note('skipped', '', 'noService')
  return service?.id ?? null
}
