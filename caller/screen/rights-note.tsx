import type { Language } from '#shared/domain/ids.ts'
import { StatusLine } from '#shared/ui/parts.tsx'
import { useWords } from '#shared/ui/words-context.tsx'
import type { FaceWords } from '#shared/words/create-words.ts'
import { formatDay, formatTime } from '#shared/words/format.ts'
import type { RightsAge } from '../rights.ts'

interface RightsTextProps {
  readonly rights: RightsAge
  readonly language: Language
  readonly timezone: string
}

function sentencesOf(words: FaceWords, { rights, language, timezone }: RightsTextProps): readonly string[] {
  if (rights.state === 'own') return []
  const { asOfMs, daysLeft } = rights
  const asOf = words.say('people.asOf', {
    day: formatDay(asOfMs, language, timezone),
    time: formatTime(asOfMs, language, timezone),
  })
  if (rights.state === 'good') return [asOf]
  return [
    asOf,
    rights.state === 'over' ? words.say('people.tooOld') : words.say('people.daysLeft', { count: daysLeft }),
  ]
}

/** How old it is that head office said who may work here; nothing at a branch that has none. */
export function RightsText(props: RightsTextProps) {
  const words = useWords()
  const sentences = sentencesOf(words, props)
  if (sentences.length === 0) return null
  const isGood = props.rights.state === 'good'
  return (
    <StatusLine icon={isGood ? 'circle' : 'octagon'} tone={isGood ? 'calm' : 'warn'}>
      {sentences.join(' ')}
    </StatusLine>
  )
}

/** Whoever signs in reads it; at the desk it is said only when it soon matters. */
export function RightsNote({ isSignIn, ...props }: RightsTextProps & { readonly isSignIn: boolean }) {
  if (props.rights.state === 'own' || (props.rights.state === 'good' && !isSignIn)) return null
  return (
    <div className={props.rights.state === 'good' ? 'rights-note' : 'cut-note'}>
      <RightsText {...props} />
    </div>
  )
}
