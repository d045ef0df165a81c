import type { Visit, Why } from '#shared/project/desk-tickets.ts'
import { Icon } from '#shared/ui/icons.tsx'
import { useWords } from '#shared/ui/words-context.tsx'

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

/** Why this ticket and not another, for whoever wonders. */
export function WhyLine({ why }: { readonly why: Why | null }) {
  const words = useWords()
  if (why === null) return null
  const { rule, runnerUp } = why
  const parts = [
    words.say(`caller.why.${rule}`),
    ...(runnerUp === null ? [] : [words.say('caller.whyElse', { number: runnerUp })]),
  ]
  return <p className="current-why">{parts.join(' · ')}</p>
}

/** What the agent before wrote. */
export function NoteLine({ note }: { readonly note: string }) {
  if (note === '') return null
  return (
    <p className="current-note" dir="auto">
      <Icon name="paper" />
      <span>{note}</span>
    </p>
  )
}
