import type { ClosedReason } from '#shared/project/kiosk-menu.ts'
import type { IconName } from '#shared/ui/icons.tsx'
import { Button, QuietPage } from '#shared/ui/parts.tsx'
import { useWords } from '#shared/ui/words-context.tsx'
import type { WordKey } from '#shared/words/create-words.ts'
import type { RefusedReason } from '../model.ts'

interface Notice {
  readonly icon: IconName
  readonly title: WordKey
  readonly text: WordKey
}

const CLOSED: Record<ClosedReason, Notice> = {
  'day-closed': { icon: 'moon', title: 'kiosk.closedDay', text: 'kiosk.closedDayHelp' },
  'no-service': { icon: 'pause', title: 'kiosk.closedServices', text: 'kiosk.closedServicesHelp' },
  'clock-unsure': { icon: 'person', title: 'kiosk.closedClock', text: 'kiosk.closedClockHelp' },
}

const REFUSED: Record<RefusedReason, Notice> = {
  full: { icon: 'people', title: 'kiosk.refusedFull', text: 'kiosk.refusedFullHelp' },
  closed: { icon: 'pause', title: 'kiosk.refusedClosed', text: 'kiosk.refusedClosedHelp' },
  other: { icon: 'person', title: 'kiosk.refusedOther', text: 'kiosk.refusedOtherHelp' },
}

/** Nobody can take a ticket now, and when they can. */
export function Closed({ reason }: { readonly reason: ClosedReason }) {
  const words = useWords()
  const { icon, title, text } = CLOSED[reason]
  return <QuietPage icon={icon} title={words.say(title)} text={words.say(text)} />
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
