import { useState } from 'react'
import type { Detail } from '#shared/domain/customer-details.ts'
import type { Language } from '#shared/domain/ids.ts'
import type { KioskMenu } from '#shared/project/kiosk-menu.ts'
import { KeyPad } from '#shared/ui/key-pad.tsx'
import { Button } from '#shared/ui/parts.tsx'
import { useWords } from '#shared/ui/words-context.tsx'
import type { WordKey } from '#shared/words/create-words.ts'
import type { KioskEvent } from '../model.ts'
import { canTell, type TypedScreen } from '../typing.ts'
import { GroupKeys } from './group-keys.tsx'
import { Keyboard } from './keyboard.tsx'
import { ScrollBox } from './scroll-box.tsx'
import { TypedField } from './typed-field.tsx'

const PHONE_KEYS = [...'123456789+0']
const ASKED: Record<Detail, { readonly title: WordKey; readonly label: WordKey }> = {
  name: { title: 'typing.nameTitle', label: 'typing.name' },
  phone: { title: 'typing.phoneTitle', label: 'typing.phone' },
}

interface YourDetailsProps {
  readonly screen: Extract<TypedScreen, { name: 'details' }>
  readonly menu: KioskMenu
  /** The accessible mode: what is agreed to and the keys are too large for one screen, and stand there in turn. */
  readonly isLarge: boolean
  readonly onEvent: (event: KioskEvent) => void
}

interface DetailKeysProps {
  readonly detail: Detail
  readonly languages: readonly Language[]
  readonly isLarge: boolean
  readonly text: string
  readonly onText: (text: string) => void
}

function DetailKeys({ detail, languages, isLarge, text, onText }: DetailKeysProps) {
  const words = useWords()
  if (detail === 'name') return <Keyboard hasMarks {...{ languages, isLarge, text, onText }} />
  const onKey = (key: string): void => onText(text + key)
  const onErase = (): void => onText(text.slice(0, -1))
  if (isLarge) return <GroupKeys groups={PHONE_KEYS} {...{ text, onKey, onErase }} />
  return (
    <KeyPad className="phone-keys" keys={PHONE_KEYS} eraseLabel={words.say('common.erase')} {...{ onKey, onErase }} />
  )
}

/** Who somebody is, if she likes to say so; the way on without an answer is as large as the one with it. */
export function YourDetails({ screen, menu, isLarge, onEvent }: YourDetailsProps) {
  const words = useWords()
  const detail = screen.asks[screen.at] ?? 'name'
  const text = screen.typed[detail]
  /** What was typed is done with, and what is agreed to stands where the keys were. */
  const [done, setDone] = useState<Detail | null>(null)
  const isAgreeing = isLarge && done === detail
  const consent = { version: menu.consent?.version ?? 1, language: words.language }
  const onText = (typed: string): void => onEvent({ type: 'type', text: typed })
  const isTold = text.trim() !== '' && canTell(detail, text)
  const goOn = (): void => {
    if (!isTold) return
    if (isLarge && !isAgreeing) setDone(detail)
    else onEvent({ type: 'tell', consent })
  }
  const agreed = (
    <p className="consent" role={isLarge ? 'status' : undefined}>
      <strong>{words.say('typing.consent')}</strong> <bdi>{words.read(menu.consent?.text ?? {})}</bdi>
    </p>
  )
  return (
    <section className="typing details">
      <div className="typing-head">
        <h1>{words.say(ASKED[detail].title)}</h1>
        <p className="typing-hint">{words.say('typing.optional')}</p>
        <TypedField
          key={detail}
          label={words.say(ASKED[detail].label)}
          text={text}
          onText={onText}
          onEnter={goOn}
          isLeftToRight={detail === 'phone'}
        />
      </div>
      {!isLarge && agreed}
      <div className="reach">
        <div className="typing-answers">
          {isAgreeing ? (
            <Button onPress={() => setDone(null)}>{words.say('typing.writeOn')}</Button>
          ) : (
            <Button onPress={() => onEvent({ type: 'tell-nothing', consent })}>{words.say('typing.without')}</Button>
          )}
          <Button kind="primary" isDisabled={!isTold} onPress={goOn}>
            {words.say(isLarge && !isAgreeing ? 'typing.goOn' : 'typing.tell')}
          </Button>
        </div>
        {isAgreeing ? (
          <ScrollBox>{agreed}</ScrollBox>
        ) : (
          <DetailKeys languages={menu.branch?.languages ?? []} {...{ detail, isLarge, text, onText }} />
        )}
      </div>
    </section>
  )
}
