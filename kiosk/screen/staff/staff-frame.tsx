import type { ReactNode } from 'react'
import type { Language } from '#shared/domain/ids.ts'
import { Button, LanguageSwitch, WovenBand } from '#shared/ui/parts.tsx'
import { WordsProvider } from '#shared/ui/words-context.tsx'
import { createWords } from '#shared/words/create-words.ts'

interface StaffFrameProps {
  readonly language: Language
  readonly defaultLanguage: Language
  readonly languages: readonly Language[]
  /** For staff who sit: what is touched stands low, in strong contrast. */
  readonly isLow: boolean
  readonly onLow: () => void
  readonly onLanguage: (language: Language) => void
  readonly onLeave: () => void
  readonly children: ReactNode
}

/** Around every page of the staff menu: no customer is taken for staff, nor finds her own screen changed. */
export function StaffFrame(props: StaffFrameProps) {
  const words = createWords(props.language)
  return (
    <WordsProvider language={props.language} defaultLanguage={props.defaultLanguage}>
      <div className="kiosk staff" data-screen="staff" data-mode={props.isLow ? 'accessible' : 'usual'}>
        <WovenBand />
        <header className="staff-head">
          <h1>{words.say('staff.title')}</h1>
          <LanguageSwitch languages={props.languages} chosen={props.language} onChoose={props.onLanguage} />
          <Button icon="access" label={words.say(props.isLow ? 'access.off' : 'access.on')} onPress={props.onLow} />
          <Button icon="close" onPress={props.onLeave}>
            {words.say('staff.leave')}
          </Button>
        </header>
        <main className="staff-main">{props.children}</main>
      </div>
    </WordsProvider>
  )
}
