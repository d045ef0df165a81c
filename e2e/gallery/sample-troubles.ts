import type { DeadScreen } from '../../caller/dead-screens.ts'
import { floorDevices } from '../../caller/floor-news.ts'
import type { PrinterTrouble, TroubledPaper } from '../../caller/printer-troubles.ts'
import { asked } from './sample.ts'

// What goes wrong with devices and papers, for the gallery.

const { language } = asked()

export const TROUBLES: readonly PrinterTrouble[] = [
  {
    deviceId: 'kiosk-1',
    kiosk: { fr: 'Borne de l’entrée', en: 'Entrance kiosk', ar: 'كشك المدخل' }[language],
    place: 1,
    hint: 'load-paper',
  },
  {
    deviceId: 'kiosk-1',
    kiosk: { fr: 'Borne de l’entrée', en: 'Entrance kiosk', ar: 'كشك المدخل' }[language],
    place: 2,
    hint: 'paper-low',
  },
]

export const DEVICES = floorDevices(
  [
    { deviceId: 'k1', kind: 'kiosk', name: TROUBLES[0]?.kiosk, isInContact: true },
    { deviceId: 'k2', kind: 'kiosk', name: 'Borne 2', isInContact: false },
    { deviceId: 'd1', kind: 'display', name: 'Salle 1', isInContact: true },
    { deviceId: 'c1', kind: 'caller', name: 'PC-GUICHET-1', isInContact: true },
    { deviceId: 'c2', kind: 'caller', name: 'PC-GUICHET-2', isInContact: true },
  ],
  [
    { deviceId: 'k1', name: '', printers: [{ hint: 'load-paper' }, { hint: 'ready' }] },
    { deviceId: 'k2', name: '', printers: [{ hint: 'ready' }], isMute: true },
  ],
  [
    { deviceId: 'k1', name: '', screen: 'shown' },
    { deviceId: 'k2', name: '', screen: 'silent' },
  ],
)

export const TROUBLED_DEVICES = floorDevices(
  [
    { deviceId: 'k1', kind: 'kiosk', name: TROUBLES[0]?.kiosk, isInContact: true },
    { deviceId: 'k2', kind: 'kiosk', name: 'Borne 2', isInContact: false },
    { deviceId: 'c1', kind: 'caller', name: 'PC-GUICHET-1', isInContact: true },
  ],
  [{ deviceId: 'k1', name: '', printers: [{ hint: 'ready' }] }],
  [
    { deviceId: 'k1', name: '', screen: 'twin' },
    { deviceId: 'k2', name: '', screen: 'disk-full' },
    { deviceId: 'c1', name: '', screen: 'disk-refuses' },
    {
      deviceId: 'branch',
      name: { fr: 'Agence du Plateau', en: 'Plateau branch', ar: 'فرع بلاتو' }[language],
      screen: 'jumped',
    },
  ],
)

export const DEAD_SCREENS: Record<string, readonly DeadScreen[]> = {
  'printer-trouble': [{ kiosk: 'Borne 2', screen: 'frozen' }],
  'device-trouble': [
    { kiosk: TROUBLES[0]?.kiosk ?? '', screen: 'twin' },
    { kiosk: 'Borne 2', screen: 'disk-full' },
    { kiosk: 'PC-GUICHET-1', screen: 'disk-refuses' },
  ],
}

export const PAPERS: readonly TroubledPaper[] = (['refused', 'uncertain', 'expired'] as const).map(
  (trouble, place) => ({
    deviceId: 'k1',
    kiosk: TROUBLES[0]?.kiosk ?? '',
    number: `A100${place + 1}`,
    trouble,
  }),
)

/** What a hand, or a scanner, has put into the field for a paper's number. */
export const TYPED: Record<string, string> = {
  'paper-doubted': 'A1907',
  'paper-scanned': 'smartqueue:ticket:019a0b6e-5d2f-7c41-9b3a-3f6d2c1e8a74.3.0123456789abcdef',
  'paper-not-ours': 'smartqueue:ticket:019a0b6e-5d2f-7c41-9b3a-3f6d2c1e8a74.3.0123456789abcdef',
}
