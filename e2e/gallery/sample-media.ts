import type { DeskMedia, MediaDesk } from '../../caller/media-desk.ts'
import type { MediaId } from '../../shared/domain/ids.ts'
import type { Programme } from '../../shared/wire/media.ts'

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

const entries = (...marks: readonly string[]): Programme['playlist'] =>
  marks.map((mark) => ({ mediaId: mark.repeat(32) as MediaId, seconds: 15 }))
const PLAYED: readonly Programme[] = [
  { name: 'Salle 1', playlist: entries('3f', 'a1'), isOwn: true, hasRoom: true },
  { name: 'Salle 2', playlist: entries('3f'), isOwn: false, hasRoom: true },
  { name: 'Salle 3', playlist: [], isOwn: false, hasRoom: true },
  { name: 'Salle 4', playlist: [], isOwn: false, hasRoom: false },
]
const EMPTY: readonly Programme[] = [{ name: 'Salle 1', playlist: [], isOwn: false, hasRoom: true }]

/** The moments of bringing pictures and films. */
export const sampleMedia = (screen: string): MediaDesk => ({
  shelf: {
    status: 'there',
    value: {
      ...{ media: screen === 'media-none' ? [] : FILES, uploads: [], limits: LIMITS },
      displays: [{ name: 'Salle 2', missingIds: [], brokenIds: ['3f'.repeat(32)] }],
      programmes: screen === 'media-none' ? EMPTY : PLAYED,
    },
  },
  upload:
    screen === 'media-sending' ? { name: 'Ouvrir un compte.mp4', bytes: 40_000_000, sentBytes: 14_000_000 } : null,
  fault: screen === 'media-fault' ? 'MediaRefused' : null,
  keptName: screen === 'media-list' ? 'ouverture-dimanche.png' : null,
  acts: { send: nothing, stop: nothing, remove: nothing, place: nothing },
})
