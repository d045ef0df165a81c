import type { Detail } from '#shared/domain/customer-details.ts'
import type { KioskMenu } from '#shared/project/kiosk-menu.ts'
import { KeyPad } from '#shared/ui/key-pad.tsx'
import { Button } from '#shared/ui/parts.tsx'
import { useWords } from '#shared/ui/words-context.tsx'
import type { WordKey } from '#shared/words/create-words.ts'
import type { KioskEvent } from '../model.ts'
import { canTell, type TypedScreen } from '../typing.ts'
import { Keyboard } from './keyboard.tsx'
import { TypedField } from './typed-field.tsx'

const PHONE_KEYS = [...'123456789+0']
const ASKED: Record<Detail, { readonly title: WordKey; readonly label: WordKey }> = {
  name: { title: 'typing.nameTitle', label: 'typing.name' },
  phone: { title: 'typing.phoneTitle', label: 'typing.phone' },
}

interface YourDetailsProps {
  readonly screen: Extract<TypedScreen, { name: 'details' }>
  readonly menu: KioskMenu
  readonly onEvent: (event: KioskEvent) => void
}

/** Who somebody is, if she likes to say so; the way on without an answer is as large as the one with it. */
export function YourDetails({ screen, menu, onEvent }: YourDetailsProps) {
  const words = useWords()
  const detail = screen.asks[screen.at] ?? 'name'
  const text = screen.typed[detail]
  const consent = { version: menu.consent?.version ?? 1, language: words.language }
  const onText = (typed: string): void => onEvent({ type: 'type', text: typed })
  const isTold = text.trim() !== '' && canTell(detail, text)
  const tell = (): void => {
    if (isTold) onEvent({ type: 'tell', consent })
  }
  return (
    <section className="typing details">
      <h1>{words.say(ASKED[detail].title)}</h1>
      <p className="typing-hint">{words.say('typing.optional')}</p>
      <TypedField
        key={detail}
        label={words.say(ASKED[detail].label)}
        text={text}
        onText={onText}
        onEnter={tell}
        isLeftToRight={detail === 'phone'}
      />
      <p className="consent">
        <strong>{words.say('typing.consent')}</strong> <bdi>{words.read(menu.consent?.text ?? {})}</bdi>
      </p>
      <div className="typing-answers">
        <Button onPress={() => onEvent({ type: 'tell-nothing', consent })}>{words.say('typing.without')}</Button>
        <Button kind="primary" isDisabled={!isTold} onPress={tell}>
          {words.say('typing.tell')}
        </Button>
      </div>
      {detail === 'phone' ? (
        <KeyPad
          className="phone-keys"
          keys={PHONE_KEYS}
          eraseLabel={words.say('common.erase')}
          onKey={(key) => onText(text + key)}
          onErase={() => onText(text.slice(0, -1))}
        />
      ) : (
        <Keyboard languages={menu.branch?.languages ?? []} hasMarks text={text} onText={onText} />
      )}
    </section>
  )
}
