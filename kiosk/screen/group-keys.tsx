import { type PointerEvent, type ReactNode, useLayoutEffect, useRef, useState } from 'react'
import { Icon } from '#shared/ui/icons.tsx'
import { useWords } from '#shared/ui/words-context.tsx'
import type { FaceWords, WordKey } from '#shared/words/create-words.ts'
import { spelled } from '#shared/words/spoken.ts'

interface GroupKeysProps {
  /** A few signs to a key; touching it shows each of them. A sign that stands alone is typed at once. */
  readonly groups: readonly string[]
  /** Which way the groups follow each other; codes and numbers go from left to right. */
  readonly direction?: 'ltr' | 'rtl'
  /** Of the signs; left out: that of the screen. */
  readonly language?: string
  readonly text: string
  readonly onKey: (key: string) => void
  readonly onErase: () => void
  /** Further keys, after the groups. */
  readonly children?: ReactNode
}

/** Signs that a voice passes over. */
const NAMED: { readonly [sign: string]: WordKey } = {
  '-': 'typing.dash',
  '’': 'typing.apostrophe',
  '+': 'typing.plus',
}

const saidOf = (words: FaceWords, signs: string): string => {
  const names = [...signs].map((sign) => NAMED[sign])
  return names.every((name) => name !== undefined) ? names.map((name) => words.say(name)).join(', ') : spelled(signs)
}

/** Arabic letters would join to a word: between them stands a sign that keeps them apart and takes no room. */
const apart = (signs: string): string => [...signs.toUpperCase()].join('\u200c')

interface LargeKeyProps {
  readonly language: string
  /** Left out: what stands on it. */
  readonly said?: string
  readonly className?: string
  readonly onPress: () => void
  readonly children: ReactNode
}

/** The field keeps the focus while keys are touched: whoever has a keyboard types on. */
const keepFocus = (event: PointerEvent): void => event.preventDefault()

export function LargeKey({ said, language, className = '', onPress, children }: LargeKeyProps) {
  return (
    <button
      type="button"
      className={`large-key ${className}`}
      lang={language}
      data-spoken={said}
      onPointerDown={keepFocus}
      onClick={onPress}
    >
      {children}
    </button>
  )
}

/**
 * Keys of the accessible mode: few and large, so that all of them stand low and four keys of a pad go through them.
 * A letter takes two touches, that of its group and its own.
 */
export function GroupKeys({ groups, direction = 'ltr', language, text, onKey, onErase, children }: GroupKeysProps) {
  const words = useWords()
  const [open, setOpen] = useState<string | null>(null)
  const place = useRef<HTMLDivElement>(null)
  const wasWithin = useRef(false)

  // Whoever goes by keys stands on a key that is gone now: she goes on at the first of those that came.
  useLayoutEffect(() => {
    if (wasWithin.current) place.current?.querySelector('button')?.focus()
    wasWithin.current = false
  })

  const turnTo = (group: string | null): void => {
    wasWithin.current = place.current?.contains(document.activeElement) === true
    setOpen(group)
  }
  const press = (signs: string): void => {
    const isGroup = [...signs].length > 1
    if (isGroup || open !== null) turnTo(isGroup ? signs : null)
    if (!isGroup) onKey(signs)
  }
  return (
    <div ref={place} className="large-keys" data-count={open === null ? 'groups' : 'signs'} dir={direction}>
      {(open === null ? groups : [...open]).map((signs) => {
        const isNamed = [...signs].every((sign) => sign in NAMED)
        return (
          <LargeKey
            key={signs}
            language={isNamed ? words.language : (language ?? words.language)}
            said={saidOf(words, signs)}
            onPress={() => press(signs)}
          >
            {apart(signs)}
          </LargeKey>
        )
      })}
      {open === null ? (
        children
      ) : (
        <LargeKey language={words.language} className="large-key-words" onPress={() => turnTo(null)}>
          {words.say('typing.otherKeys')}
        </LargeKey>
      )}
      <LargeKey language={words.language} said={words.say('common.erase')} onPress={onErase}>
        <span className="only-heard">{words.say('common.erase')}</span>
        <Icon name="erase" />
      </LargeKey>
      <p className="only-heard" role="status" lang={words.language}>
        {text === '' ? '' : words.say('access.typed', { text })}
      </p>
    </div>
  )
}
