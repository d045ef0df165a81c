import type { ClosedReason, Closing, Opening } from '#shared/project/kiosk-menu.ts'
import type { IconName } from '#shared/ui/icons.tsx'
import { Button, QuietPage } from '#shared/ui/parts.tsx'
import { useWords } from '#shared/ui/words-context.tsx'
import type { FaceWords, WordKey } from '#shared/words/create-words.ts'
import { formatDay, formatTime } from '#shared/words/format.ts'
import type { RefusedReason } from '../refused.ts'

interface Notice {
  readonly icon: IconName
  readonly title: WordKey
  readonly text: WordKey
}

const CLOSED: Record<Exclude<ClosedReason, 'holiday'>, Notice> = {
  'day-closed': { icon: 'moon', title: 'kiosk.closedDay', text: 'kiosk.closedDayHelp' },
  'no-service': { icon: 'pause', title: 'kiosk.closedServices', text: 'kiosk.closedServicesHelp' },
  'clock-unsure': { icon: 'person', title: 'kiosk.closedClock', text: 'kiosk.closedClockHelp' },
  'intake-stopped': { icon: 'people', title: 'kiosk.closedIntake', text: 'kiosk.closedIntakeHelp' },
  'outside-hours': { icon: 'moon', title: 'kiosk.closedHours', text: 'kiosk.closedHoursHelp' },
}

const REFUSED: Record<RefusedReason, Notice> = {
  full: { icon: 'people', title: 'kiosk.refusedFull', text: 'kiosk.refusedFullHelp' },
  closed: { icon: 'pause', title: 'kiosk.refusedClosed', text: 'kiosk.refusedClosedHelp' },
  other: { icon: 'person', title: 'kiosk.refusedOther', text: 'kiosk.refusedOtherHelp' },
}

interface ClosedProps {
  readonly reason: ClosedReason
  /** What is known of it beside the reason; null where the branch said no more than that. */
  readonly closing: Closing | null
  readonly timezone: string
}

function openingText(words: FaceWords, { atMs, isToday, hasTime }: Opening, timezone: string): string {
  const time = formatTime(atMs, words.language, timezone)
  if (isToday) return words.say('kiosk.nextOpeningToday', { time })
  // The line breaks before the day, not inside it.
  const day = formatDay(atMs, words.language, timezone).replaceAll(' ', '\u00a0')
  return hasTime ? words.say('kiosk.nextOpening', { day, time }) : words.say('kiosk.nextOpeningDay', { day })
}

/** Nobody can take a ticket now, and when they can. */
export function Closed({ reason, closing, timezone }: ClosedProps) {
  const words = useWords()
  const known = closing?.reason === reason ? closing : null
  const { icon, title, text } = CLOSED[reason === 'holiday' ? 'outside-hours' : reason]
  const holiday = known?.holiday ?? null
  const heading =
    holiday === null ? words.say(title) : words.say('kiosk.closedHoliday', { holiday: words.read(holiday) })
  const opening = known?.opening ?? null
  return (
    <QuietPage icon={icon} title={heading} text={words.say(text)}>
      {opening !== null && <p className="next-opening">{openingText(words, opening, timezone)}</p>}
    </QuietPage>
  )
}

interface WayOutProps {
  readonly onBack: () => void
}

/** This service gave no ticket; another one may. */
export function Refused({ reason, onBack }: WayOutProps & { readonly reason: RefusedReason }) {
  const words = useWords()
  const { icon, title, text } = REFUSED[reason]
  return (
    <QuietPage icon={icon} title={words.say(title)} text={words.say(text)}>
      <Button kind="primary" onPress={onBack}>
        {words.say('kiosk.otherService')}
      </Button>
    </QuietPage>
  )
}

/** Neither the server nor the kiosk itself can give a number: people can. */
export function NoTickets({ onBack }: WayOutProps) {
  const words = useWords()
  return (
    <QuietPage icon="person" title={words.say('kiosk.noTicketsTitle')} text={words.say('kiosk.noTicketsHelp')}>
      <Button kind="primary" onPress={onBack}>
        {words.say('kiosk.toStart')}
      </Button>
    </QuietPage>
  )
}

export function Taking() {
  const words = useWords()
  return (
    <section className="quiet-page" role="status">
      <span className="taking-mark" aria-hidden="true">
        <i />
        <i />
        <i />
      </span>
      <h1>{words.say('kiosk.taking')}</h1>
    </section>
  )
}

/** @param isSearching - the device is linked, but has never heard from its branch */
export function Starting({ isSearching }: { readonly isSearching: boolean }) {
  const words = useWords()
  return (
    <QuietPage
      icon="circle"
      title={words.say('starting.title')}
      text={words.say(isSearching ? 'starting.noBranch' : 'starting.text')}
    />
  )
}
