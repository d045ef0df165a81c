import type { Catalogue, VoiceSettings } from '#shared/domain/catalogue.ts'
import { callPieces, furtherVoices, type Piece, screenPieces } from '#shared/voice/call-pieces.ts'
import {
  BACKLOG_MS_MAX,
  begin,
  CHIME_MS,
  end,
  follow,
  hear,
  nextStep,
  PLANNED_MS_MAX,
  SILENCE,
  type SpeechBacklog,
  type SpeechStep,
  type SpokenCall,
} from '#shared/voice/speech-backlog.ts'
import { SAID_MAX, type TurnBody, type TurnReply, VOICE_TOLD_MS, type VoiceState } from '#shared/wire/voice.ts'
import type { Clips } from './clips.ts'
import type { LobbyVoiceCall } from './lobby-calls.ts'
import type { Player } from './player.ts'

/** Keys of calls that this page has met: more than a lobby calls in an hour of rush. */
const KNOWN_MAX = 400
/** Asks under way at once: one that is slow on its way must not cost the turn. */
const ASKING_MAX = 3
/** Without a voice one chime stands for all that was called meanwhile. */
const CHIME_ALONE_MS = 2_000

/** What the page knows of the lobby. */
export interface VoiceScene {
  readonly calls: readonly LobbyVoiceCall[]
  readonly catalogue: Catalogue
  readonly settings: VoiceSettings
}

export interface SpeakerParts {
  readonly player: Player
  readonly clips: Clips
  /** Another each time the page is loaded. */
  readonly page: string
  /** Asks the branch whether this page may speak; null: nobody answers. */
  readonly ask: (body: TurnBody) => Promise<TurnReply | null>
  readonly fetchStock: (version: string) => Promise<VoiceState | null>
  readonly nowMs: () => number
}

/** The voice of one display: it speaks while its zone's turn is its own, and never makes the screen wait. */
export interface Speaker {
  see(scene: VoiceScene): void
  /** Called every ASK_MS of shared/voice/zone-turn.ts. */
  tick(): void
  isSpeaking(): boolean
  onSpeaking(listener: () => void): () => void
}

interface Unsaid {
  readonly call: LobbyVoiceCall
  readonly heardMs: number
  /** Its sounds are there, or were waited for long enough. */
  isReady: boolean
}

/** Recorded languages that were published after it was called are heard, too. */
const widened = (call: LobbyVoiceCall, stock: VoiceState): LobbyVoiceCall => ({
  ...call,
  voices: furtherVoices(call.voices, stock),
})

function remember(keys: Set<string>, key: string): void {
  keys.add(key)
  for (const old of keys) {
    if (keys.size <= KNOWN_MAX) return
    keys.delete(old)
  }
}

/** Something that is so or not, and who wants to hear of it. */
function createSwitch() {
  const listeners = new Set<() => void>()
  let isOn = false
  return {
    isOn: () => isOn,
    set(next: boolean): void {
      if (isOn === next) return
      isOn = next
      for (const listener of listeners) listener()
    },
    onChange(listener: () => void): () => void {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
  }
}

/** @returns rings; a call without a voice is not rung for right after another */
function createRinger(player: Player, nowMs: () => number): (isAlone: boolean) => Promise<void> {
  let rungMs = Number.NEGATIVE_INFINITY
  return async (isAlone) => {
    if (isAlone && nowMs() - rungMs < CHIME_ALONE_MS) return
    await player.ring(true)
    rungMs = nowMs()
  }
}

export function createSpeaker(parts: SpeakerParts): Speaker {
  const { player, clips, page, ask, fetchStock, nowMs } = parts
  const speaking = createSwitch()
  const ring = createRinger(player, nowMs)
  const known = new Set<string>()
  const said = new Set<string>()
  /** Called, and not yet this page's to say. */
  const unsaid = new Map<string, Unsaid>()
  /** Left out of what is said, until the sentence that sends them to the screen was heard. */
  const shownOnly = new Set<string>()
  const counts = { chime: 0, late: 0, said: 0 }
  let backlog: SpeechBacklog = SILENCE
  let scene: VoiceScene | null = null
  let stock: VoiceState = { version: '', packs: [] }
  let queueIds: readonly string[] | null = null
  let leaseUntilMs = Number.NEGATIVE_INFINITY
  let askedMs = Number.NEGATIVE_INFINITY
  let askingCount = 0
  /** How often this page has said that it wants nothing. */
  let wantedCount = 0

  const holds = (): boolean => nowMs() < leaseUntilMs
  const isOurs = ({ queueId }: LobbyVoiceCall): boolean => queueIds === null || queueIds.includes(queueId)
  const wants = (): boolean =>
    speaking.isOn() || backlog.waiting.length > 0 || [...unsaid.values()].some(({ call }) => isOurs(call))

  function piecesOf(call: SpokenCall | null, voice: string): readonly Piece[] {
    if (scene === null || !scene.settings.speaks) return []
    const { catalogue } = scene
    return call === null ? screenPieces(voice, stock, catalogue) : callPieces(call, voice, stock, catalogue)
  }
  const lengthOf = (call: SpokenCall | null, voice: string): number => clips.lengthMs(piecesOf(call, voice))
  const tools = () => ({ nowMs: nowMs(), lengthOf })

  function note(call: LobbyVoiceCall): void {
    remember(known, call.key)
    // Old news: a page that begins, or a branch that was away.
    if (call.ageMs > BACKLOG_MS_MAX || said.has(call.key)) return
    const fresh: Unsaid = { call, heardMs: nowMs() - call.ageMs, isReady: false }
    unsaid.set(call.key, fresh)
    void clips.load(call.voices.flatMap((voice) => piecesOf(call, voice))).then(() => {
      fresh.isReady = true
      if (holds()) speakNow()
    })
  }

  function dropLate(): void {
    for (const [key, { heardMs, call }] of unsaid)
      if (nowMs() - heardMs > BACKLOG_MS_MAX) {
        unsaid.delete(key)
        if (isOurs(call)) counts.late += 1
      }
  }

  /** Nobody else says what was left out: whoever has come needs no call, the others are sent to the screen. */
  function noteShed(calls: readonly SpokenCall[]): void {
    const kept = new Set(backlog.waiting.flatMap((it) => (it.kind === 'call' ? [it.call.ticketId] : [])))
    for (const { key, ticketId, isStarted } of calls)
      if (kept.has(ticketId)) continue
      else if (isStarted) remember(said, key)
      else shownOnly.add(key)
  }

  /** What is ready joins what is to be said, in the order of the calls. */
  function take(): void {
    for (const [key, { call, isReady, heardMs }] of unsaid) {
      if (!isReady) return
      unsaid.delete(key)
      if (said.has(key) || !isOurs(call)) continue
      // What was left to this page by another has waited already.
      const limitMs = PLANNED_MS_MAX - (nowMs() - heardMs)
      const before = backlog
      backlog = hear(backlog, widened(call, stock), scene?.settings.repeats ?? false, { ...tools(), limitMs })
      noteShed([...before.waiting.flatMap((it) => (it.kind === 'call' ? [it.call] : [])), call])
    }
  }

  /** Somebody else speaks now: what was not said is hers. */
  function giveBack(interrupted: SpokenCall | null): void {
    const calls: readonly { readonly key: string }[] = [
      ...(interrupted === null ? [] : [interrupted]),
      ...backlog.waiting.flatMap((it) => (it.kind === 'call' && !it.isBegun ? [it.call] : [])),
      ...[...shownOnly].map((key) => ({ key })),
    ]
    shownOnly.clear()
    const later = [...unsaid]
    unsaid.clear()
    for (const { key } of calls) {
      const seen = scene?.calls.find((it) => it.key === key)
      if (seen !== undefined && !said.has(key))
        unsaid.set(key, { call: seen, heardMs: nowMs() - seen.ageMs, isReady: true })
    }
    for (const [key, it] of later) unsaid.set(key, it)
    backlog = { ...SILENCE, shed: backlog.shed }
  }

  /** @returns whether it was heard to its end */
  async function say({ call, voice, hasChime }: SpeechStep): Promise<boolean> {
    const pieces = piecesOf(call, voice)
    const sounds = pieces.length === 0 ? null : await clips.load(pieces)
    backlog = begin(backlog, lengthOf(call, voice) + (hasChime ? CHIME_MS : 0), nowMs())
    if (hasChime) await ring(sounds === null)
    for (const sound of sounds ?? []) if (!holds() || !(await player.play(sound))) return false
    if (call !== null && !said.has(call.key)) {
      remember(said, call.key)
      counts[sounds === null ? 'chime' : 'said'] += 1
    }
    if (call === null) {
      for (const key of shownOnly) remember(said, key)
      shownOnly.clear()
    }
    return holds()
  }

  async function speakAll(): Promise<void> {
    for (;;) {
      dropLate()
      take()
      const step = holds() ? nextStep(backlog) : null
      if (step === null) break
      const wasHeard = await say(step)
      backlog = end(backlog)
      if (!wasHeard) giveBack(step.call !== null && !said.has(step.call.key) ? step.call : null)
    }
  }

  function speakNow(): void {
    if (speaking.isOn() || scene === null) return
    speaking.set(true)
    speakAll()
      // A browser that threw has lost this sentence, not the voice.
      .catch(() => giveBack(null))
      .finally(() => {
        speaking.set(false)
        if (!wants()) void askNow()
      })
  }

  async function learn(reply: TurnReply): Promise<void> {
    queueIds = reply.queueIds
    for (const key of reply.said) {
      remember(said, key)
      unsaid.delete(key)
    }
    if (reply.version === stock.version) return
    stock = (await fetchStock(reply.version)) ?? stock
  }

  async function askNow(): Promise<void> {
    if (askingCount >= ASKING_MAX) return
    askingCount += 1
    const sentMs = nowMs()
    askedMs = sentMs
    const isWanting = wants()
    // Whoever asks for nothing is silent from here on, until she asks again.
    if (!isWanting) leaseUntilMs = Number.NEGATIVE_INFINITY
    const wanted = wantedCount
    const body = {
      ...{ page, canSound: player.canSound(), wants: isWanting },
      said: [...said].slice(-SAID_MAX),
      counts: { ...backlog.shed, ...counts },
    }
    if (!isWanting) wantedCount += 1
    const reply = await ask(body)
    askingCount -= 1
    if (reply === null) return
    // A lease that was asked for before this page said that it is silent is no longer its own.
    if (reply.leaseMs > 0 && wanted === wantedCount) {
      leaseUntilMs = Math.max(leaseUntilMs, sentMs + reply.leaseMs)
      player.openFor(leaseUntilMs - nowMs())
    }
    await learn(reply)
    if (holds()) speakNow()
  }

  return {
    see(next) {
      const calls = next.calls.map((call) => widened(call, stock))
      scene = { ...next, calls }
      const byKey = new Map(calls.map((call) => [call.key, call]))
      for (const key of unsaid.keys()) if (!byKey.has(key)) unsaid.delete(key)
      const fresh = calls.filter(({ key }) => !known.has(key))
      for (const call of fresh) note(call)
      backlog = follow(backlog, (key) => byKey.get(key) ?? null, tools())
      if (fresh.length > 0) void askNow()
    },
    tick() {
      if (!player.canSound()) player.heal()
      if (speaking.isOn() && !holds()) player.stop()
      if (!speaking.isOn()) dropLate()
      if (wants() || nowMs() - askedMs >= VOICE_TOLD_MS) void askNow()
    },
    isSpeaking: speaking.isOn,
    onSpeaking: speaking.onChange,
  }
}
