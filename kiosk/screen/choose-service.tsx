import type { ServiceId } from '#shared/domain/ids.ts'
import { type Availability, canBeChosen, type MenuService } from '#shared/project/kiosk-menu.ts'
import { Icon, serviceIcon } from '#shared/ui/icons.tsx'
import { useWords } from '#shared/ui/words-context.tsx'
import type { WordKey } from '#shared/words/create-words.ts'

interface ChooseServiceProps {
  readonly services: readonly MenuService[]
  /** Without the server nobody knows how many wait now. */
  readonly areCountsKnown: boolean
  readonly onChoose: (serviceId: ServiceId) => void
}

const NOTES: Record<Exclude<Availability, 'open'>, WordKey> = {
  paused: 'kiosk.servicePaused',
  closed: 'kiosk.serviceClosed',
  full: 'kiosk.serviceFull',
}

type TileProps = Pick<ChooseServiceProps, 'areCountsKnown' | 'onChoose'> & { readonly service: MenuService }

function Tile({ service, areCountsKnown, onChoose }: TileProps) {
  const words = useWords()
  const { availability, waitingCount } = service
  const note =
    availability === 'open' ? words.say('common.peopleWait', { count: waitingCount }) : words.say(NOTES[availability])
  return (
    <button type="button" className="tile" disabled={!canBeChosen(service)} onClick={() => onChoose(service.serviceId)}>
      <span className="tile-icon">
        <Icon name={serviceIcon(service.icon)} />
      </span>
      <span className="tile-name">{words.read(service.name)}</span>
      {(areCountsKnown || availability !== 'open') && (
        <span className="tile-note">
          <Icon name={availability === 'open' ? 'people' : 'pause'} />
          {note}
        </span>
      )}
    </button>
  )
}

/** One tile for each service; a closed one stays in its place and says so. */
export function ChooseService({ services, areCountsKnown, onChoose }: ChooseServiceProps) {
  const words = useWords()
  return (
    <section className="choose">
      <div className="screen-head">
        <h1>{words.say('kiosk.chooseService')}</h1>
        <p>{words.say('kiosk.chooseServiceHint')}</p>
      </div>
      <div className={services.length > 5 ? 'tiles tiles-many' : 'tiles'}>
        {services.map((service) => (
          <Tile key={service.serviceId} service={service} areCountsKnown={areCountsKnown} onChoose={onChoose} />
        ))}
      </div>
    </section>
  )
}
