import type { ServiceId } from '#shared/domain/ids.ts'
import type { KioskMenu, MenuService } from '#shared/project/kiosk-menu.ts'
import { addableServices, detailsAskedIn, planOfVisit, servicesOfVisit } from '#shared/project/kiosk-visit.ts'
import { Icon, priorityIcon } from '#shared/ui/icons.tsx'
import { Button } from '#shared/ui/parts.tsx'
import { ServiceMark } from '#shared/ui/service-mark.tsx'
import { useWords } from '#shared/ui/words-context.tsx'
import type { Choice } from '../choice.ts'
import type { KioskEvent } from '../model.ts'
import { ScrollBox } from './scroll-box.tsx'

interface YourVisitProps {
  readonly menu: KioskMenu
  readonly choice: Choice
  readonly onEvent: (event: KioskEvent) => void
}

interface ServicesProps {
  readonly services: readonly MenuService[]
  readonly added: readonly ServiceId[]
  readonly onDrop: (serviceId: ServiceId) => void
}

/** In the order in which they come; what the customer added can be taken away again. */
function Services({ services, added, onDrop }: ServicesProps) {
  const words = useWords()
  return (
    <ol className="visit-services">
      {services.map(({ serviceId, name, icon, colour }, index) => (
        <li key={serviceId} className="visit-service">
          <span className="visit-mark">
            {services.length === 1 ? <ServiceMark icon={icon} colour={colour} /> : <bdi dir="ltr">{index + 1}</bdi>}
          </span>
          <span className="visit-name">{words.read(name)}</span>
          {added.includes(serviceId) && (
            <Button
              kind="quiet"
              icon="close"
              label={words.say('kiosk.dropService', { service: words.read(name) })}
              onPress={() => onDrop(serviceId)}
            />
          )}
        </li>
      ))}
    </ol>
  )
}

/** Whoever has none of them passes by. */
function Priorities({ menu, choice, onEvent }: YourVisitProps) {
  const words = useWords()
  return (
    <section className="visit-priorities">
      <h2>{words.say('kiosk.priorityQuestion')}</h2>
      <p>{words.say('kiosk.priorityHint')}</p>
      <div className="priorities">
        {menu.priorities.map(({ priorityId, name, icon }) => (
          <button
            key={priorityId}
            type="button"
            className="priority"
            aria-pressed={choice.priority === priorityId}
            onClick={() => onEvent({ type: 'prefer', priority: priorityId })}
          >
            <Icon name={priorityIcon(icon)} />
            <span>{words.read(name)}</span>
          </button>
        ))}
      </div>
    </section>
  )
}

/** Before the number: what it is for, one more service, and who goes first. One touch takes the ticket. */
export function YourVisit({ menu, choice, onEvent }: YourVisitProps) {
  const words = useWords()
  const services = servicesOfVisit(menu, choice)
  return (
    <section className="visit">
      <h1 className="visit-title">{words.say('kiosk.visitTitle')}</h1>
      <div className="reach">
        <ScrollBox>
          <div className="visit-chosen">
            <Services
              services={services}
              added={choice.added}
              onDrop={(serviceId) => onEvent({ type: 'drop', serviceId })}
            />
            {services.length > 1 && <p className="visit-note">{words.say('kiosk.oneNumber')}</p>}
            {addableServices(menu, choice).length > 0 && (
              <Button kind="quiet" icon="plus" className="visit-add" onPress={() => onEvent({ type: 'add' })}>
                {words.say('kiosk.addService')}
              </Button>
            )}
          </div>
          {menu.priorities.length > 0 && <Priorities menu={menu} choice={choice} onEvent={onEvent} />}
        </ScrollBox>
        <Button
          kind="primary"
          className="visit-take"
          onPress={() => onEvent({ type: 'take', plan: planOfVisit(menu, choice), asks: detailsAskedIn(menu, choice) })}
        >
          {words.say('kiosk.takeTicket')}
        </Button>
      </div>
    </section>
  )
}
