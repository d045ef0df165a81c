import { useCallback, useEffect, useMemo, useRef, useState } from 'react'
import { getJson } from '#shared/client/get-json.ts'
import { type SendCommand, unread } from '#shared/client/send-command.ts'
import { repeat } from '#shared/client/use-polled.ts'
import type { Catalogue } from '#shared/domain/catalogue.ts'
import type { Language } from '#shared/domain/ids.ts'
import { base64Of, CLIP_HERTZ, shapeClip, wavOf } from '#shared/voice/shape-clip.ts'
import { nextToRecord, progressOf, type ToRecord, toRecord } from '#shared/voice/to-record.ts'
import type { PackState } from '#shared/wire/voice.ts'
import {
  hasMicrophone,
  type Microphone,
  type MicrophoneFault,
  openMicrophone,
  playClip,
  readRecording,
  type Take,
} from './devices/microphone.ts'
import { type Fetched, LOADING } from './reports.ts'
import { readPacks, type VoiceActs, type VoiceDesk, type VoiceFault, type VoiceStep } from './voice-desk.ts'

/** Another desk may record the same voice. */
const PACKS_MS = 10_000
const NOTHING_TO_RECORD: readonly ToRecord[] = []

interface VoiceDeskProps {
  readonly send: SendCommand
  /** Only while it is looked at is anything asked for, and the microphone open. */
  readonly isShown: boolean
  readonly catalogue: Catalogue | null
  readonly language: Language
}

/** What is shown of a recording that is under way. */
interface Doing {
  readonly step: VoiceStep
  readonly fault: VoiceFault | null
  readonly keptId: string | null
}

const IDLE: Doing = { step: 'idle', fault: null, keptId: null }
const failed = (fault: VoiceFault): Doing => ({ ...IDLE, fault })
const unheard = (fault: Extract<VoiceFault, { kind: 'heard' }>['fault']): Doing => failed({ kind: 'heard', fault })

const packPath = (tag: string): string => `/api/v1/voice/packs/${tag}`
const clipPath = (tag: string, clipId: string): string => `${packPath(tag)}/clips/${encodeURIComponent(clipId)}`

function usePacks(isShown: boolean) {
  const [packs, setPacks] = useState<Fetched<readonly PackState[]>>(LOADING)
  const refresh = useCallback(async (): Promise<void> => {
    const value = readPacks(await getJson('/api/v1/voice/packs'))
    setPacks(value === null ? { status: 'none' } : { status: 'there', value })
  }, [])
  useEffect(() => (isShown ? repeat(PACKS_MS, refresh) : undefined), [isShown, refresh])
  return { packs, refresh }
}

/** The microphone, while it is needed; a take under way ends with it. */
function useMicrophone(isWanted: boolean) {
  const microphone = useRef<Microphone | null>(null)
  const take = useRef<Take | null>(null)
  const isStillWanted = useRef(false)
  const close = useCallback((): void => {
    void take.current?.stop()
    microphone.current?.close()
    take.current = null
    microphone.current = null
  }, [])
  useEffect(() => {
    isStillWanted.current = isWanted
    return close
  }, [isWanted, close])
  const begin = useCallback(async (onLimit: () => void): Promise<MicrophoneFault | null> => {
    const opened = microphone.current ?? (await openMicrophone())
    if (typeof opened === 'string') return opened
    // The page was left while the browser asked.
    if (!isStillWanted.current) {
      opened.close()
      return 'refused'
    }
    microphone.current = opened
    take.current = opened.record(onLimit)
    return null
  }, [])
  const end = useCallback(async (): Promise<ArrayBuffer | null> => {
    const over = take.current
    take.current = null
    return (await over?.stop()) ?? null
  }, [])
  return { begin, end, close, level: () => take.current?.level() ?? 0 }
}

/** A recording in the form in which the branch keeps it, or why it is of no use. */
async function made(bytes: ArrayBuffer | null): Promise<{ readonly wav: string } | VoiceFault> {
  const samples = bytes === null ? null : await readRecording(bytes)
  if (samples === null) return { kind: 'heard', fault: 'unreadable' }
  const clip = shapeClip(samples, CLIP_HERTZ)
  if (!clip.ok) return { kind: 'heard', fault: clip.fault }
  return { wav: base64Of(wavOf(clip.samples, CLIP_HERTZ)) }
}

/** Records a voice of the branch, clip by clip. */
export function useVoiceDesk({ send, isShown, catalogue, language }: VoiceDeskProps): VoiceDesk {
  const { packs, refresh } = usePacks(isShown)
  const [tag, setTag] = useState<string | null>(null)
  const [chosenId, setChosenId] = useState<string | null>(null)
  const [doing, setDoing] = useState<Doing>(IDLE)
  const pack = packs.status === 'there' ? (packs.value.find((it) => it.tag === tag) ?? null) : null
  const list = useMemo(
    () => (pack === null || catalogue === null ? NOTHING_TO_RECORD : toRecord(pack, catalogue, language)),
    [pack, catalogue, language],
  )
  const asked = list.find(({ clipId }) => clipId === chosenId) ?? nextToRecord(list, null)
  const microphone = useMicrophone(isShown && pack !== null)
  useEffect(() => {
    if (!isShown) setDoing(IDLE)
  }, [isShown])

  async function change(method: 'PUT' | 'DELETE', path: string, body: object = {}): Promise<boolean> {
    const answer = await send(path, body, unread, method)
    setDoing(answer.ok ? IDLE : failed({ kind: 'refused', code: answer.code }))
    await refresh()
    return answer.ok
  }

  async function keep(clipId: string, recorded: Promise<ArrayBuffer | null>): Promise<void> {
    if (pack === null) return
    setDoing({ ...IDLE, step: 'making' })
    const clip = await made(await recorded)
    if ('kind' in clip) return setDoing(failed(clip))
    if (!(await change('PUT', clipPath(pack.tag, clipId), clip))) return
    setDoing({ ...IDLE, keptId: clipId })
    // What was just said is not asked for again; the one chosen by hand stays when nothing else is missing.
    setChosenId(
      nextToRecord(
        list.map((it) => (it.clipId === clipId ? { ...it, kept: { hash: '', ms: 0 } } : it)),
        clipId,
      )?.clipId ?? clipId,
    )
  }

  async function listen(clipId: string): Promise<void> {
    setDoing({ ...IDLE, step: 'asking' })
    const fault = await microphone.begin(() => void keep(clipId, microphone.end()))
    setDoing(fault === null ? { ...IDLE, step: 'listening' } : unheard(fault))
  }

  const isFree = doing.step === 'idle'
  const acts: VoiceActs = {
    level: microphone.level,
    open(wanted) {
      microphone.close()
      setTag(wanted)
      setChosenId(null)
      setDoing(IDLE)
    },
    create(newTag, name) {
      // A draft: displays hear nothing of it before it is published.
      const made = isFree && change('PUT', packPath(newTag), { name, isPublished: false })
      if (made !== false) void made.then((isMade) => isMade && setTag(newTag))
    },
    choose(clipId) {
      if (!isFree) return
      setChosenId(clipId)
      setDoing(IDLE)
    },
    record() {
      if (asked === null) return
      if (doing.step === 'listening') void keep(asked.clipId, microphone.end())
      else if (isFree) void listen(asked.clipId)
    },
    takeFile(file) {
      if (isFree && asked !== null) void keep(asked.clipId, file.arrayBuffer())
    },
    play(hash) {
      if (!isFree) return
      setDoing({ ...IDLE, step: 'playing' })
      void playClip(`/api/v1/voice/clips/${hash}`).then((isHeard) => setDoing(isHeard ? IDLE : unheard('not-played')))
    },
    forget(clipId) {
      if (isFree && pack !== null) void change('DELETE', clipPath(pack.tag, clipId))
    },
    publish(isPublished) {
      if (isFree && pack !== null) void change('PUT', packPath(pack.tag), { name: pack.name, isPublished })
    },
    remove() {
      if (isFree && pack !== null) void change('DELETE', packPath(pack.tag)).then((isGone) => isGone && setTag(null))
    },
  }
  return {
    ...{ packs, pack, list, asked, ...doing, acts },
    progress: progressOf(list),
    isByFile: !hasMicrophone(),
  }
}
