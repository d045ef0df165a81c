import { waitRange } from '#shared/project/wait-range.ts'
import { Icon, type IconName } from '#shared/ui/icons.tsx'
import { Button, CountdownRing, NumberText } from '#shared/ui/parts.tsx'
import { sayWait } from '#shared/ui/say-wait.ts'
import { ServiceMark, type ServiceMarkProps } from '#shared/ui/service-mark.tsx'
import { useWords } from '#shared/ui/words-context.tsx'
import type { WordKey } from '#shared/words/create-words.ts'
import { type GivenTicket, isPaperless, type Paper } from '../model.ts'
import { ScrollBox } from './scroll-box.tsx'

export interface YourTicketProps {
  readonly ticket: GivenTicket
  readonly serviceName: string
  /** As on its tile, and on the paper; null = it has none. */
  readonly mark: ServiceMarkProps | null
  /** The services that follow under the same number, in order. */
  readonly thenNames: readonly string[]
  readonly paper: Paper
  readonly leftMs: number
  readonly wholeMs: number
  readonly onMoreTime: () => void
  readonly onDone: () => void
}

const TITLES: { readonly [paper in Paper]?: WordKey } = {
  'no-paper': 'kiosk.noPaperTitle',
  failed: 'kiosk.paperFailedTitle',
  uncertain: 'kiosk.paperUncertainTitle',
}

function Step({ icon, text, isFirst = false }: { icon: IconName; text: string; isFirst?: boolean }) {
  return (
    <li className={isFirst ? 'step step-first' : 'step'} aria-live={isFirst ? 'polite' : undefined}>
      <Icon name={icon} />
      <span>{text}</span>
    </li>
  )
}

function NextSteps({ ticket, paper, thenNames }: Pick<YourTicketProps, 'ticket' | 'paper' | 'thenNames'>) {
  const words = useWords()
  const { position } = ticket
  const range = waitRange(ticket.estimate)
  const before = position === null ? [] : [words.say('kiosk.before', { count: position - 1 })]
  const [firstName = '', ...laterNames] = thenNames
  const services = laterNames.reduce((before, after) => words.say('kiosk.thenAfter', { before, after }), firstName)
  const wait = range === null ? [] : [words.say('kiosk.expectedWait', { wait: sayWait(words, range) })]
  return (
    <ol className="steps">
      {isPaperless(paper) ? (
        <Step icon="photo" text={words.say('kiosk.rememberNumber')} isFirst />
      ) : (
        <Step icon="paper" text={words.say(paper === 'coming' ? 'kiosk.paperComing' : 'kiosk.takePaper')} isFirst />
      )}
      {(position !== null || range !== null) && <Step icon="people" text={[...before, ...wait].join(' ')} />}
      <Step icon="seat" text={words.say(ticket.isOffline ? 'kiosk.haveSeatOffline' : 'kiosk.haveSeat')} />
      <Step icon="counter" text={words.say(ticket.isOffline ? 'kiosk.goToCounterOffline' : 'kiosk.goToCounter')} />
      {thenNames.length > 0 && <Step icon="arrow" text={words.say('kiosk.then', { services })} />}
    </ol>
  )
}

/** The number, large; then what happens next. Without paper the number stays and the screen says so. */
export function YourTicket(props: YourTicketProps) {
  const { ticket, serviceName, thenNames, paper, leftMs, wholeMs } = props
  const words = useWords()
  const title = TITLES[paper]
  return (
    <section className="ticket-screen">
      <div className="ticket" role="status">
        <h1>{words.say('kiosk.yourNumber')}</h1>
        <NumberText
          number={ticket.number}
          className={ticket.number.length > 4 ? 'ticket-number ticket-number-long' : 'ticket-number'}
        />
        <p className="ticket-service">
          {props.mark !== null && <ServiceMark {...props.mark} />}
          {serviceName}
        </p>
      </div>
      <div className="ticket-side reach">
        <ScrollBox>
          {title !== undefined && (
            <div className="paper-note" role="alert">
              <h2>{words.say(title)}</h2>
              <p>{words.say('kiosk.numberValid')}</p>
            </div>
          )}
          <NextSteps ticket={ticket} paper={paper} thenNames={thenNames} />
          {ticket.isOffline && <p className="small-note">{words.say('kiosk.offlineTicket')}</p>}
          {paper === 'simulated' && <p className="small-note">{words.say('kiosk.simulatedPaper')}</p>}
        </ScrollBox>
        <div className="ticket-actions">
          <CountdownRing
            leftMs={leftMs}
            wholeMs={wholeMs}
            label={words.say('kiosk.secondsLeft', { count: Math.max(0, Math.ceil(leftMs / 1_000)) })}
          />
          <Button onPress={props.onMoreTime} icon="plus">
            {words.say('kiosk.moreTime')}
          </Button>
          <Button kind="primary" onPress={props.onDone}>
            {words.say('kiosk.done')}
          </Button>
        </div>
      </div>
    </section>
  )
}
