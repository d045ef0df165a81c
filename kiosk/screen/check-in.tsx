import { isCode, plainCode } from '#shared/domain/appointment-code.ts'
import { KeyPad } from '#shared/ui/key-pad.tsx'
import { Button } from '#shared/ui/parts.tsx'
import { useWords } from '#shared/ui/words-context.tsx'
import type { WordKey } from '#shared/words/create-words.ts'
import type { KioskEvent } from '../model.ts'
import type { CheckInProblem, TypedScreen } from '../typing.ts'
import { GroupKeys } from './group-keys.tsx'
import { CODE_GROUPS } from './keyboard-layouts.ts'
import { TypedField } from './typed-field.tsx'

const CODE_KEYS = [...'1234567890ABCDEFGHIJKLMNOPQRSTUVWXYZ-']

const PROBLEMS: Record<CheckInProblem, WordKey> = {
  unknown: 'typing.problem.unknown',
  'not-today': 'typing.problem.not-today',
  unreachable: 'typing.problem.unreachable',
  'too-many': 'typing.problem.too-many',
}

interface CheckInProps {
  readonly screen: Extract<TypedScreen, { name: 'check-in' }>
  /** Few keys and large ones, as the accessible mode has them. */
  readonly isLarge: boolean
  readonly onEvent: (event: KioskEvent) => void
}

/** The code of an appointment, by finger, by key or by scanner, which types it and ends with Enter. */
export function CheckIn({ screen, isLarge, onEvent }: CheckInProps) {
  const words = useWords()
  const { typed, problem } = screen
  const canSend = isCode(plainCode(typed))
  const send = (): void => {
    if (canSend) onEvent({ type: 'send-code', code: typed })
  }
  const onText = (text: string): void => onEvent({ type: 'type', text })
  const erase = (): void => onText(typed.slice(0, -1))
  return (
    <section className="typing check-in">
      <div className="typing-head">
        <h1>{words.say('typing.checkInTitle')}</h1>
        <p className="typing-hint">{words.say('typing.checkInHint')}</p>
        <TypedField
          label={words.say('typing.code')}
          text={typed}
          onText={onText}
          onEnter={send}
          isLeftToRight
          problem={problem === null ? '' : words.say(PROBLEMS[problem])}
        />
      </div>
      <div className="reach">
        <div className="typing-answers">
          {problem !== null && (
            <Button onPress={() => onEvent({ type: 'back' })}>{words.say('typing.takeOrdinary')}</Button>
          )}
          <Button kind="primary" isDisabled={!canSend} onPress={send}>
            {words.say('typing.sendCode')}
          </Button>
        </div>
        {isLarge ? (
          <GroupKeys groups={CODE_GROUPS} text={typed} onKey={(key) => onText(typed + key)} onErase={erase} />
        ) : (
          <KeyPad
            className="code-keys"
            keys={CODE_KEYS}
            eraseLabel={words.say('common.erase')}
            onKey={(key) => onText(typed + key)}
            onErase={erase}
          />
        )}
      </div>
    </section>
  )
}
