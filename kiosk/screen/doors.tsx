import type { KioskMenu } from '#shared/project/kiosk-menu.ts'
import { offeredServices } from '#shared/project/kiosk-menu.ts'
import { SEARCHED_ABOVE } from '#shared/project/kiosk-search.ts'
import { Button } from '#shared/ui/parts.tsx'
import { useWords } from '#shared/ui/words-context.tsx'
import type { KioskEvent } from '../model.ts'

interface DoorsProps {
  readonly menu: KioskMenu
  /** One more service of a visit; else the first one. */
  readonly isOneMore: boolean
  readonly onEvent: (event: KioskEvent) => void
}

/** Other ways than through the tiles: search where they are many, an appointment where there are any. */
export function Doors({ menu, isOneMore, onEvent }: DoorsProps) {
  const words = useWords()
  const isSearched = offeredServices(menu).length > SEARCHED_ABOVE
  const isCheckIn = menu.isCheckInOffered && !isOneMore
  if (!isSearched && !isCheckIn) return null
  return (
    <div className="doors">
      {isCheckIn && (
        <Button icon="calendar" onPress={() => onEvent({ type: 'check-in' })}>
          {words.say('typing.checkIn')}
        </Button>
      )}
      {isSearched && (
        <Button icon="search" onPress={() => onEvent({ type: 'search' })}>
          {words.say('typing.search')}
        </Button>
      )}
    </div>
  )
}
