import type { DeskMedia, MediaDesk } from '../../caller/media-desk.ts'

const nothing = (): void => undefined
const LIMITS = { bytesMax: 67_108_864, bytesSumMax: 1_073_741_824, countMax: 60 }
const FILES: readonly DeskMedia[] = [
  {
    ...{ mediaId: '3f'.repeat(32), type: 'video/webm', bytes: 25_500_000, name: 'Épargne Tabaski 2026.webm' },
    playedBy: ['Salle 1', 'Salle 2'],
  },
  {
    ...{ mediaId: 'a1'.repeat(32), type: 'image/png', bytes: 1_240_000, name: 'ouverture-dimanche.png' },
    playedBy: ['Salle 1'],
  },
  { ...{ mediaId: '77'.repeat(32), type: 'image/jpeg', bytes: 480_000, name: null }, playedBy: [] },
]

/** The moments of bringing pictures and films. */
export const sampleMedia = (screen: string): MediaDesk => ({
  shelf: {
    status: 'there',
    value: {
      ...{ media: screen === 'media-none' ? [] : FILES, uploads: [], limits: LIMITS },
      displays: [{ name: 'Salle 2', missingIds: [], brokenIds: ['3f'.repeat(32)] }],
    },
  },
  upload:
    screen === 'media-sending' ? { name: 'Ouvrir un compte.mp4', bytes: 40_000_000, sentBytes: 14_000_000 } : null,
  fault: screen === 'media-fault' ? 'MediaRefused' : null,
  keptName: screen === 'media-list' ? 'ouverture-dimanche.png' : null,
  acts: { send: nothing, stop: nothing, remove: nothing },
})
