import type { RecordedClip, VoicePack } from '../voice/call-pieces.ts'
import { CLIP_ID_PATTERN, GROUPINGS, NUMERALS, VOICE_PARTS, type VoiceForm } from '../voice/voice-form.ts'
import { VOICE_TAG_PATTERN } from './catalogue-body.ts'
import { CLIPS_PER_PACK_MAX, PACKS_MAX, type PackState, type VoiceState } from './voice.ts'

/** Recorded voices as files have them: a stick, a fault of a disk or another version may have written what is read. */

const IS_TAG = new RegExp(VOICE_TAG_PATTERN)
const IS_CLIP = new RegExp(CLIP_ID_PATTERN)
const IS_HASH = /^[0-9a-f]{64}$/

type Fields<Shape> = { readonly [field in keyof Shape]?: unknown }

const fieldsOf = <Shape>(json: unknown): Fields<Shape> => (typeof json === 'object' && json !== null ? json : {})
const isOneOf = (known: readonly string[], value: unknown): boolean => known.some((each) => each === value)
const matches = (pattern: RegExp, value: unknown): boolean => typeof value === 'string' && pattern.test(value)

function isForm(json: unknown): boolean {
  const { order, grouping, numerals } = fieldsOf<VoiceForm>(json)
  return (
    Array.isArray(order) &&
    order.length > 0 &&
    order.every((part) => isOneOf(VOICE_PARTS, part)) &&
    isOneOf(GROUPINGS, grouping) &&
    isOneOf(NUMERALS, numerals)
  )
}

function isClip(json: unknown): boolean {
  const { clipId, hash, ms } = fieldsOf<RecordedClip>(json)
  return matches(IS_CLIP, clipId) && matches(IS_HASH, hash) && typeof ms === 'number' && ms >= 0
}

/** Whether that is a recorded voice, whatever else stands beside it. */
export function isVoicePack(json: unknown): json is VoicePack {
  const { tag, name, form, clips } = fieldsOf<VoicePack>(json)
  const isNamed = matches(IS_TAG, tag) && typeof name === 'string' && name !== ''
  return isNamed && isForm(form) && Array.isArray(clips) && clips.length <= CLIPS_PER_PACK_MAX && clips.every(isClip)
}

function isPackState(json: unknown): json is PackState {
  const { isPublished, missing } = fieldsOf<PackState>(json)
  return isVoicePack(json) && typeof isPublished === 'boolean' && Array.isArray(missing)
}

/** What a branch says that it can say. @returns null for anything else */
export function voiceStateOf(json: unknown): VoiceState | null {
  const { version, packs } = fieldsOf<VoiceState>(json)
  const isWhole =
    typeof version === 'string' && Array.isArray(packs) && packs.length <= PACKS_MAX && packs.every(isPackState)
  return isWhole ? { version, packs } : null
}
