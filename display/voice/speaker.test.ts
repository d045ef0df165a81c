import { expect, test, vi } from 'vitest'
import { PLAIN_VOICE } from '#shared/domain/catalogue-defaults.ts'
import { bank } from '#shared/domain/testing/bank.ts'
import type { Piece } from '#shared/voice/call-pieces.ts'
import type { TurnBody, TurnReply } from '#shared/wire/voice.ts'
import type { LobbyVoiceCall } from './lobby-calls.ts'
import type { Player } from './player.ts'
import { createSpeaker, type VoiceScene } from './speaker.ts'

const LEASE_MS = 1_500
const [counter] = bank.counters

const call = (nth: number, more: Partial<LobbyVoiceCall> = {}): LobbyVoiceCall => ({
  ...{ key: `A00${nth}@1`, ticketId: `ticket-${nth}`, number: `A00${nth}`, counterId: counter?.id ?? '' },
  ...{ voices: ['fr'], isStarted: false, queueId: 'tellers' as never, ageMs: 0 },
  ...more,
})
const scene = (...calls: readonly LobbyVoiceCall[]): VoiceScene => ({
  ...{ calls, catalogue: bank, settings: { ...PLAIN_VOICE, repeats: false } },
})

/** A page with a loudspeaker that takes no time, and a branch that answers as it is told. */
function page(reply: Partial<TurnReply> | null, hasClips = true) {
  const heard: string[] = []
  const asked: TurnBody[] = []
  const player: Player = {
    canSound: () => true,
    heal: () => {},
    openFor: () => {},
    stop: () => {},
    decode: async () => null,
    async ring() {
      heard.push('♪')
      return true
    },
    async play(sound) {
      heard.push(String(sound))
      return true
    },
  }
  const speaker = createSpeaker({
    player,
    clips: {
      load: async (pieces: readonly Piece[]) => (hasClips ? (pieces.map(({ says }) => says) as never) : null),
      lengthMs: (pieces) => pieces.length * 900,
    },
    page: 'page-0001',
    async ask(body) {
      asked.push(body)
      return reply === null ? null : { leaseMs: LEASE_MS, said: [], queueIds: null, version: '', ...reply }
    },
    fetchStock: async () => null,
    nowMs: () => 1_000,
  })
  return { speaker, heard, asked }
}

test('a page whose turn it is says what was called, tells that it has, and asks for no more', async () => {
  const { speaker, heard, asked } = page({})
  speaker.see(scene(call(1)))
  await vi.waitFor(() => expect(asked.at(-1)).toMatchObject({ wants: false, said: ['A001@1'] }))
  expect(heard).toHaveLength(3)
  expect(heard.slice(0, 2)).toEqual(['♪', 'A 0 0 1'])
  expect(asked[0]).toMatchObject({ wants: true, canSound: true, said: [] })
  expect([asked.at(-1)?.counts.said, speaker.isSpeaking()]).toEqual([1, false])
  // Seen again it is not said again.
  speaker.see(scene(call(1)))
  await new Promise((resolve) => setTimeout(resolve, 5))
  expect(heard).toHaveLength(3)
})

test('a page whose turn it is not, or that the branch does not answer, is silent', async () => {
  for (const reply of [{ leaseMs: 0 }, null]) {
    const { speaker, heard, asked } = page(reply)
    speaker.see(scene(call(1)))
    speaker.tick()
    await new Promise((resolve) => setTimeout(resolve, 5))
    expect([heard, asked[0]?.wants]).toEqual([[], true])
  }
})

test('nothing is said that another has said, that is too old, that was taken back, or that is heard elsewhere', async () => {
  const said = page({ said: ['A001@1'] })
  said.speaker.see(scene(call(1)))
  const old = page({})
  old.speaker.see(scene(call(1, { ageMs: 16_000 })))
  const elsewhere = page({ queueIds: ['advice'] })
  elsewhere.speaker.see(scene(call(1)))
  const back = page({ leaseMs: 0 })
  back.speaker.see(scene(call(1)))
  back.speaker.see(scene())
  await new Promise((resolve) => setTimeout(resolve, 5))
  for (const { heard } of [said, old, elsewhere, back]) expect(heard).toEqual([])
})

test('where no clip is there the chime alone is heard, and counted', async () => {
  const { speaker, heard, asked } = page({}, false)
  speaker.see(scene(call(1)))
  await vi.waitFor(() => expect(asked.at(-1)).toMatchObject({ wants: false }))
  expect(heard).toEqual(['♪'])
  expect(asked.at(-1)?.counts).toMatchObject({ chime: 1, said: 0 })
})
