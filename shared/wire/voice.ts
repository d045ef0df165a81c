import { Type } from 'typebox'
import { LANGUAGES } from '../domain/ids.ts'
import { PHRASE_KINDS, type VoicePack } from '../voice/call-pieces.ts'
import { SHEDDINGS, type ShedCounts } from '../voice/speech-backlog.ts'
import { CLIP_ID_PATTERN, GROUPINGS, NUMERALS, VOICE_PARTS } from '../voice/voice-form.ts'
import { VOICE_TAG_PATTERN } from './catalogue-body.ts'
import { literals, type ParsedBy, strict } from './schema.ts'

/** One clip of a pack, a WAV file of 16 bits and one channel; as base64 it passes through a caller's host. */
export const CLIP_BYTES_MAX = 180 * 1024
export const CLIP_MS_MAX = 4_000
export const CLIP_RATES = { min: 8_000, max: 48_000 } as const
export const PACKS_MAX = 12
export const CLIPS_PER_PACK_MAX = 160

const tag = Type.String({ pattern: VOICE_TAG_PATTERN })
export const PackParams = Type.Object({ tag }, strict)
export const ClipParams = Type.Object({ tag, clipId: Type.String({ pattern: CLIP_ID_PATTERN }) }, strict)

export const PackBody = Type.Object(
  {
    name: Type.String({ minLength: 1, maxLength: 60, pattern: '\\S' }),
    /** Left out: the product's own for its languages, every figure by itself for others. */
    form: Type.Optional(
      Type.Object(
        {
          order: Type.Array(literals(VOICE_PARTS), { minItems: 1, maxItems: VOICE_PARTS.length, uniqueItems: true }),
          grouping: literals(GROUPINGS),
          numerals: literals(NUMERALS),
        },
        strict,
      ),
    ),
    /** Whether displays say it; left out: as it was, and a new one is. */
    isPublished: Type.Optional(Type.Boolean()),
  },
  strict,
)
export type PackBody = ParsedBy<typeof PackBody>

export const ClipBody = Type.Object(
  {
    wav: Type.String({
      minLength: 60,
      maxLength: Math.ceil(CLIP_BYTES_MAX / 3) * 4,
      pattern: '^[A-Za-z0-9+/]+={0,2}$',
    }),
  },
  strict,
)
export type ClipBody = ParsedBy<typeof ClipBody>

/** A pack as whoever records it sees it. */
export interface PackState extends VoicePack {
  /** Displays say it; otherwise it is still being recorded. */
  readonly isPublished: boolean
  /** What is still to be recorded before it is heard. */
  readonly missing: readonly string[]
}

/** What a branch can say. */
export interface VoiceState {
  /** Another whenever a pack or a clip is. */
  readonly version: string
  readonly packs: readonly PackState[]
}

export const HashParams = Type.Object({ hash: Type.String({ pattern: '^[0-9a-f]{64}$' }) }, strict)
export const PhraseParams = Type.Object(
  {
    language: literals(LANGUAGES),
    kind: literals(PHRASE_KINDS),
    value: Type.String({ pattern: '^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$' }),
  },
  strict,
)
/** The text that the display made of its catalogue: another than the branch's is not said. */
export const PhraseQuery = Type.Object({ text: Type.String({ minLength: 1, maxLength: 300 }) }, strict)

/** Calls whose keys one ask carries. */
export const SAID_MAX = 40

/** Why a call was heard with the chime alone, or not at all, beside what the backlog left out. */
export const UNSAID = ['chime', 'late'] as const
export const VOICE_COUNTS = [...SHEDDINGS, ...UNSAID, 'said'] as const
export type VoiceCounts = ShedCounts & { readonly [count in (typeof UNSAID)[number] | 'said']: number }

const count = Type.Integer({ minimum: 0, maximum: 1_000_000_000 })

/** A display's page says how it is heard, and asks whether it may speak. */
export const TurnBody = Type.Object(
  {
    /** Another each time the page is loaded. */
    page: Type.String({ pattern: '^[A-Za-z0-9-]{8,40}$' }),
    canSound: Type.Boolean(),
    wants: Type.Boolean(),
    /** What it has said lately, so that nobody says it again. */
    said: Type.Array(Type.String({ minLength: 1, maxLength: 80 }), { maxItems: SAID_MAX }),
    /** Since it was loaded. */
    counts: Type.Object(
      {
        ...{ repeat: count, language: count, joined: count, started: count, screen: count },
        ...{ chime: count, late: count, said: count },
      },
      strict,
    ),
  },
  strict,
)
export type TurnBody = ParsedBy<typeof TurnBody>

export interface TurnReply {
  /** So long from when it asked the page may speak; 0: not now. */
  readonly leaseMs: number
  /** What was said in this zone lately. */
  readonly said: readonly string[]
  /** Whose calls are heard in this zone; null: everybody's. */
  readonly queueIds: readonly string[] | null
  /** The version of the packs. */
  readonly version: string
}

/** How often a page that has nothing to say tells how it is heard. */
export const VOICE_TOLD_MS = 10_000

/** One display as staff hear of it. `muted`: its browser makes no sound. `silent`: nothing is heard of its page. */
export interface DisplayVoice {
  readonly deviceId: string
  readonly name: string
  readonly zone: string
  readonly sound: 'ready' | 'muted' | 'silent'
}
