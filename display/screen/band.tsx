import { type BranchSettings, wordsIn } from '#shared/domain/catalogue.ts'
import type { ShownMessageText } from '#shared/project/shown-message.ts'
import { Icon } from '#shared/ui/icons.tsx'
import { directionOf } from '#shared/words/speaker.ts'
import { bandLanguage } from '../model.ts'

interface BandProps {
  readonly message: ShownMessageText
  readonly branch: Pick<BranchSettings, 'languages' | 'defaultLanguage'>
  readonly atMs: number
}

/** A delay or a piece of news below the calls, in each language of the branch by turns: it covers nothing. */
export function Band({ message, branch, atMs }: BandProps) {
  const { languages, defaultLanguage } = branch
  const written = languages.filter((language) => message.text[language] !== undefined)
  const language = bandLanguage(written, atMs) ?? defaultLanguage
  return (
    <aside className="band" data-kind={message.kind} lang={language} dir={directionOf(language)}>
      <Icon name={message.kind === 'delay' ? 'hourglass' : 'advice'} />
      <p key={language}>{wordsIn(message.text, language, defaultLanguage)}</p>
    </aside>
  )
}
