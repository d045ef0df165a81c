import { hash } from 'node:crypto'
import { mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { syncFolder, writeWhole } from '#shared/disk/write-whole.ts'
import { LANGUAGES, type Language } from '#shared/domain/ids.ts'
import { isPlainWav, loudness, secondsOf, trimmed } from '#shared/speech/wav.ts'
import type { RecordedClip } from '#shared/voice/call-pieces.ts'
import { type ClipId, clipsOf, PLAIN_FORM, VOICE_FORMS, type VoiceForm } from '#shared/voice/voice-form.ts'
import {
  CLIP_BYTES_MAX,
  CLIP_MS_MAX,
  CLIP_RATES,
  CLIPS_PER_PACK_MAX,
  PACKS_MAX,
  type PackBody,
  type PackState,
} from '#shared/wire/voice.ts'
import { isVoicePack } from '#shared/wire/voice-packs.ts'
import type { Log } from '../log.ts'

/** A pack as its `pack.json` has it; its sounds lie beside, each under its clip's name. */
interface KeptPack {
  readonly tag: string
  readonly name: string
  readonly form: VoiceForm
  readonly clips: readonly RecordedClip[]
  /** Left out in files of before there were drafts. */
  readonly isPublished?: boolean
}

export type PackRefusal = 'PackUnknown' | 'PacksFull' | 'ClipInvalid' | 'ClipUnknown'

/** What people have recorded, on disk beside the database; it is in the night's backup. */
export interface Packs {
  all(): readonly PackState[]
  /** Another whenever something is that displays say. */
  version(): string
  /** Makes a pack, or changes its name and form; its clips stay. */
  set(tag: string, body: PackBody): PackState | PackRefusal
  remove(tag: string): PackRefusal | null
  putClip(tag: string, clipId: ClipId, wav: Buffer): RecordedClip | PackRefusal
  removeClip(tag: string, clipId: ClipId): PackRefusal | null
  /** @returns null when no pack has such a sound */
  clip(clipHash: string): Promise<Buffer | null>
}

/** Quieter than this nobody has said anything. */
const SILENCE = 0.005
const NAME = 'pack.json'

const formFor = (tag: string): VoiceForm =>
  (LANGUAGES as readonly string[]).includes(tag) ? VOICE_FORMS[tag as Language] : PLAIN_FORM

function readPacks(folder: string, log: Log): Map<string, KeptPack> {
  const packs = new Map<string, KeptPack>()
  for (const tag of readdirSync(folder).toSorted())
    try {
      const kept: unknown = JSON.parse(readFileSync(join(folder, tag, NAME), 'utf8'))
      // Its tag is where its sounds are looked for.
      if (isVoicePack(kept) && kept.tag === tag) packs.set(tag, kept)
      else log.warn({ tag }, 'what lies there is no recorded voice')
    } catch (error) {
      log.warn({ err: error, tag }, 'a recorded voice cannot be read')
    }
  return packs
}

const isPublished = (pack: KeptPack): boolean => pack.isPublished !== false

const stateOf = (pack: KeptPack): PackState => ({
  ...pack,
  isPublished: isPublished(pack),
  missing: clipsOf(pack.form).filter((clipId) => !pack.clips.some((clip) => clip.clipId === clipId)),
})

export function openPacks(folder: string, log: Log): Packs {
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const packs = readPacks(folder, log)
  const wavOf = (tag: string, clipId: ClipId): string => join(folder, tag, `${clipId}.wav`)
  const versionNow = (): string => hash('sha256', JSON.stringify([...packs.values()].filter(isPublished))).slice(0, 16)
  let version = versionNow()

  function keep(pack: KeptPack): KeptPack {
    writeWhole(join(folder, pack.tag, NAME), JSON.stringify(pack))
    packs.set(pack.tag, pack)
    version = versionNow()
    return pack
  }

  return {
    all: () => [...packs.values()].map(stateOf),
    version: () => version,
    set(tag, { name, form, isPublished: isSaid }) {
      const before = packs.get(tag)
      if (before === undefined && packs.size >= PACKS_MAX) return 'PacksFull'
      mkdirSync(join(folder, tag), { recursive: true, mode: 0o700 })
      syncFolder(folder)
      return stateOf(
        keep({
          ...{ tag, name, form: form ?? before?.form ?? formFor(tag), clips: before?.clips ?? [] },
          isPublished: isSaid ?? before?.isPublished ?? true,
        }),
      )
    },
    remove(tag) {
      if (!packs.delete(tag)) return 'PackUnknown'
      version = versionNow()
      rmSync(join(folder, tag), { recursive: true, force: true })
      syncFolder(folder)
      return null
    },
    putClip(tag, clipId, wav) {
      const pack = packs.get(tag)
      if (pack === undefined) return 'PackUnknown'
      const isSound = wav.length <= CLIP_BYTES_MAX && isPlainWav(wav, { msMax: CLIP_MS_MAX, rates: CLIP_RATES })
      if (!isSound || loudness(wav) < SILENCE) return 'ClipInvalid'
      const others = pack.clips.filter((clip) => clip.clipId !== clipId)
      if (others.length >= CLIPS_PER_PACK_MAX) return 'PacksFull'
      const sound = trimmed(wav)
      const clip = { clipId, hash: hash('sha256', sound), ms: Math.round(secondsOf(sound) * 1_000) }
      writeWhole(wavOf(tag, clipId), sound)
      keep({ ...pack, clips: [...others, clip].toSorted((a, b) => (a.clipId < b.clipId ? -1 : 1)) })
      return clip
    },
    removeClip(tag, clipId) {
      const pack = packs.get(tag)
      if (pack === undefined) return 'PackUnknown'
      const clips = pack.clips.filter((clip) => clip.clipId !== clipId)
      if (clips.length === pack.clips.length) return 'ClipUnknown'
      keep({ ...pack, clips })
      rmSync(wavOf(tag, clipId), { force: true })
      return null
    },
    async clip(clipHash) {
      for (const { tag, clips } of packs.values())
        for (const { clipId, hash: known } of clips) {
          if (known !== clipHash) continue
          const sound = await readFile(wavOf(tag, clipId)).catch((error: unknown) => {
            log.warn({ err: error, tag, clipId }, 'a recorded clip cannot be read')
            return null
          })
          // Changed on the disk, or replaced this instant: whoever asks will ask for what is there now.
          if (sound !== null && hash('sha256', sound) === clipHash) return sound
        }
      return null
    },
  }
}
