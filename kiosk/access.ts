/** How one customer meets the kiosk; whoever comes next finds it as usual. */
export interface Access {
  /** Everything that can be touched stands low, in strong contrast, with letters twice as large. */
  readonly isOn: boolean
  /** Headphones are said to be in use: every screen is spoken. */
  readonly isHeard: boolean
  /** 1 … VOLUME_MAX */
  readonly volume: number
  /** More time was asked for, and is given for the rest of the visit. */
  readonly isPatient: boolean
}

export const VOLUME_MAX = 5
const VOLUME_USUAL = 3

export const USUAL_ACCESS: Access = { isOn: false, isHeard: false, volume: VOLUME_USUAL, isPatient: false }

export type AccessEvent =
  /** The one key: the accessible mode, or back to the usual one. */
  | { readonly type: 'switch-access' }
  /** A key of the pad was pressed, or headphones were plugged in. */
  | { readonly type: 'listen' }
  /** The headphones are gone: from now on nothing may be said aloud. */
  | { readonly type: 'stop-listening' }
  | { readonly type: 'louder' | 'quieter' }

export const isAsUsual = (access: Access): boolean => !access.isOn && !access.isHeard && !access.isPatient

/** One step of it. Pure. */
export function stepAccess(access: Access, event: AccessEvent): Access {
  switch (event.type) {
    case 'switch-access':
      return access.isOn ? { ...access, isOn: false, isHeard: false } : { ...access, isOn: true }
    case 'listen':
      return access.isHeard ? access : { ...access, isOn: true, isHeard: true }
    case 'stop-listening':
      return access.isHeard ? { ...access, isHeard: false } : access
    case 'louder':
      return { ...access, volume: Math.min(VOLUME_MAX, access.volume + 1) }
    case 'quieter':
      return { ...access, volume: Math.max(1, access.volume - 1) }
    default:
      return event satisfies never
  }
}
