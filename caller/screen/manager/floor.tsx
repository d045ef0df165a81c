import type { SteadyMs } from '#shared/domain/ids.ts'
import { SERVICE_TARGET_MS } from '#shared/project/desk-tickets.ts'
import type { FloorSeat } from '#shared/project/floor.ts'
import { Icon } from '#shared/ui/icons.tsx'
import { Button } from '#shared/ui/parts.tsx'
import { useWords } from '#shared/ui/words-context.tsx'
import { levelOf } from '../../model.ts'
import type { ManagerProps } from '../caller-props.ts'
import { SeatState } from '../colleagues.tsx'
import { LEVEL_ICONS } from '../primary.ts'
import { Devices, Late } from './floor-more.tsx'
import { Duration } from './table.tsx'

/** How long the seat has been so; time in service counts without its holds. */
function forMs({ sinceSteadyMs, serviceMs, status }: FloorSeat, steadyMs: SteadyMs): number | null {
  if (sinceSteadyMs === null) return null
  return (status === 'serving' ? serviceMs : 0) + Math.max(0, steadyMs - sinceSteadyMs)
}

/** A service that takes longer than it should says so, by a shape as well. */
function Since({ seat, steadyMs }: { readonly seat: FloorSeat; readonly steadyMs: SteadyMs }) {
  const ms = forMs(seat, steadyMs)
  if (ms === null || seat.status !== 'serving') return <Duration ms={ms} />
  const level = levelOf(ms, SERVICE_TARGET_MS)
  return (
    <span className={`late-wait level-${level}`}>
      <Icon name={LEVEL_ICONS[level]} />
      <Duration ms={ms} />
    </span>
  )
}

interface SeatRowProps {
  readonly seat: FloorSeat
  readonly steadyMs: SteadyMs
  readonly isOff: boolean
  /** The manager's own seat: she closes it at her desk. */
  readonly isOwn: boolean
  readonly onClose: () => void
}

function SeatRow({ seat, steadyMs, isOff, isOwn, onClose }: SeatRowProps) {
  const words = useWords()
  const { counterName, agentName, status, serviceName, breakReason, signedInSteadyMs, isTraining } = seat
  const about = serviceName ?? breakReason
  return (
    <tr className={status === 'closed' ? 'seat-row seat-row-closed' : 'seat-row'}>
      <th scope="row">{words.read(counterName)}</th>
      <td>
        {agentName}
        {isTraining && <span className="badge badge-training">{words.say('caller.training')}</span>}
      </td>
      <td>
        <SeatState seat={seat} />
        {about !== null && <span className="seat-about">{words.read(about)}</span>}
      </td>
      <td className="figure">
        <Since seat={seat} steadyMs={steadyMs} />
      </td>
      <td className="figure">
        <Duration ms={signedInSteadyMs === null ? null : Math.max(0, steadyMs - signedInSteadyMs)} />
      </td>
      <td className="figure">
        {status !== 'closed' && !isOwn && (
          <Button
            isDisabled={isOff}
            label={`${words.say('manager.free')} ${words.read(counterName)}`}
            onPress={onClose}
          >
            {words.say('manager.free')}
          </Button>
        )}
      </td>
    </tr>
  )
}

/** Who serves whom, and for how long. */
function Seats({ desk, moment, model, isCut, onAsk }: ManagerProps) {
  const words = useWords()
  const unit = words.say('manager.unitTime')
  const isOff = isCut || model.isBusy
  return (
    <section className="panel floor">
      <h2>{words.say('manager.floor')}</h2>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a table that scrolls must be reachable without a mouse */}
      <div className="table-frame" data-scrolls="" tabIndex={0}>
        <table className="table">
          <caption className="only-heard">{words.say('manager.floor')}</caption>
          <thead>
            <tr>
              <th scope="col">{words.say('manager.counter')}</th>
              <th scope="col">{words.say('manager.agent')}</th>
              <th scope="col">{words.say('manager.doing')}</th>
              <th scope="col" className="figure">
                {words.say('manager.since')}
                <small>{unit}</small>
              </th>
              <th scope="col" className="figure">
                {words.say('manager.signedIn')}
                <small>{unit}</small>
              </th>
              <td />
            </tr>
          </thead>
          <tbody>
            {desk.floor.map((seat) => (
              <SeatRow
                key={seat.counterId}
                seat={seat}
                steadyMs={moment.steadyMs}
                isOff={isOff}
                isOwn={seat.isMine && desk.visitingManager === null}
                onClose={() => onAsk({ name: 'free-counter', counterId: seat.counterId })}
              />
            ))}
          </tbody>
        </table>
      </div>
    </section>
  )
}

/** The branch at one glance: its counters, who waits too long, its devices. */
export function Floor(props: ManagerProps) {
  return (
    <div className="floor-page">
      <Seats {...props} />
      <div className="panels">
        <Late late={props.late} />
        <Devices news={props.floorNews} />
      </div>
    </div>
  )
}
