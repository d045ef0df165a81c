import type { Language } from '#shared/domain/ids.ts'
import { SAMPLE_CATALOGUE } from '#shared/project/sample-branch.ts'
import { nextToRecord, progressOf, toRecord } from '#shared/voice/to-record.ts'
import { clipsOf, PLAIN_FORM, VOICE_FORMS, type VoiceForm } from '#shared/voice/voice-form.ts'
import type { PackState } from '#shared/wire/voice.ts'
import type { VoiceDesk } from '../../caller/voice-desk.ts'

const nothing = (): void => undefined

/** @param doneCount - clips that are there, from the first on */
function pack(tag: string, name: string, form: VoiceForm, doneCount: number, isPublished: boolean): PackState {
  const clipIds = clipsOf(form)
  const clips = clipIds.slice(-doneCount).map((clipId) => ({ clipId, hash: 'a'.repeat(64), ms: 640 }))
  return { tag, name, form, clips, missing: clipIds.slice(0, -doneCount), isPublished }
}

const WOLOF = pack('wo', 'Wolof', PLAIN_FORM, 7, false)
const FRENCH = pack('fr', 'Français', VOICE_FORMS.fr, 60, true)
const PACKS: readonly PackState[] = [FRENCH, WOLOF, pack('dyu', 'Julakan', PLAIN_FORM, 38, true)]

const OPEN: Readonly<Record<string, PackState>> = {
  'voice-record': { ...FRENCH, isPublished: false, clips: FRENCH.clips.slice(-9) },
  'voice-own': WOLOF,
  'voice-listening': WOLOF,
  'voice-fault': WOLOF,
  'voice-file': WOLOF,
  'voice-done': FRENCH,
}

/** The moments of recording a voice. */
export function sampleVoice(screen: string, language: Language): VoiceDesk {
  const open = OPEN[screen] ?? null
  const list = open === null ? [] : toRecord(open, SAMPLE_CATALOGUE, language)
  const asked = screen === 'voice-own' ? list.find(({ clipId }) => clipId === 'between') : nextToRecord(list, null)
  return {
    packs: { status: 'there', value: screen === 'voice-none' ? [] : PACKS },
    ...{ pack: open, list, progress: progressOf(list), asked: asked ?? null },
    step: screen === 'voice-listening' ? 'listening' : 'idle',
    fault: screen === 'voice-fault' ? { kind: 'heard', fault: 'too-quiet' } : null,
    keptId: screen === 'voice-record' ? (list[0]?.clipId ?? null) : null,
    isByFile: screen === 'voice-file',
    acts: {
      level: () => 0.2,
      ...{ open: nothing, create: nothing, choose: nothing, record: nothing, takeFile: nothing },
      ...{ play: nothing, forget: nothing, publish: nothing, remove: nothing },
    },
  }
}
