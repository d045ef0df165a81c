import type { VoiceTag } from './call-pieces.ts'

/** Nobody hears of a call later than this after it stands on the screen. */
export const BACKLOG_MS_MAX = 15_000
/** What is planned: two seconds less, for sounds that begin late and clips whose length was not known yet. */
export const PLANNED_MS_MAX = 13_000
/** Before each announcement: the chime, and a breath. */
export const CHIME_MS = 750
/** Between two voices. */
export const BREATH_MS = 150

/** What was left out so that speech keeps up, in the order in which it is left out. */
export const SHEDDINGS = ['repeat', 'language', 'joined', 'started', 'screen'] as const
export type Shedding = (typeof SHEDDINGS)[number]
export type ShedCounts = { readonly [shedding in Shedding]: number }

/** One call or recall, as it is to be heard. */
export interface SpokenCall {
  /** Another for each call and recall. */
  readonly key: string
  readonly ticketId: string
  readonly number: string
  readonly counterId: string
  /** The customer's own first; never none. */
  readonly voices: readonly VoiceTag[]
  /** The customer is at the counter already. */
  readonly isStarted: boolean
}

interface WaitingCall {
  readonly kind: 'call'
  readonly call: SpokenCall
  /** Still to be said. */
  readonly voices: readonly VoiceTag[]
  /** Its first voice is said once more, if nothing else waits by then. */
  readonly isRepeated: boolean
  /** Said right after the one before, without a chime of its own. */
  readonly isJoined: boolean
  /** Its first voice has been begun: it can no longer be taken back as a whole. */
  readonly isBegun: boolean
}

/** Stands for calls that are not said one by one: look at the screen. */
interface WaitingScreen {
  readonly kind: 'screen'
  readonly voices: readonly VoiceTag[]
  readonly isJoined: boolean
}

type Waiting = WaitingCall | WaitingScreen

/** What is to be said, and what is being said. Pure: time and lengths are arguments. */
export interface SpeechBacklog {
  readonly waiting: readonly Waiting[]
  /** null: nothing is being said. */
  readonly untilMs: number | null
  readonly shed: ShedCounts
}

/** How long a voice takes for a call; for null, to ask for a look at the screen. */
export type LengthOf = (call: SpokenCall | null, voice: VoiceTag) => number

export const NO_SHEDDING: ShedCounts = { repeat: 0, language: 0, joined: 0, started: 0, screen: 0 }
export const SILENCE: SpeechBacklog = { waiting: [], untilMs: null, shed: NO_SHEDDING }

export interface BacklogTools {
  readonly nowMs: number
  readonly lengthOf: LengthOf
  /** Less than PLANNED_MS_MAX for a call that comes late, as after whoever was to say it fell silent. */
  readonly limitMs?: number
}

function costMs(it: Waiting, lengthOf: LengthOf): number {
  const call = it.kind === 'call' ? it.call : null
  const voices = it.voices.reduce((sum, voice) => sum + BREATH_MS + lengthOf(call, voice), 0)
  const isRung = it.isJoined || (it.kind === 'call' && it.isBegun)
  const [first] = it.kind === 'call' ? it.call.voices : []
  const again = it.kind === 'call' && it.isRepeated && first !== undefined ? BREATH_MS + lengthOf(call, first) : 0
  return voices + again + (isRung ? 0 : CHIME_MS)
}

/** How long it takes until all is said that is to be said. */
export function backlogMs({ waiting, untilMs }: SpeechBacklog, { nowMs, lengthOf }: BacklogTools): number {
  const left = untilMs === null ? 0 : Math.max(0, untilMs - nowMs)
  return waiting.reduce((sum, it) => sum + costMs(it, lengthOf), left)
}

const counted = (backlog: SpeechBacklog, shedding: Shedding, by: number): SpeechBacklog => ({
  ...backlog,
  shed: { ...backlog.shed, [shedding]: backlog.shed[shedding] + by },
})

const withAt = (backlog: SpeechBacklog, at: number, it: Waiting): SpeechBacklog => ({
  ...backlog,
  waiting: backlog.waiting.with(at, it),
})

/** A call is said twice only while nothing else waits. */
function withoutRepeats(backlog: SpeechBacklog): SpeechBacklog {
  const repeated = backlog.waiting.filter((it) => it.kind === 'call' && it.isRepeated).length
  if (backlog.waiting.length < 2 || repeated === 0) return backlog
  const waiting = backlog.waiting
    .map((it): Waiting => (it.kind === 'call' ? { ...it, isRepeated: false } : it))
    .filter((it) => it.voices.length > 0)
  return counted({ ...backlog, waiting }, 'repeat', repeated)
}

/** The last further language of the call that came last and still has one. */
function withoutLanguage(backlog: SpeechBacklog): SpeechBacklog | null {
  const at = backlog.waiting.findLastIndex((it) => it.kind === 'call' && it.voices.length > (it.isBegun ? 0 : 1))
  const it = backlog.waiting[at]
  if (it === undefined) return null
  const rest = it.voices.slice(0, -1)
  const isOver = rest.length === 0 && it.kind === 'call' && !it.isRepeated
  const waiting = isOver ? backlog.waiting.toSpliced(at, 1) : backlog.waiting.with(at, { ...it, voices: rest })
  return counted({ ...backlog, waiting }, 'language', 1)
}

/** Everything that follows on something else is said with it, after one chime. */
function withJoining(backlog: SpeechBacklog): SpeechBacklog | null {
  const canJoin = (it: Waiting, at: number): boolean => !it.isJoined && at > 0 && !(it.kind === 'call' && it.isBegun)
  const count = backlog.waiting.filter(canJoin).length
  if (count === 0) return null
  const waiting = backlog.waiting.map((it, at) => (canJoin(it, at) ? { ...it, isJoined: true } : it))
  return counted({ ...backlog, waiting }, 'joined', count)
}

/** Whoever stands at the counter needs no call: the one that waits longest goes first. */
function withoutStarted(backlog: SpeechBacklog): SpeechBacklog | null {
  const at = backlog.waiting.findIndex((it) => it.kind === 'call' && it.call.isStarted && !it.isBegun)
  return at === -1 ? null : counted({ ...backlog, waiting: backlog.waiting.toSpliced(at, 1) }, 'started', 1)
}

/** The last resort, so that the limit always holds: those called last are only shown, and one sentence says so. */
function toTheScreen(backlog: SpeechBacklog): SpeechBacklog | null {
  const at = backlog.waiting.findLastIndex((it) => it.kind === 'call' && !it.isBegun)
  const it = backlog.waiting[at]
  if (it === undefined || it.kind !== 'call') return null
  const waiting = backlog.waiting.toSpliced(at, 1)
  const isTold = waiting.some(({ kind }) => kind === 'screen')
  const told: WaitingScreen = { kind: 'screen', voices: it.call.voices.slice(0, 1), isJoined: waiting.length > 0 }
  return counted({ ...backlog, waiting: isTold ? waiting : [...waiting, told] }, 'screen', 1)
}

const STEPS = [withoutLanguage, withJoining, withoutStarted, toTheScreen] as const

/** Leaves out as little as the limit asks for, in the order in which people miss it least. */
export function shed(backlog: SpeechBacklog, tools: BacklogTools): SpeechBacklog {
  const { limitMs = PLANNED_MS_MAX } = tools
  let kept = withoutRepeats(backlog)
  for (const step of STEPS)
    while (backlogMs(kept, tools) > limitMs) {
      const less = step(kept)
      if (less === null) break
      kept = less
    }
  return kept
}

/** A call that came. A recall of a ticket that still waits to be said takes its place. */
export function hear(
  backlog: SpeechBacklog,
  call: SpokenCall,
  isRepeated: boolean,
  tools: BacklogTools,
): SpeechBacklog {
  const at = backlog.waiting.findIndex((it) => it.kind === 'call' && it.call.ticketId === call.ticketId && !it.isBegun)
  const before = backlog.waiting[at]
  if (before !== undefined && before.kind === 'call')
    return shed(withAt(backlog, at, { ...before, call, voices: call.voices.slice(0, before.voices.length) }), tools)
  const fresh: WaitingCall = { kind: 'call', call, voices: call.voices, isRepeated, isJoined: false, isBegun: false }
  return shed({ ...backlog, waiting: [...backlog.waiting, fresh] }, tools)
}

/** What has become of calls that wait: a customer who came, or one who is called no longer and is said no more. */
export function follow(
  backlog: SpeechBacklog,
  find: (key: string) => SpokenCall | null,
  tools: BacklogTools,
): SpeechBacklog {
  const waiting = backlog.waiting.flatMap((it): readonly Waiting[] => {
    if (it.kind === 'screen') return [it]
    const call = find(it.call.key)
    if (call === null) return []
    return [call.isStarted === it.call.isStarted ? it : { ...it, call }]
  })
  return shed({ ...backlog, waiting }, tools)
}

/** One voice of one call, or the sentence about the screen. */
export interface SpeechStep {
  readonly call: SpokenCall | null
  readonly voice: VoiceTag
  readonly hasChime: boolean
}

/** What is to be said now; null: nothing, or something is being said. */
export function nextStep({ waiting, untilMs }: SpeechBacklog): SpeechStep | null {
  const [it] = waiting
  if (untilMs !== null || it === undefined) return null
  if (it.kind === 'screen') {
    const [voice] = it.voices
    return voice === undefined ? null : { call: null, voice, hasChime: !it.isJoined }
  }
  // Nothing else waits where it is said once more.
  const voice = it.voices[0] ?? it.call.voices[0]
  return voice === undefined ? null : { call: it.call, voice, hasChime: !it.isJoined && !it.isBegun }
}

/** The next step is being said. @param lengthMs - with its chime */
export function begin(backlog: SpeechBacklog, lengthMs: number, nowMs: number): SpeechBacklog {
  const [it, ...rest] = backlog.waiting
  const untilMs = nowMs + lengthMs
  if (it === undefined || it.kind === 'screen') return { ...backlog, waiting: rest, untilMs }
  const isAgain = it.voices.length === 0
  const voices = it.voices.slice(1)
  const isRepeated = it.isRepeated && !isAgain
  const isOver = voices.length === 0 && !isRepeated
  return { ...backlog, waiting: isOver ? rest : [{ ...it, voices, isRepeated, isBegun: true }, ...rest], untilMs }
}

/** It has been said, or broken off. */
export const end = (backlog: SpeechBacklog): SpeechBacklog => ({ ...backlog, untilMs: null })
