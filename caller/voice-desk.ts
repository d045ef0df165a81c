import type { ClipFault } from '#shared/voice/shape-clip.ts'
import type { RecordProgress, ToRecord } from '#shared/voice/to-record.ts'
import type { ClipId } from '#shared/voice/voice-form.ts'
import type { PackState } from '#shared/wire/voice.ts'
import type { MicrophoneFault } from './devices/microphone.ts'
import type { Fetched } from './reports.ts'

/** Why a recording, or what was done with it, came to nothing. */
export type VoiceFault =
  | { readonly kind: 'heard'; readonly fault: MicrophoneFault | ClipFault | 'not-played' }
  /** The branch refused it, by the code of a problem. */
  | { readonly kind: 'refused'; readonly code: string }

/** `asking`: the browser asks whether it may listen. `making`: what was said is being shaped and sent. */
export type VoiceStep = 'idle' | 'asking' | 'listening' | 'making' | 'playing'

/** What the page for recorded voices draws, and what can be done there. */
export interface VoiceDesk {
  readonly packs: Fetched<readonly PackState[]>
  /** The voice that is open; null: the list of them. */
  readonly pack: PackState | null
  /** All that is to be recorded for it, in order. */
  readonly list: readonly ToRecord[]
  readonly progress: RecordProgress
  /** What is asked for now; null: all is recorded, and nothing was chosen. */
  readonly asked: ToRecord | null
  readonly step: VoiceStep
  readonly fault: VoiceFault | null
  /** The clip that was kept last; null as soon as something else is done. */
  readonly keptId: ClipId | null
  /** The browser gives no microphone here: recordings come as files, as a phone makes them. */
  readonly isByFile: boolean
  readonly acts: VoiceActs
}

export interface VoiceActs {
  /** How loud it is just now, 0 … 1; 0 while nobody listens. */
  level(): number
  open(tag: string | null): void
  create(tag: string, name: string): void
  choose(clipId: ClipId): void
  /** Begins to listen, or ends it. */
  record(): void
  /** A recording that was made elsewhere. */
  takeFile(file: Blob): void
  play(hash: string): void
  forget(clipId: ClipId): void
  publish(isPublished: boolean): void
  remove(): void
}

const isPack = (it: unknown): it is PackState =>
  typeof it === 'object' && it !== null && 'tag' in it && 'form' in it && 'clips' in it && Array.isArray(it.clips)

/** @returns null for anything else */
export function readPacks(json: unknown): readonly PackState[] | null {
  const packs = typeof json === 'object' && json !== null && 'packs' in json ? json.packs : null
  return Array.isArray(packs) && packs.every(isPack) ? packs : null
}
