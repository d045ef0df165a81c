import type { Language } from '#shared/domain/ids.ts'
import { WovenBand } from '#shared/ui/parts.tsx'
import { useWords, WordsProvider } from '#shared/ui/words-context.tsx'

interface TrialScreenProps {
  /** Four digits, to be typed elsewhere by whoever reads them here. */
  readonly code: string
  readonly language: Language
}

function Shown({ code }: Pick<TrialScreenProps, 'code'>) {
  const words = useWords()
  return (
    <main className="trial">
      <h1 className="trial-title">{words.say('display.trial')}</h1>
      <p className="trial-code" dir="ltr">
        {code}
      </p>
      <p className="trial-help">{words.say('display.trialHelp')}</p>
    </main>
  )
}

/** While the installer tries a screen out, it shows a code and nothing else: nobody takes it for a call. */
export function TrialScreen({ code, language }: TrialScreenProps) {
  return (
    <WordsProvider language={language} defaultLanguage={language}>
      <div className="display">
        <WovenBand />
        <Shown code={code} />
      </div>
    </WordsProvider>
  )
}
