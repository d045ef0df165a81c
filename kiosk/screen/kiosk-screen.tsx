import type { PairDevice } from '#shared/client/pair-device.ts'
import { wordsIn } from '#shared/domain/catalogue.ts'
import type { EpochMs, ServiceId } from '#shared/domain/ids.ts'
import { type KioskMenu, type MenuService, offeredServices } from '#shared/project/kiosk-menu.ts'
import { addableServices, detailsAskedIn, isAnythingAsked } from '#shared/project/kiosk-visit.ts'
import type { Estimate } from '#shared/project/wait-range.ts'
import { serviceSign } from '#shared/slip/pictograms.ts'
import { Emergency } from '#shared/ui/emergency.tsx'
import { Pairing } from '#shared/ui/pairing.tsx'
import { WordsProvider } from '#shared/ui/words-context.tsx'
import { formatDay, formatTime } from '#shared/words/format.ts'
import type { Choice } from '../choice.ts'
import type { KioskEvent, KioskModel } from '../model.ts'
import { canGoBack, type ShownScreen } from '../shown-screen.ts'
import type { TypedScreen } from '../typing.ts'
import { warnedLeftMs } from '../visit-time.ts'
import { CheckIn } from './check-in.tsx'
import { ChooseService } from './choose-service.tsx'
import { Doors } from './doors.tsx'
import { Frame } from './frame.tsx'
import { Idle } from './idle.tsx'
import { Closed, NoTickets, Refused, Starting, Taking } from './notices.tsx'
import { SearchServices } from './search-services.tsx'
import { YourDetails } from './your-details.tsx'
import { YourTicket } from './your-ticket.tsx'
import { YourVisit } from './your-visit.tsx'

export interface KioskScreenProps {
  readonly model: KioskModel
  readonly shown: ShownScreen
  readonly menu: KioskMenu | null
  /** Empty when nobody can tell. */
  readonly waitByService: ReadonlyMap<ServiceId, Estimate>
  /** The branch's time; null until it was heard of. */
  readonly atMs: EpochMs | null
  /** The page's steady clock. */
  readonly nowMs: number
  readonly isAlone: boolean
  readonly isOutOfPaper: boolean
  /** Somebody wants to listen, and the kiosk cannot speak. */
  readonly isSpeechMissing: boolean
  readonly onEvent: (event: KioskEvent) => void
  readonly onPair: PairDevice
  readonly onStaff: () => void
}

/** A service was touched, as a tile or as what was found. */
const chosen = ({ menu }: KioskScreenProps, serviceId: ServiceId): KioskEvent => ({
  type: 'choose',
  serviceId,
  isMoreAsked: menu !== null && isAnythingAsked(menu, serviceId),
  asks: menu === null ? [] : detailsAskedIn(menu, { serviceId, added: [] }),
})

/** All of them for the first choice, and those that may follow it for a further one. */
const servicesFor = ({ menu }: KioskScreenProps, choice: Choice | null): readonly MenuService[] => {
  if (menu === null) return []
  return choice === null ? offeredServices(menu) : addableServices(menu, choice)
}

type ServicesProps = KioskScreenProps & Pick<Extract<ShownScreen, { name: 'choose-service' }>, 'category' | 'choice'>

function Services({ category, choice, ...props }: ServicesProps) {
  const { menu, onEvent } = props
  return (
    <>
      {menu !== null && category === null && <Doors menu={menu} isOneMore={choice !== null} onEvent={onEvent} />}
      <ChooseService
        services={servicesFor(props, choice)}
        category={category}
        isOneMore={choice !== null}
        waitByService={props.waitByService}
        timezone={menu?.branch?.timezone ?? 'UTC'}
        areCountsKnown={!props.isAlone}
        onChoose={(serviceId) => onEvent(chosen(props, serviceId))}
        onCategory={(key) => onEvent({ type: 'open-category', category: key })}
      />
    </>
  )
}

/** Where the customer types. */
function Typed({ screen, ...props }: KioskScreenProps & { readonly screen: TypedScreen }) {
  const { menu, onEvent } = props
  const isLarge = props.model.access.isOn
  if (menu === null) return null
  switch (screen.name) {
    case 'search':
      return (
        <SearchServices
          services={servicesFor(props, screen.choice)}
          languages={menu.branch?.languages ?? []}
          typed={screen.typed}
          waitByService={props.waitByService}
          timezone={menu.branch?.timezone ?? 'UTC'}
          areCountsKnown={!props.isAlone}
          isLarge={isLarge}
          onText={(text) => onEvent({ type: 'type', text })}
          onChoose={(serviceId) => onEvent(chosen(props, serviceId))}
        />
      )
    case 'details':
      return <YourDetails screen={screen} menu={menu} isLarge={isLarge} onEvent={onEvent} />
    case 'check-in':
      return <CheckIn screen={screen} isLarge={isLarge} onEvent={onEvent} />
    default:
      return screen satisfies never
  }
}

function Shown(props: KioskScreenProps) {
  const { model, shown, menu, atMs, nowMs, isAlone, onEvent } = props
  const timezone = menu?.branch?.timezone ?? 'UTC'
  const back = (): void => onEvent({ type: 'back' })
  switch (shown.name) {
    case 'unpaired':
      return <Pairing onPair={props.onPair} />
    case 'starting':
      return <Starting isSearching={isAlone} />
    case 'closed':
      return <Closed reason={shown.reason} closing={menu?.closing ?? null} timezone={timezone} />
    case 'emergency':
      return <Emergency text={menu?.message?.text ?? {}} languages={menu?.branch?.languages ?? []} />
    case 'idle':
      return (
        <Idle
          timeText={atMs === null ? '' : formatTime(atMs, model.language, timezone)}
          dayText={atMs === null ? '' : formatDay(atMs, model.language, timezone)}
          waitingCount={isAlone ? null : (menu?.waitingCount ?? 0)}
          languages={menu?.branch?.languages ?? []}
          onBegin={(language) => onEvent({ type: 'begin', language })}
        />
      )
    case 'choose-service':
      return <Services {...props} category={shown.category} choice={shown.choice} />
    case 'visit':
      return menu === null ? null : <YourVisit menu={menu} choice={shown.choice} onEvent={onEvent} />
    case 'search':
    case 'details':
    case 'check-in':
      return <Typed {...props} screen={shown} />
    case 'taking':
      return <Taking />
    case 'refused':
      return <Refused reason={shown.reason} onBack={back} />
    case 'no-tickets':
      return <NoTickets onBack={back} />
    case 'your-ticket': {
      const serviceOf = (id: ServiceId) => menu?.services.find(({ serviceId }) => serviceId === id)
      const mark = serviceOf(shown.ticket.serviceId)
      const nameOf = (id: ServiceId): readonly string[] => {
        const service = serviceOf(id)
        return service === undefined ? [] : [wordsIn(service.name, model.language, model.defaultLanguage)]
      }
      return (
        <YourTicket
          ticket={shown.ticket}
          serviceName={nameOf(shown.ticket.serviceId)[0] ?? ''}
          mark={mark === undefined || serviceSign(mark) === null ? null : { icon: mark.icon, colour: mark.colour }}
          thenNames={shown.ticket.plan.flatMap(nameOf)}
          paper={shown.paper}
          leftMs={Math.max(0, shown.endsAtMs - nowMs)}
          wholeMs={shown.wholeMs}
          onMoreTime={() => onEvent({ type: 'more-time' })}
          onDone={() => onEvent({ type: 'done' })}
        />
      )
    }
    default:
      return shown satisfies never
  }
}

const WITH_NOTES: ReadonlySet<ShownScreen['name']> = new Set(['idle', 'choose-service'])

/** The whole kiosk for one model. Draws, and tells what was touched; decides nothing. */
export function KioskScreen(props: KioskScreenProps) {
  const { model, shown, menu, atMs, onEvent } = props
  const branch = menu?.branch ?? null
  const hasNotes = WITH_NOTES.has(shown.name)
  return (
    <WordsProvider language={model.language} defaultLanguage={model.defaultLanguage}>
      <Frame
        screenName={shown.name}
        branchName={branch?.name ?? ''}
        timeText={atMs === null || branch === null ? '' : formatTime(atMs, model.language, branch.timezone)}
        languages={branch?.languages ?? ['fr', 'en', 'ar']}
        language={model.language}
        access={model.access}
        warnedLeftMs={warnedLeftMs(model, props.nowMs)}
        canGoBack={canGoBack(shown)}
        notes={{
          message: hasNotes ? (menu?.message ?? null) : null,
          isAlone: hasNotes && props.isAlone,
          isOutOfPaper: hasNotes && props.isOutOfPaper,
          isSpeechMissing: props.isSpeechMissing,
        }}
        onStaff={props.onStaff}
        onEvent={onEvent}
      >
        <Shown {...props} />
      </Frame>
    </WordsProvider>
  )
}
