import type { FloorSeat, SeatStatus } from '#shared/project/floor.ts'
import { Icon, type IconName } from '#shared/ui/icons.tsx'
import { useWords } from '#shared/ui/words-context.tsx'
import { seatWords } from './seat-words.ts'

const SEAT_ICONS: Record<SeatStatus, IconName> = {
  closed: 'moon',
  free: 'circle',
  calling: 'arrow',
  serving: 'person',
  break: 'pause',
}

/** What a colleague does, as a shape and as words. */
export function SeatState({ seat }: { readonly seat: FloorSeat }) {
  const words = useWords()
  return (
    <span className={`seat-state seat-${seat.status}`}>
      <Icon name={SEAT_ICONS[seat.status]} />
      {seatWords(words)(seat)}
    </span>
  )
}

/** Who else is there, and what they do. */
export function Colleagues({ floor }: { readonly floor: readonly FloorSeat[] }) {
  const words = useWords()
  const others = floor.filter((seat) => seat.status !== 'closed' && !seat.isMine)
  return (
    <section className="colleagues">
      <h2>{words.say('caller.colleagues')}</h2>
      {others.length === 0 ? (
        <p className="colleagues-none">{words.say('caller.emptyColleagues')}</p>
      ) : (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a list that scrolls must be reachable without a mouse
        <ul data-scrolls="" tabIndex={0}>
          {others.map((seat) => (
            <li key={seat.counterId}>
              <strong>{seat.agentName}</strong>
              <span className="colleague-where">{words.read(seat.counterName)}</span>
              <SeatState seat={seat} />
              {seat.isTraining && <span className="badge badge-training">{words.say('caller.training')}</span>}
            </li>
          ))}
        </ul>
      )}
    </section>
  )
}
