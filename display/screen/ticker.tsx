import { directionOf } from '#shared/words/speaker.ts'
import type { TickerLine } from '../model.ts'

/** One short text of the branch below the calls. It stands still: what moves is not read from the back row. */
export function Ticker({ line: { text, language } }: { readonly line: TickerLine }) {
  return (
    <aside className="ticker" lang={language} dir={directionOf(language)}>
      <p key={`${language} ${text}`}>{text}</p>
    </aside>
  )
}
