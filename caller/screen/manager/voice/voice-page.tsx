import { useId, useState } from 'react'
import { LANGUAGES, type Language } from '#shared/domain/ids.ts'
import { ChoiceList } from '#shared/ui/dialog.tsx'
import { Icon } from '#shared/ui/icons.tsx'
import { Button } from '#shared/ui/parts.tsx'
import { SaidField } from '#shared/ui/said-field.tsx'
import { useWords } from '#shared/ui/words-context.tsx'
import { isFreeTag } from '#shared/voice/to-record.ts'
import { clipsOf } from '#shared/voice/voice-form.ts'
import type { PackState } from '#shared/wire/voice.ts'
import type { FaceWords, WordKey } from '#shared/words/create-words.ts'
import { LANGUAGE_NAMES } from '#shared/words/speaker.ts'
import type { VoiceActs, VoiceFault } from '../../../voice-desk.ts'
import type { ManagerProps } from '../../caller-props.ts'
import { PackPage } from './pack-page.tsx'

const FAULT_WORDS: Record<Extract<VoiceFault, { kind: 'heard' }>['fault'], WordKey> = {
  insecure: 'voice.fault.insecure',
  'no-microphone': 'voice.fault.no-microphone',
  refused: 'voice.fault.refused',
  'microphone-busy': 'voice.fault.microphone-busy',
  unreadable: 'voice.fault.unreadable',
  'too-quiet': 'voice.fault.too-quiet',
  'too-short': 'voice.fault.too-short',
  'too-long': 'voice.fault.too-long',
  clipped: 'voice.fault.clipped',
  'not-played': 'voice.fault.not-played',
}

/** One sentence: what went wrong, and what to do. Empty: nothing did. */
export function faultText({ say, sayProblem }: FaceWords, fault: VoiceFault | null): string {
  if (fault === null) return ''
  return fault.kind === 'heard' ? say(FAULT_WORDS[fault.fault]) : sayProblem(fault.code)
}

export function FaultLine({ fault }: { readonly fault: VoiceFault | null }) {
  const words = useWords()
  return (
    <p className="field-problem" role="alert">
      {faultText(words, fault)}
    </p>
  )
}

function PackRow({ pack, onOpen }: { readonly pack: PackState; readonly onOpen: () => void }) {
  const words = useWords()
  const count = clipsOf(pack.form).length
  return (
    <li className="queue-row">
      <span className="queue-what">
        <strong>
          <bdi>{pack.name}</bdi>
        </strong>
        <span>
          {words.say('voice.progress', { done: count - pack.missing.length, count })}
          {' · '}
          {words.say(pack.isPublished ? 'voice.published' : 'voice.draft')}
        </span>
      </span>
      <Button label={`${words.say('voice.open')} ${pack.name}`} onPress={onOpen}>
        {words.say('voice.open')}
      </Button>
    </li>
  )
}

type Choice = Language | 'other'

interface NewVoiceProps {
  readonly packs: readonly PackState[]
  readonly isOff: boolean
  readonly acts: VoiceActs
}

/** A voice of one of the product's languages, or of any other with a name and a code of its own. */
function NewVoice({ packs, isOff, acts }: NewVoiceProps) {
  const words = useWords()
  const free = LANGUAGES.filter((language) => isFreeTag(language, packs))
  const [chosen, setChosen] = useState<Choice>('other')
  const [name, setName] = useState('')
  const [tag, setTag] = useState('')
  const [isTold, setTold] = useState(false)
  const isOther = chosen === 'other' || !free.includes(chosen)
  const isWhole = isOther ? name.trim() !== '' && isFreeTag(tag, packs) : true
  const begin = (): void => {
    setTold(true)
    if (!isWhole || isOff) return
    if (isOther) acts.create(tag, name.trim())
    else acts.create(chosen, LANGUAGE_NAMES[chosen])
  }
  return (
    <form
      className="panel new-voice"
      onSubmit={(event) => {
        event.preventDefault()
        begin()
      }}
    >
      <h2>{words.say('voice.new')}</h2>
      <ChoiceList<Choice>
        legend={words.say('voice.language')}
        options={[
          ...free.map((language) => ({ value: language, text: LANGUAGE_NAMES[language] })),
          { value: 'other', text: words.say('voice.otherLanguage') },
        ]}
        chosen={isOther ? 'other' : chosen}
        onChoose={setChosen}
      />
      {isOther && (
        <>
          <label className="field">
            <span className="field-label">{words.say('voice.name')}</span>
            <input
              className="field-input voice-name"
              maxLength={60}
              autoComplete="off"
              value={name}
              onChange={(event) => setName(event.currentTarget.value)}
            />
          </label>
          <SaidField
            label={words.say('voice.tag')}
            field={null}
            className="voice-tag"
            dir="ltr"
            spellCheck={false}
            maxLength={3}
            value={tag}
            problem={isTold && !isFreeTag(tag, packs) ? words.say('voice.tagWrong') : ''}
            onText={(text) => setTag(text.toLowerCase())}
            onEnter={begin}
          />
        </>
      )}
      <Button kind="primary" icon="microphone" isDisabled={isOff} className="voice-create">
        {words.say('voice.create')}
      </Button>
    </form>
  )
}

/** The voices that a branch has recorded, and the way to another. */
export function VoicePage(props: ManagerProps) {
  const { voice, isCut } = props
  const words = useWords()
  const titleId = useId()
  if (voice.pack !== null) return <PackPage {...props} pack={voice.pack} />
  const { packs, acts, fault } = voice
  const isOff = isCut || voice.step !== 'idle'
  return (
    <div className="panels voices">
      <section className="panel" aria-labelledby={titleId}>
        <h2 id={titleId}>{words.say('voice.title')}</h2>
        <p className="voice-help">{words.say('voice.help')}</p>
        {packs.status === 'there' && packs.value.length > 0 ? (
          <ul className="rows">
            {packs.value.map((pack) => (
              <PackRow key={pack.tag} pack={pack} onOpen={() => acts.open(pack.tag)} />
            ))}
          </ul>
        ) : (
          <p className="nothing">
            {words.say(
              packs.status === 'loading' ? 'manager.loading' : packs.status === 'none' ? 'voice.notHere' : 'voice.none',
            )}
          </p>
        )}
        <FaultLine fault={fault} />
      </section>
      {packs.status === 'there' && <NewVoice packs={packs.value} isOff={isOff} acts={acts} />}
    </div>
  )
}

/** Whether displays say it, by a shape as well. */
export function PublishedLine({ isPublished }: { readonly isPublished: boolean }) {
  const words = useWords()
  return (
    <p className={`voice-state ${isPublished ? 'voice-published' : 'voice-draft'}`}>
      <Icon name={isPublished ? 'louder' : 'hourglass'} />
      <span>{words.say(isPublished ? 'voice.published' : 'voice.draft')}</span>
    </p>
  )
}
