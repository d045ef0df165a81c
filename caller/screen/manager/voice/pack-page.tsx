import { useState } from 'react'
import { LANGUAGES } from '#shared/domain/ids.ts'
import { Dialog } from '#shared/ui/dialog.tsx'
import { Button } from '#shared/ui/parts.tsx'
import { useWords } from '#shared/ui/words-context.tsx'
import { RECORD_GROUPS, type RecordGroup, type ToRecord } from '#shared/voice/to-record.ts'
import type { PackState } from '#shared/wire/voice.ts'
import type { WordKey } from '#shared/words/create-words.ts'
import type { VoiceDesk } from '../../../voice-desk.ts'
import type { ManagerProps } from '../../caller-props.ts'
import { Studio } from './studio.tsx'
import { faultText, PublishedLine } from './voice-page.tsx'

const isOfProduct = (tag: string): boolean => (LANGUAGES as readonly string[]).includes(tag)

function Progress({ doneCount, count }: { readonly doneCount: number; readonly count: number }) {
  const words = useWords()
  const text = words.say('voice.progress', { done: doneCount, count })
  return (
    <label className="voice-progress">
      <progress value={doneCount} max={Math.max(1, count)} />
      <bdi>{text}</bdi>
    </label>
  )
}

interface PublishingProps {
  readonly pack: PackState
  readonly voice: VoiceDesk
  readonly isOff: boolean
}

/** Whether displays say it, what is still missing for this branch, and the two ways on. */
function Publishing({ pack, voice, isOff }: PublishingProps) {
  const words = useWords()
  const [isRemoving, setRemoving] = useState(false)
  const { progress, acts } = voice
  const isOurs = isOfProduct(pack.tag)
  return (
    <section className="publishing">
      <PublishedLine isPublished={pack.isPublished} />
      {progress.neededCount > 0 && (
        <p>
          {words.say('voice.stillNeeded', { number: progress.neededCount })}{' '}
          {words.say(isOurs ? 'voice.stillNeededMachine' : 'voice.stillNeededSilent')}
        </p>
      )}
      {!isOurs && <p>{words.say('voice.afterTicket')}</p>}
      <div className="voice-acts">
        <Button
          kind={pack.isPublished ? 'plain' : 'primary'}
          className="voice-publish"
          isDisabled={isOff || (!pack.isPublished && progress.doneCount === 0)}
          onPress={() => acts.publish(!pack.isPublished)}
        >
          {words.say(pack.isPublished ? 'voice.unpublish' : 'voice.publish')}
        </Button>
        <Button kind="quiet" className="voice-remove" isDisabled={isOff} onPress={() => setRemoving(true)}>
          {words.say('voice.remove')}
        </Button>
      </div>
      {isRemoving && (
        <Dialog
          title={words.say('voice.removeTitle')}
          problem={isOff ? '' : faultText(words, voice.fault)}
          onClose={() => setRemoving(false)}
          deed={{ text: words.say('voice.remove'), isPossible: !isOff, isDangerous: true, onDo: acts.remove }}
        >
          <p>{words.say('voice.removeText')}</p>
        </Dialog>
      )}
    </section>
  )
}

function ClipButton({ it, voice }: { readonly it: ToRecord; readonly voice: VoiceDesk }) {
  const words = useWords()
  const { clipId, sign, say, kept, isNeeded, group } = it
  const named = sign !== '' ? sign : clipId === 'screen' ? say : words.say(wordHint(clipId))
  const states = [
    words.say(kept === null ? 'voice.missing' : 'voice.recorded'),
    ...(kept === null ? [] : [words.say('voice.seconds', { seconds: (kept.ms / 1_000).toFixed(1) })]),
    ...(isNeeded ? [] : [words.say('voice.notNeeded')]),
  ]
  const look = `${kept === null ? 'clip-missing' : 'clip-kept'} ${isNeeded ? '' : 'clip-spare'} clip-of-${group}`
  return (
    <Button
      className={`clip ${look}`}
      isPressed={voice.asked?.clipId === clipId}
      label={`${named}: ${states.join(', ')}`}
      onPress={() => voice.acts.choose(clipId)}
    >
      <bdi lang={it.language}>{named}</bdi>
    </Button>
  )
}

const HINTS = {
  start: 'voice.clip.start',
  between: 'voice.clip.between',
  end: 'voice.clip.end',
  and: 'voice.clip.and',
} as const

/** What a clip of words is, for a language that nobody has written it down in. */
export const wordHint = (clipId: string): (typeof HINTS)[keyof typeof HINTS] =>
  HINTS[clipId as keyof typeof HINTS] ?? HINTS.between

const GROUP_WORDS: Record<RecordGroup, WordKey> = {
  words: 'voice.group.words',
  numbers: 'voice.group.numbers',
  letters: 'voice.group.letters',
  counters: 'voice.group.counters',
}

function ClipList({ voice }: { readonly voice: VoiceDesk }) {
  const words = useWords()
  const groups = RECORD_GROUPS.map((group) => ({ group, list: voice.list.filter((it) => it.group === group) }))
  return (
    <section className="clip-list">
      {groups.map(
        ({ group, list }) =>
          list.length > 0 && (
            <fieldset key={group} className="groups clips">
              <legend>
                {words.say(GROUP_WORDS[group])}{' '}
                <small>
                  {words.say('voice.progress', {
                    done: list.filter(({ kept }) => kept !== null).length,
                    count: list.length,
                  })}
                </small>
              </legend>
              {list.map((it) => (
                <ClipButton key={it.clipId} it={it} voice={voice} />
              ))}
            </fieldset>
          ),
      )}
    </section>
  )
}

/** One voice: what is to be said now, all that there is of it, and whether displays say it. */
export function PackPage({ voice, pack, isCut }: ManagerProps & { readonly pack: PackState }) {
  const words = useWords()
  const isOff = isCut || voice.step !== 'idle'
  return (
    <div className="pack">
      <header className="pack-head">
        <Button kind="quiet" icon="back" className="voice-back" onPress={() => voice.acts.open(null)}>
          {words.say('voice.back')}
        </Button>
        <h2>
          <bdi>{pack.name}</bdi>
        </h2>
        <Progress {...voice.progress} />
      </header>
      <Studio voice={voice} pack={pack} isCut={isCut} />
      <Publishing pack={pack} voice={voice} isOff={isOff} />
      <ClipList voice={voice} />
    </div>
  )
}
