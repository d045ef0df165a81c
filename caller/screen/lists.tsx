import type { ReactNode } from 'react'
import type { SteadyMs } from '#shared/domain/ids.ts'
import type { DeskQueue, Post } from '#shared/project/counter-desk.ts'
import type { DeskTicket, HeldTicket } from '#shared/project/desk-tickets.ts'
import { Icon } from '#shared/ui/icons.tsx'
import { Button, NumberText, TimeText } from '#shared/ui/parts.tsx'
import { useWords } from '#shared/ui/words-context.tsx'
import { formatTimer } from '#shared/words/format.ts'
import { levelOf, waitMsAt } from '../model.ts'
import { LEVEL_ICONS } from './primary.ts'

const MINUTE_MS = 60_000

/** Whole minutes: a timer beside the word “since” reads as a time of day. */
const minutesBetween = (fromMs: SteadyMs, toMs: SteadyMs): number => Math.floor(Math.max(0, toMs - fromMs) / MINUTE_MS)

/** What a row's buttons do. */
export interface RowActs {
  readonly onCall: (ticket: DeskTicket) => void
  readonly onCancel: (ticket: DeskTicket) => void
  readonly onResume: (ticket: DeskTicket) => void
  readonly onTransfer: (ticket: DeskTicket) => void
  readonly onReinstate: (ticket: DeskTicket) => void
}

interface RowProps {
  readonly ticket: DeskTicket
  readonly notes: readonly string[]
  /** null: the wait is over and shown no more. */
  readonly steadyMs: SteadyMs | null
  readonly children: ReactNode
}

function Wait({ ticket, steadyMs }: { readonly ticket: DeskTicket; readonly steadyMs: SteadyMs }) {
  const waitMs = waitMsAt(ticket, steadyMs)
  const level = levelOf(waitMs, ticket.waitTargetMs)
  return (
    <span className={`row-wait level-${level}`}>
      <Icon name={LEVEL_ICONS[level]} />
      <TimeText>{formatTimer(waitMs)}</TimeText>
    </span>
  )
}

/** For whom a ticket is kept; what is mine stands out. */
function Kept({ ticket: { keptFor } }: { readonly ticket: DeskTicket }) {
  const words = useWords()
  if (keptFor === null) return null
  return (
    <span className={keptFor.isMine ? 'badge' : 'badge badge-quiet'}>
      {keptFor.isMine ? words.say('caller.forYou') : words.say('caller.keptFor', { name: words.read(keptFor.name) })}
    </span>
  )
}

function Row({ ticket, notes, steadyMs, children }: RowProps) {
  const words = useWords()
  return (
    <li className="row">
      <NumberText className="row-number" number={ticket.number} />
      <span className="row-what">
        <span className="row-service">{words.read(ticket.serviceName)}</span>
        {notes.length > 0 && <span className="row-note">{notes.join(' · ')}</span>}
        <Kept ticket={ticket} />
      </span>
      {steadyMs !== null && <Wait ticket={ticket} steadyMs={steadyMs} />}
      <span className="row-acts">{children}</span>
    </li>
  )
}

function List(props: { title: string; count: number; empty: string; className: string; children: ReactNode }) {
  return (
    <section className={`list ${props.className}`}>
      <h2>
        {props.title}
        <span className="list-count">{props.count}</span>
      </h2>
      {props.count === 0 ? (
        <p className="list-empty">{props.empty}</p>
      ) : (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a list that scrolls must be reachable without a mouse
        <ul tabIndex={0}>{props.children}</ul>
      )}
    </section>
  )
}

/** A queue that is paused or closed, so that nobody wonders why it does not call. */
function QueueNotes({ queues }: { readonly queues: readonly DeskQueue[] }) {
  const words = useWords()
  return queues
    .filter((queue) => queue.isMine && (queue.isPaused || queue.isClosed))
    .map((queue) => (
      <p key={queue.queueId} className="queue-note">
        <Icon name="pause" />
        {words.read(queue.name)} · {words.say(queue.isPaused ? 'caller.queuePaused' : 'caller.queueClosed')}
      </p>
    ))
}

interface ListsProps extends RowActs {
  readonly post: Post
  readonly queues: readonly DeskQueue[]
  readonly steadyMs: SteadyMs
  readonly isOff: boolean
}

/** Who waits, in the order in which they will be called. */
export function WaitingList({ post, queues, steadyMs, isOff, onCall, onCancel }: ListsProps) {
  const words = useWords()
  const mayCall = !isOff && post.current === null
  return (
    <List
      className="list-waiting"
      title={words.say('caller.waitingList')}
      count={post.waiting.length}
      empty={words.say('caller.emptyWaiting')}
    >
      <QueueNotes queues={queues} />
      {post.waiting.map((ticket) => (
        <Row
          key={ticket.ticketId}
          ticket={ticket}
          steadyMs={steadyMs}
          notes={[
            ...(ticket.isPriority ? [words.say('caller.priority')] : []),
            ...(ticket.visit === null
              ? []
              : [words.say('caller.visitStep', { step: ticket.visit.step, count: ticket.visit.count })]),
          ]}
        >
          <Button isDisabled={!mayCall || !ticket.canCall} onPress={() => onCall(ticket)}>
            {words.say('caller.call')}
          </Button>
          <Button
            kind="quiet"
            icon="close"
            isDisabled={isOff}
            label={`${words.say('caller.cancelTicket')} ${ticket.number}`}
            onPress={() => onCancel(ticket)}
          />
        </Row>
      ))}
    </List>
  )
}

/** Customers who come back: held ones, and those who were not there when called. */
export function ReturningLists({ post, steadyMs, isOff, onResume, onTransfer, onReinstate }: ListsProps) {
  const words = useWords()
  const heldFor = ({ heldSinceSteadyMs }: HeldTicket): readonly string[] =>
    heldSinceSteadyMs === null
      ? []
      : [words.say('caller.heldFor', { minutes: minutesBetween(heldSinceSteadyMs, steadyMs) })]
  return (
    <div className="returning">
      <List
        className="list-held"
        title={words.say('caller.heldList')}
        count={post.held.length}
        empty={words.say('caller.emptyHeld')}
      >
        {post.held.map((ticket) => (
          <Row
            key={ticket.ticketId}
            ticket={ticket}
            steadyMs={steadyMs}
            notes={[...(ticket.reasonName === null ? [] : [words.read(ticket.reasonName)]), ...heldFor(ticket)]}
          >
            <Button isDisabled={isOff || post.current !== null} onPress={() => onResume(ticket)}>
              {words.say('caller.resume')}
            </Button>
            <Button
              kind="quiet"
              icon="transfer"
              isDisabled={isOff}
              label={`${words.say('caller.transfer')} ${ticket.number}`}
              onPress={() => onTransfer(ticket)}
            />
          </Row>
        ))}
      </List>
      <List
        className="list-no-shows"
        title={words.say('caller.noShowList')}
        count={post.noShows.length}
        empty={words.say('caller.emptyNoShow')}
      >
        {post.noShows.map((ticket) => (
          <Row key={ticket.ticketId} ticket={ticket} steadyMs={null} notes={[]}>
            <Button isDisabled={isOff} onPress={() => onReinstate(ticket)}>
              {words.say('caller.reinstate')}
            </Button>
          </Row>
        ))}
      </List>
    </div>
  )
}
