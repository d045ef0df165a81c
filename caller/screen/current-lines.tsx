import type { CallRule } from '#shared/domain/call-reason.ts'
import type { Visit, Why } from '#shared/project/desk-tickets.ts'
import { Icon } from '#shared/ui/icons.tsx'
import { useWords } from '#shared/ui/words-context.tsx'
import type { WordKey } from '#shared/words/create-words.ts'
import type { CustomerSaid } from '../use-reports.ts'

/** Where the visit stands, and what comes next. */
export function VisitLine({ visit }: { readonly visit: Visit | null }) {
  const words = useWords()
  if (visit === null) return null
  const { step, count, following } = visit
  const [next] = following
  return (
    <p className="current-visit">
      <span className="steps" aria-hidden="true">
        {Array.from({ length: count }, (_, index) => (
          <span key={index} className={index < step ? 'step step-done' : 'step'} />
        ))}
      </span>
      <strong>{words.say('caller.visitStep', { step, count })}</strong>
      <span>
        {next === undefined
          ? words.say('caller.visitLast')
          : words.say('caller.visitNext', { service: words.read(next) })}
      </span>
    </p>
  )
}

const WHY_WORDS: Record<CallRule, WordKey> = {
  picked: 'caller.why.picked',
  reserved: 'caller.why.reserved',
  'put-first': 'caller.why.put-first',
  passed: 'caller.why.passed',
  appointment: 'caller.why.appointment',
  late: 'caller.why.late',
  priority: 'caller.why.priority',
  arrival: 'caller.why.arrival',
  profile: 'caller.why.profile',
  'queue-order': 'caller.why.queue-order',
  'longest-wait': 'caller.why.longest-wait',
  only: 'caller.why.only',
}

/** Why this ticket and not another, for whoever wonders. */
export function WhyLine({ why }: { readonly why: Why | null }) {
  const words = useWords()
  if (why === null) return null
  const { rule, runnerUp } = why
  const parts = [
    words.say(WHY_WORDS[rule]),
    ...(runnerUp === null ? [] : [words.say('caller.whyElse', { number: runnerUp })]),
  ]
  return <p className="current-why">{parts.join(' · ')}</p>
}

/** Who the customer says she is; it stands here alone, and only while she does. */
export function SaidLine({ said: { name, phone } }: { readonly said: CustomerSaid }) {
  if (name === '' && phone === '') return null
  return (
    <p className="current-said">
      <Icon name="person" />
      {name !== '' && <bdi>{name}</bdi>}
      {phone !== '' && (
        <bdi dir="ltr" className="number">
          {phone}
        </bdi>
      )}
    </p>
  )
}

/** What the agent before wrote. */
export function NoteLine({ note }: { readonly note: string }) {
  if (note === '') return null
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a long one scrolls, and must be reachable without a mouse
    <p className="current-note" dir="auto" tabIndex={0}>
      <Icon name="advice" />
      <span>{note}</span>
    </p>
  )
}
