import { createRoot } from 'react-dom/client'
import type { Words } from '#shared/domain/catalogue.ts'
import { PLAIN_DISPLAY } from '#shared/domain/catalogue-defaults.ts'
import type { BusinessDate, EpochMs, MediaId, QueueId, SteadyMs, TicketId } from '#shared/domain/ids.ts'
import { lobbyBoard } from '#shared/project/lobby-board.ts'
import { called, issued, opened, sampleState } from '#shared/project/sample-branch.ts'
import { applyTheme } from '#shared/ui/theme.ts'
import { type DisplayModel, stageAt } from '../../display/model.ts'
import { DisplayScreen, type LobbySetUp } from '../../display/screen/display-screen.tsx'
import { TrialScreen } from '../../display/screen/trial-screen.tsx'
import { Identified } from './identified.tsx'
import { CATALOGUES, QUEUE_WAITS, shows } from './notices-sample.ts'
import { asked, MORNING, NOW_MS, PAUSES } from './sample.ts'
import { onceDrawn, samplePair, typeCode } from './type-code.ts'
import '../../display/display.css'

const { screen, language } = asked()
const mode = new URLSearchParams(location.search).get('mode')
const { base } = CATALOGUES
// The language asked for comes first, as in a branch that speaks it: a band begins with it.
const languages = [language, ...base.branch.languages.filter((other) => other !== language)]
const CATALOGUE = { ...base, branch: { ...base.branch, languages, defaultLanguage: language } }

const rising = (...numbers: readonly string[]): DisplayModel => ({
  rises: numbers.map((number) => ({
    ticketId: number as TicketId,
    steadyMs: 0 as SteadyMs,
    seenUntilMs: 1,
    untilMs: 1,
  })),
  chimeCount: 0,
})

const FOUR = [
  ...MORNING,
  called(41.5, 'A041', 1),
  issued(41.6, 'A10003'),
  opened(41.6, 2, 'caller-2' as never),
  called(41.7, 'A10003', 2),
  called(41.8, 'B009', 3),
  called(41.9, 'D004', 4),
]

/** So many at once, on the counters by turns. */
const rush = (count: number): readonly [story: typeof MORNING, model: DisplayModel] => {
  const numbers = Array.from({ length: count }, (_, at) => (at === 2 ? 'A10004' : `B${101 + at}`))
  const story = numbers.flatMap((number, at) => [issued(41.6, number), called(41.7, number, (at % 4) + 1)])
  return [[...FOUR, ...story], rising(...numbers)]
}

const SCREENS: Record<string, readonly [story: typeof MORNING, model: DisplayModel]> = {
  empty: [[], rising()],
  calm: [[...MORNING, ...PAUSES], rising()],
  'one-call': [[...MORNING, called(41.8, 'A041', 1)], rising('A041')],
  'two-calls': [[...MORNING, called(41.7, 'A041', 1), called(41.8, 'B009', 3)], rising('B009', 'A041')],
  'four-calls': [FOUR, rising('D004', 'B009', 'A10003', 'A041')],
  'rush-few': rush(6),
  'rush-many': rush(11),
  'rush-all': rush(20),
  stale: [MORNING, rising()],
  waits: [MORNING, rising()],
  delay: [[...MORNING, shows('delay', 15)], rising()],
  'delay-call': [[...FOUR, shows('delay', 15)], rising('D004', 'B009', 'A10003', 'A041')],
  information: [[...MORNING, called(41.8, 'A041', 1), shows('news')], rising('A041')],
  emergency: [[...MORNING, shows('evacuate')], rising()],
  'emergency-long': [[...MORNING, shows('long')], rising()],
  'emergency-stale': [[...MORNING, shows('evacuate')], rising()],
  'intake-stopped': [[...MORNING, called(41.8, 'A041', 1), [41.9, { type: 'IntakeStopped' }]], rising('A041')],
  picture: [MORNING, rising()],
  'picture-call': [[...MORNING, called(41.8, 'A041', 1)], rising('A041')],
  'picture-four': [FOUR, rising('D004', 'B009', 'A10003', 'A041')],
  'picture-stale': [MORNING, rising()],
  'ticker-call': [[...MORNING, called(41.8, 'A041', 1)], rising('A041')],
  'calls-alone': [[...MORNING, called(41.8, 'A041', 1)], rising('A041')],
  'day-closed': [[[41, { type: 'DayClosed', date: '2026-11-23' as BusinessDate }]], rising()],
}

const [story, model] = SCREENS[screen] ?? [MORNING, rising()]
const state = sampleState(story, CATALOGUE)
const board = lobbyBoard(state, screen === 'one-queue' ? ['cash' as QueueId] : null)
const phase =
  screen === 'six-words' ? 'unpaired' : screen === 'unpaired' || screen === 'starting' ? screen : 'following'
applyTheme(document.documentElement, mode === 'light' ? 'light' : 'dark')

const TICKER: Words = {
  fr: 'Apportez votre pièce d’identité : elle est demandée à chaque guichet.',
  en: 'Please have your identity card ready: every counter asks for it.',
  ar: 'يُرجى تجهيز بطاقة الهوية: تُطلب عند كل شباك.',
}
/** As long as an installer may write it. */
const TICKER_LONG: Words = {
  fr: 'Du lundi 21 au vendredi 25 décembre, nos guichets ferment à 12:30. Les retraits restent possibles aux distributeurs 24/24.',
  en: 'From Monday 21 to Friday 25 December our counters close at 12:30. You can still withdraw cash at the machines day and night.',
  ar: 'من الاثنين 21 إلى الجمعة 25 ديسمبر تُغلق شبابيكنا في الساعة 12:30. يبقى السحب متاحًا في الصرّافات الآلية ليلًا ونهارًا.',
}

const isPicture = screen.startsWith('picture')
const setUp: LobbySetUp = {
  layout: {
    ...PLAIN_DISPLAY.layout,
    ...(isPicture && { side: 'media' as const }),
    ...(screen === 'calls-alone' && { side: 'none' as const }),
    ...(screen === 'no-clock' && { clock: false }),
  },
  playlist: [{ mediaId: 'poster' as MediaId, seconds: 15 }],
  ready: new Map([['poster', 'image/png']]),
  ticker: screen === 'ticker-long' ? [TICKER_LONG] : screen.startsWith('ticker') ? [TICKER] : [],
  isSpeaking: false,
  onBroken: () => {},
}

const root = document.getElementById('root')
if (root !== null)
  createRoot(root).render(
    screen === 'trial' ? (
      <TrialScreen code="4071" language={language} />
    ) : (
      <>
        <DisplayScreen
          phase={phase}
          board={board}
          stage={stageAt(model, board, 0)}
          waitByQueue={screen === 'waits' ? QUEUE_WAITS : new Map()}
          atMs={NOW_MS}
          isStale={screen.endsWith('stale')}
          sinceMs={(NOW_MS - 17 * 60_000) as EpochMs}
          onPair={samplePair(screen)}
          setUp={setUp}
        />
        {screen === 'identify' && <Identified />}
      </>
    ),
  )
// Once it is drawn.
if (screen === 'six-words') onceDrawn(typeCode)
