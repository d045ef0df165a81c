import { getJson } from '#shared/client/get-json.ts'
import type { DeviceContact } from '#shared/wire/device-contact.ts'
import type { KioskPrinters, PrinterState } from '#shared/wire/printers.ts'
import type { KioskScreenState } from '#shared/wire/screens.ts'

/** A device of the branch as its manager sees it; what it has not is left empty. */
export interface FloorDevice extends Omit<DeviceContact, 'kind'> {
  readonly kind: DeviceContact['kind'] | 'branch'
  readonly screen: KioskScreenState['screen'] | null
  readonly printers: readonly (PrinterState['hint'] | 'no-voice')[]
}

/** What the branch says of its devices; null: it has not answered yet. */
export type FloorNews = readonly FloorDevice[] | null

const listOf = <Item>(json: unknown): readonly Item[] => (Array.isArray(json) ? (json as readonly Item[]) : [])

const KINDS: Record<FloorDevice['kind'], number> = { branch: 0, kiosk: 1, display: 2, caller: 3 }

/** Needs somebody's hand: those stand first. */
export const isInTrouble = ({ isInContact, screen, printers }: FloorDevice): boolean =>
  !isInContact ||
  (screen !== null && screen !== 'shown') ||
  printers.some((hint) => hint !== 'ready' && hint !== 'status-unknown' && hint !== 'simulated')

/** Several things may be said of one device: what needs a hand counts, and what is said last. */
function worstScreens(told: readonly KioskScreenState[]): ReadonlyMap<string, KioskScreenState['screen']> {
  const worst = new Map<string, KioskScreenState['screen']>()
  for (const { deviceId, screen } of told) if (screen !== 'shown' || !worst.has(deviceId)) worst.set(deviceId, screen)
  return worst
}

/** Puts together what the branch answers about its devices. @returns null when that was no answer */
export function floorDevices(contacts: unknown, printers: unknown, screens: unknown): FloorNews {
  if (!Array.isArray(contacts)) return null
  const told = new Map(listOf<KioskPrinters>(printers).map((it) => [it.deviceId, it]))
  const shown = worstScreens(listOf<KioskScreenState>(screens))
  const branch = listOf<KioskScreenState>(screens)
    .filter(({ deviceId }) => deviceId === 'branch')
    .slice(0, 1)
    .map(({ deviceId, name }) => ({ deviceId, name, kind: 'branch' as const, isInContact: true }))
  return [...branch, ...listOf<DeviceContact>(contacts)]
    .map((device): FloorDevice => {
      const kiosk = told.get(device.deviceId)
      return {
        ...device,
        screen: shown.get(device.deviceId) ?? null,
        printers: [
          ...(kiosk?.printers ?? []).map(({ hint }) => hint),
          ...(kiosk?.isMute === true ? (['no-voice'] as const) : []),
        ],
      }
    })
    .toSorted(
      (a, b) =>
        Number(isInTrouble(b)) - Number(isInTrouble(a)) ||
        KINDS[a.kind] - KINDS[b.kind] ||
        a.name.localeCompare(b.name) ||
        a.deviceId.localeCompare(b.deviceId),
    )
}

export async function askFloorNews(): Promise<FloorNews> {
  const [contacts, printers, screens] = await Promise.all(
    ['/api/v1/devices/contact', '/api/v1/printers', '/api/v1/screens'].map(getJson),
  )
  return floorDevices(contacts, printers, screens)
}
