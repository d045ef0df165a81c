import type { ReactNode } from 'react'
import type { LateTickets } from '#shared/project/late-tickets.ts'
import { Icon } from '#shared/ui/icons.tsx'
import { NumberText } from '#shared/ui/parts.tsx'
import { useWords } from '#shared/ui/words-context.tsx'
import type { FaceWords, WordKey } from '#shared/words/create-words.ts'
import { type FloorDevice, type FloorNews, isInTrouble } from '../../floor-news.ts'
import { Duration } from './table.tsx'

interface PanelProps {
  readonly name: 'late' | 'devices'
  readonly title: string
  /** Said in the place of the table; null: there is something to show. */
  readonly nothing: string | null
  readonly columns: readonly { readonly text: string; readonly isFigure?: boolean; readonly unit?: string }[]
  readonly rows: ReactNode
  readonly after?: ReactNode
}

function Panel({ name, title, nothing, columns, rows, after }: PanelProps) {
  return (
    <section className={`panel ${name}`}>
      <h2>{title}</h2>
      {nothing !== null ? (
        <p className="nothing">{nothing}</p>
      ) : (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a table that scrolls must be reachable without a mouse
        <div className="table-frame" data-scrolls="" tabIndex={0}>
          <table className="table">
            <caption className="only-heard">{title}</caption>
            <thead>
              <tr>
                {columns.map(({ text, unit, isFigure = false }) => (
                  <th key={text} scope="col" className={isFigure ? 'figure' : undefined}>
                    {text}
                    {unit !== undefined && <small>{unit}</small>}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>{rows}</tbody>
          </table>
        </div>
      )}
      {after}
    </section>
  )
}

/** Who waits beyond the target, in whatever queue. */
export function Late({ late }: { readonly late: LateTickets }) {
  const words = useWords()
  const unit = words.say('manager.unitTime')
  const more = late.count - late.list.length
  return (
    <Panel
      name="late"
      title={words.say('manager.late')}
      nothing={late.count === 0 ? words.say('manager.noLate') : null}
      columns={[
        { text: words.say('manager.ticket') },
        { text: words.say('caller.service') },
        { text: words.say('manager.waits'), unit, isFigure: true },
        { text: words.say('manager.target'), unit, isFigure: true },
      ]}
      rows={late.list.map(({ ticketId, number, serviceName, queueName, waitMs, targetMs }) => (
        <tr key={ticketId}>
          <th scope="row">
            <NumberText number={number} />
          </th>
          <td>
            {words.read(serviceName)}
            {words.read(queueName) !== words.read(serviceName) && (
              <span className="seat-about">{words.read(queueName)}</span>
            )}
          </td>
          <td className="figure">
            <span className="late-wait level-over">
              <Icon name="octagon" />
              <Duration ms={waitMs} />
            </span>
          </td>
          <td className="figure">
            <Duration ms={targetMs} />
          </td>
        </tr>
      ))}
      after={more > 0 && <p className="more-late">{words.say('manager.moreLate', { count: more })}</p>}
    />
  )
}

const KIND_WORDS: Record<FloorDevice['kind'], WordKey> = {
  branch: 'manager.kind.branch',
  kiosk: 'manager.kind.kiosk',
  display: 'manager.kind.display',
  caller: 'manager.kind.caller',
}

const SCREEN_WORDS: Record<NonNullable<FloorDevice['screen']>, WordKey> = {
  shown: 'manager.screen.shown',
  frozen: 'manager.screen.frozen',
  missing: 'manager.screen.missing',
  silent: 'manager.screen.silent',
  muted: 'manager.screen.muted',
  'no-voice': 'manager.screen.no-voice',
  'disk-full': 'manager.screen.disk-full',
  'disk-refuses': 'manager.screen.disk-refuses',
  twin: 'manager.screen.twin',
  jumped: 'manager.screen.jumped',
}

const PRINTER_WORDS: Record<FloorDevice['printers'][number], WordKey> = {
  ready: 'manager.printer.ready',
  'paper-low': 'manager.printer.paper-low',
  'load-paper': 'manager.printer.load-paper',
  'close-cover': 'manager.printer.close-cover',
  'check-printer': 'manager.printer.check-printer',
  'not-reachable': 'manager.printer.not-reachable',
  'status-unknown': 'manager.printer.status-unknown',
  simulated: 'manager.printer.simulated',
  'no-voice': 'manager.printer.no-voice',
}

/** What says nothing of a screen stands for itself. */
const OF_WHOLE_DEVICE: readonly FloorDevice['screen'][] = ['disk-full', 'disk-refuses', 'twin', 'jumped']

function howShown(words: FaceWords, screen: NonNullable<FloorDevice['screen']>): string {
  const how = words.say(SCREEN_WORDS[screen])
  return OF_WHOLE_DEVICE.includes(screen) ? how : words.say('manager.screen', { how })
}

function DeviceRow({ device }: { readonly device: FloorDevice }) {
  const words = useWords()
  const { kind, name, isInContact, screen, printers } = device
  const isTrouble = isInTrouble(device)
  const how: readonly string[] = [
    words.say(isInContact ? 'manager.inContact' : 'manager.noContact'),
    ...(screen === null ? [] : [howShown(words, screen)]),
  ]
  return (
    <tr>
      <th scope="row">
        <span className={`device-name ${isTrouble ? 'level-near' : 'level-good'}`}>
          <Icon name={isInContact ? (isTrouble ? 'diamond' : 'circle') : 'noContact'} />
          <bdi>{name}</bdi>
        </span>
        <span className="seat-about">{words.say(KIND_WORDS[kind])}</span>
      </th>
      <td>
        {how.map((text) => (
          <span key={text} className="device-how">
            {text}
          </span>
        ))}
      </td>
      <td>
        {printers.map((hint, at) => (
          <span key={`${at} ${hint}`} className="device-how">
            {words.say(PRINTER_WORDS[hint])}
          </span>
        ))}
      </td>
    </tr>
  )
}

/** Every device of the branch and the printers of its kiosks; those that need a hand first. */
export function Devices({ news }: { readonly news: FloorNews }) {
  const words = useWords()
  return (
    <Panel
      name="devices"
      title={words.say('manager.devices')}
      nothing={news === null ? words.say('manager.loading') : news.length === 0 ? words.say('manager.noDevices') : null}
      columns={[
        { text: words.say('manager.device') },
        { text: words.say('manager.contact') },
        { text: words.say('manager.printers') },
      ]}
      rows={(news ?? []).map((device) => <DeviceRow key={device.deviceId} device={device} />)}
    />
  )
}
