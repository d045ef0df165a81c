import { expect, test } from 'vitest'
import type { MediaId } from '#shared/domain/ids.ts'
import { type MediaType, SLIDE_SECONDS } from '#shared/wire/media.ts'
import { slidesOf } from './slides.ts'

const ready = new Map<string, MediaType>([
  ['film', 'video/webm'],
  ['picture', 'image/png'],
])
const layout = { side: 'media', ticker: false, clock: true } as const

test('where nobody says how long, a picture stands for the usual time and a film is shown to its end', () => {
  const slides = slidesOf(layout, [{ mediaId: 'film' as MediaId }, { mediaId: 'picture' as MediaId }], ready)
  expect(slides).toEqual([
    { kind: 'film', mediaId: 'film', seconds: SLIDE_SECONDS.max },
    { kind: 'picture', mediaId: 'picture', seconds: SLIDE_SECONDS.usual },
  ])
})

test('what somebody says holds for both, and a file that is not here leaves no gap', () => {
  const playlist = ['film', 'gone', 'picture'].map((mediaId) => ({ mediaId: mediaId as MediaId, seconds: 9 }))
  expect(slidesOf(layout, playlist, ready).map(({ kind, seconds }) => [kind, seconds])).toEqual([
    ['film', 9],
    ['picture', 9],
  ])
})
