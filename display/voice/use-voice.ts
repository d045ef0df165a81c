import { useEffect, useMemo, useSyncExternalStore } from 'react'
import { type BranchView, branchMoment } from '#shared/client/follow-state.ts'
import { getJson } from '#shared/client/get-json.ts'
import { voiceSettingsOf } from '#shared/domain/catalogue-defaults.ts'
import { ASK_MS } from '#shared/voice/zone-turn.ts'
import type { TurnBody, TurnReply, VoiceState } from '#shared/wire/voice.ts'
import { createClips, fetchClip } from './clips.ts'
import { lobbyVoiceCalls } from './lobby-calls.ts'
import { createPlayer, type Player } from './player.ts'
import { createSpeaker, type Speaker } from './speaker.ts'

/** A turn that is answered later than this is nearly over. */
const ANSWER_MS_MAX = 1_000

const rest = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))

async function askBranch(body: TurnBody): Promise<TurnReply | null> {
  try {
    const answer = await fetch('/api/v1/voice/turn', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
      signal: AbortSignal.timeout(ANSWER_MS_MAX),
    })
    return answer.ok ? ((await answer.json()) as TurnReply) : null
  } catch {
    // Without the branch nothing new is called: silence is right.
    return null
  }
}

const fetchStock = async (version: string): Promise<VoiceState | null> =>
  (await getJson(`/local/v1/voice?version=${encodeURIComponent(version)}`)) as VoiceState | null

export interface DisplayVoice {
  readonly player: Player
  readonly speaker: Speaker
}

/** @param nowMs - the page's steady clock */
export function browserVoice(nowMs: () => number): DisplayVoice {
  const player = createPlayer()
  const clips = createClips({ fetchBytes: fetchClip, decode: player.decode, wait: rest })
  const page = crypto.randomUUID()
  return { player, speaker: createSpeaker({ player, clips, page, ask: askBranch, fetchStock, nowMs }) }
}

/** Has the calls of the branch spoken, behind the screen. */
export function useVoice({ state, clock, phase }: BranchView, { speaker }: DisplayVoice, nowMs: () => number): void {
  useEffect(() => {
    const catalogue = state?.catalogue?.body
    const moment = branchMoment(clock, nowMs())
    if (state === null || catalogue === undefined || moment === null) return
    const settings = voiceSettingsOf(catalogue)
    speaker.see({ calls: lobbyVoiceCalls(state, moment.steadyMs), catalogue, settings })
  }, [state, clock, speaker, nowMs])
  const isFollowing = phase === 'following'
  useEffect(() => {
    if (!isFollowing) return
    const timer = setInterval(speaker.tick, ASK_MS)
    return () => clearInterval(timer)
  }, [isFollowing, speaker])
}

/** Whether this display speaks just now: what else sounds beside it is to be quiet. */
export function useSpeaking(speaker: Speaker): boolean {
  const subscribe = useMemo(() => (listener: () => void) => speaker.onSpeaking(listener), [speaker])
  return useSyncExternalStore(subscribe, speaker.isSpeaking)
}
