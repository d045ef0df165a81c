import { voiceSettingsOf } from '#shared/domain/catalogue-defaults.ts'
import type { QueueId, SteadyMs } from '#shared/domain/ids.ts'
import type { BranchState } from '#shared/domain/state.ts'
import type { Ticket } from '#shared/domain/ticket.ts'
import { voicesFor } from '#shared/voice/call-pieces.ts'
import type { SpokenCall } from '#shared/voice/speech-backlog.ts'

/** A call is looked after so long: whether its customer comes, or it is taken back. */
const FOLLOWED_MS = 60_000

/** A call as the lobby may hear it. */
export interface LobbyVoiceCall extends SpokenCall {
  readonly queueId: QueueId
  /** Since it was called. */
  readonly ageMs: number
}

function spoken({ facts, phase }: Ticket, further: readonly string[], nowMs: SteadyMs): LobbyVoiceCall | null {
  if (facts.isTraining || (phase.status !== 'called' && phase.status !== 'serving')) return null
  const calledMs = facts.lastCalledSteadyMs
  // Who is served at once was never called.
  if (calledMs === null || nowMs - calledMs > FOLLOWED_MS) return null
  return {
    key: `${facts.number}@${calledMs}`,
    ticketId: facts.ticketId,
    number: facts.number,
    counterId: phase.counterId,
    voices: voicesFor(facts.language, further),
    isStarted: phase.status === 'serving',
    queueId: facts.queueId,
    ageMs: Math.max(0, nowMs - calledMs),
  }
}

/** The calls of the last minute that still hold, the earliest first. @param nowMs - the branch's steady time */
export function lobbyVoiceCalls(state: BranchState, nowMs: SteadyMs): readonly LobbyVoiceCall[] {
  const catalogue = state.catalogue?.body
  if (catalogue === undefined) return []
  const { furtherLanguages } = voiceSettingsOf(catalogue)
  const calls: LobbyVoiceCall[] = []
  for (const ticket of state.tickets.values()) {
    const call = spoken(ticket, furtherLanguages, nowMs)
    if (call !== null) calls.push(call)
  }
  return calls.toSorted((a, b) => b.ageMs - a.ageMs || (a.key < b.key ? -1 : 1))
}
