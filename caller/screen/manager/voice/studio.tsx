import { useEffect, useRef, useState } from 'react'
import { LANGUAGES } from '#shared/domain/ids.ts'
import { Button } from '#shared/ui/parts.tsx'
import { useWords } from '#shared/ui/words-context.tsx'
import type { ToRecord } from '#shared/voice/to-record.ts'
import type { PackState } from '#shared/wire/voice.ts'
import type { WordKey } from '#shared/words/create-words.ts'
import type { VoiceDesk, VoiceStep } from '../../../voice-desk.ts'
import { FileButton } from '../file-button.tsx'
import { wordHint } from './pack-page.tsx'
import { FaultLine } from './voice-page.tsx'

const LEVEL_MS = 80

/** Shows that the microphone hears somebody, and how well. */
function Level({ read }: { readonly read: () => number }) {
  const words = useWords()
  const [level, setLevel] = useState(0)
  useEffect(() => {
    const timer = setInterval(() => setLevel(read()), LEVEL_MS)
    return () => clearInterval(timer)
  }, [read])
  // Loudness is heard by doublings, so it is shown by them: half of the bar is a tenth of the most there can be.
  const share = Math.max(0, Math.min(1, 1 + Math.log10(Math.max(level, 0.000_1)) / 2))
  return (
    <meter
      className="voice-level"
      aria-label={words.say('voice.level')}
      min={0}
      max={1}
      low={0.35}
      high={0.98}
      optimum={0.7}
      value={share}
    />
  )
}

const STEP_WORDS: Record<Exclude<VoiceStep, 'idle'>, WordKey> = {
  asking: 'voice.asking',
  listening: 'voice.listening',
  making: 'voice.making',
  playing: 'voice.playing',
}

/** What is to be said, as large as it is read from where somebody sits who speaks into a microphone. */
function Asked({ it, pack }: { readonly it: ToRecord; readonly pack: PackState }) {
  const words = useWords()
  const isOurs = (LANGUAGES as readonly string[]).includes(pack.tag)
  const { sign, say, language, group, clipId } = it
  const hint = group === 'words' && clipId !== 'screen' && (!isOurs || sign === '') ? words.say(wordHint(clipId)) : say
  return (
    <div className="asked">
      <p className="asked-how">
        {isOurs ? words.say('voice.say') : words.say('voice.sayIn', { name: pack.name })}
        {group === 'letters' && ` ${words.say('voice.clip.letter')}`}
        {!isOurs && clipId === 'screen' && ` ${words.say('voice.meaning')}`}
      </p>
      {sign !== '' && (
        <p className="asked-sign" lang={language}>
          <bdi>{sign}</bdi>
        </p>
      )}
      {hint !== '' && (
        <p className={sign === '' ? 'asked-say asked-alone' : 'asked-say'} lang={isOurs ? language : words.language}>
          <bdi>{hint}</bdi>
        </p>
      )}
    </div>
  )
}

interface StudioProps {
  readonly voice: VoiceDesk
  readonly pack: PackState
  readonly isCut: boolean
}

/** A file that a phone or another program made; browsers of phones open their recorder for it. */
function FileField({ voice, isCut }: Pick<StudioProps, 'voice' | 'isCut'>) {
  const words = useWords()
  const { isByFile, acts, step, asked } = voice
  return (
    <div className="voice-file">
      {!isByFile && <p className="voice-help">{words.say('voice.fileOr')}</p>}
      <FileButton
        text={words.say('voice.file')}
        icon="microphone"
        accept="audio/*"
        isRecorded={true}
        isDisabled={isCut || asked === null || step !== 'idle'}
        className={isByFile ? 'voice-by-file' : ''}
        onFile={acts.takeFile}
      />
    </div>
  )
}

function RecordButton({ voice, isCut }: Pick<StudioProps, 'voice' | 'isCut'>) {
  const words = useWords()
  const { step, asked, acts } = voice
  const isListening = step === 'listening'
  return (
    <Button
      kind="primary"
      className={isListening ? 'voice-record voice-listening' : 'voice-record'}
      icon={isListening ? 'octagonFull' : 'microphone'}
      isDisabled={isCut || asked === null || (step !== 'idle' && !isListening)}
      onPress={acts.record}
    >
      {words.say(isListening ? 'voice.stop' : asked?.kept == null ? 'voice.record' : 'voice.again')}
    </Button>
  )
}

/** The clip that is asked for now: said, heard again, said anew. */
export function Studio({ voice, pack, isCut }: StudioProps) {
  const words = useWords()
  const { asked, step, fault, keptId, isByFile, acts, list } = voice
  const place = useRef<HTMLElement>(null)
  // Whoever comes here speaks next: the key is at the thumb.
  useEffect(() => place.current?.querySelector<HTMLElement>('.voice-record, input')?.focus({ preventScroll: true }), [])
  const kept = asked?.kept ?? null
  const keptBefore = list.find(({ clipId }) => clipId === keptId)?.kept ?? null
  const said = kept ?? keptBefore
  return (
    <section className="studio" ref={place}>
      <p className="studio-step" role="status">
        {step !== 'idle'
          ? words.say(STEP_WORDS[step])
          : asked === null
            ? words.say('voice.allDone')
            : keptId === null
              ? ''
              : words.say('voice.kept')}
      </p>
      {asked !== null && <Asked it={asked} pack={pack} />}
      {isByFile ? <p className="voice-help">{words.say('voice.byFile')}</p> : <Level read={acts.level} />}
      <div className="voice-acts">
        {!isByFile && <RecordButton voice={voice} isCut={isCut} />}
        <Button
          icon="play"
          className="voice-play"
          isDisabled={isCut || said === null || step !== 'idle'}
          onPress={() => said !== null && acts.play(said.hash)}
        >
          {words.say('voice.play')}
        </Button>
        <Button
          kind="quiet"
          icon="erase"
          className="voice-forget"
          isDisabled={isCut || kept === null || step !== 'idle'}
          onPress={() => asked !== null && acts.forget(asked.clipId)}
        >
          {words.say('voice.forget')}
        </Button>
      </div>
      <FaultLine fault={fault} />
      <FileField voice={voice} isCut={isCut} />
    </section>
  )
}
