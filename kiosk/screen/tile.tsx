import type { ServiceId } from '#shared/domain/ids.ts'
import { canBeChosen, type MenuService } from '#shared/project/kiosk-menu.ts'
import type { WaitRange } from '#shared/project/wait-range.ts'
import { Icon } from '#shared/ui/icons.tsx'
import { sayWait } from '#shared/ui/say-wait.ts'
import { ServiceMark } from '#shared/ui/service-mark.tsx'
import { useWords } from '#shared/ui/words-context.tsx'
import type { FaceWords } from '#shared/words/create-words.ts'
import { formatTime, formatWeekday } from '#shared/words/format.ts'

export interface TileProps {
  readonly service: MenuService
  /** null: nobody can tell, and nothing is told. */
  readonly wait: WaitRange | null
  readonly timezone: string
  /** Without the server nobody knows how many wait now. */
  readonly areCountsKnown: boolean
  readonly onChoose: (serviceId: ServiceId) => void
}

function openingText(words: FaceWords, { opening }: MenuService, timezone: string): string {
  if (opening === null) return words.say('kiosk.closedToday')
  const time = formatTime(opening.atMs, words.language, timezone)
  if (opening.isToday) return words.say('kiosk.opensAt', { time })
  const day = formatWeekday(opening.atMs, words.language, timezone)
  return opening.hasTime
    ? words.say('kiosk.closedTodayOpens', { day, time })
    : words.say('kiosk.closedTodayOpensDay', { day })
}

function Note({ service, wait, timezone, areCountsKnown }: Omit<TileProps, 'onChoose'>) {
  const words = useWords()
  switch (service.availability) {
    case 'outside-hours':
      return (
        <span className="tile-note">
          <Icon name="clock" />
          {openingText(words, service, timezone)}
        </span>
      )
    case 'paused':
    case 'closed':
    case 'full': {
      const notes = { paused: 'kiosk.servicePaused', closed: 'kiosk.serviceClosed', full: 'kiosk.serviceFull' } as const
      return (
        <span className="tile-note">
          <Icon name="pause" />
          {words.say(notes[service.availability])}
        </span>
      )
    }
    case 'open':
      if (!areCountsKnown) return null
      return (
        <span className="tile-note">
          <Icon name="people" />
          <span>
            <span className="tile-fact">{words.say('common.peopleWait', { count: service.waitingCount })}</span>
            {wait !== null && (
              <>
                <span className="tile-dot"> · </span>
                <span className="tile-fact">{sayWait(words, wait)}</span>
              </>
            )}
          </span>
        </span>
      )
    default:
      return service.availability satisfies never
  }
}

/** One service: its name, who waits and how long; a closed one stays in its place and says until when. */
export function Tile({ onChoose, ...told }: TileProps) {
  const words = useWords()
  const { service } = told
  return (
    // A closed one can be found and heard by those who do not see it.
    <button
      type="button"
      className="tile"
      aria-disabled={!canBeChosen(service)}
      onClick={canBeChosen(service) ? () => onChoose(service.serviceId) : undefined}
    >
      <span className="tile-icon">
        <ServiceMark icon={service.icon} colour={service.colour} />
      </span>
      <span className="tile-name">{words.read(service.name)}</span>
      <Note {...told} />
    </button>
  )
}
