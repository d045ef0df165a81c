import { Button, NumberText, StatusLine } from '#shared/ui/parts.tsx'
import { useWords } from '#shared/ui/words-context.tsx'
import type { StaffJob, StaffOverview, StaffPrinter } from '#shared/wire/staff.ts'
import type { WordKey } from '#shared/words/create-words.ts'

export const HINT_WORDS: { readonly [hint in StaffPrinter['status']['hint']]: WordKey } = {
  ready: 'staff.hint.ready',
  'paper-low': 'staff.hint.paper-low',
  'load-paper': 'staff.hint.load-paper',
  'close-cover': 'staff.hint.close-cover',
  'check-printer': 'staff.hint.check-printer',
  'not-reachable': 'staff.hint.not-reachable',
  'status-unknown': 'staff.hint.status-unknown',
  simulated: 'staff.hint.simulated',
}
export const CAPABILITY_WORDS: { readonly [capability in StaffPrinter['status']['capability']]: WordKey } = {
  confirmed: 'staff.confirmed',
  'status-only': 'staff.status-only',
  blind: 'staff.blind',
}
const STATE_WORDS: { readonly [state in StaffJob['state']]: WordKey } = {
  queued: 'staff.job.queued',
  sending: 'staff.job.sending',
  confirmed: 'staff.job.confirmed',
  sent: 'staff.job.sent',
  failed: 'staff.job.failed',
  uncertain: 'staff.job.uncertain',
  expired: 'staff.job.expired',
}
const JUDGED_WORDS = { 'came-out': 'staff.judged.came-out', missing: 'staff.judged.missing' } as const
const CALM_HINTS = ['ready', 'status-unknown', 'simulated']

interface StaffOverviewProps {
  readonly overview: StaffOverview
  /** Why the last act did nothing; empty when there is nothing to say. */
  readonly problem: string
  /** A printer was just set up here. */
  readonly isJustSetUp: boolean
  readonly onReprint: (jobId: string) => void
  readonly onJudge: (jobId: string, judgement: NonNullable<StaffJob['judgement']>) => void
  readonly onSetUp: () => void
  readonly onRestart: () => void
}

function Printer({ address, paperMm, status, isSimulated }: StaffPrinter) {
  const words = useWords()
  const { hint, capability } = status
  return (
    <li className="staff-printer" data-tone={CALM_HINTS.includes(hint) ? 'calm' : 'warn'}>
      <strong>{words.say(HINT_WORDS[hint])}</strong>
      <bdi dir="ltr" className="staff-address">
        {address}
      </bdi>
      <span>
        {words.say('staff.paper', { mm: paperMm })}
        {!isSimulated && ` · ${words.say(CAPABILITY_WORDS[capability])}`}
      </span>
    </li>
  )
}

type JobProps = Pick<StaffOverviewProps, 'onReprint' | 'onJudge'> & { readonly job: StaffJob }

/** One paper: what is known of it, and what may be done about it. */
function Job({ job: { id, number, state, copy, judgement }, onReprint, onJudge }: JobProps) {
  const words = useWords()
  const isDoubted = state === 'uncertain' && judgement === null
  const isUnderWay = state === 'queued' || state === 'sending'
  const text = state === 'uncertain' && judgement !== null ? JUDGED_WORDS[judgement] : STATE_WORDS[state]
  return (
    <li className="staff-job" data-state={isDoubted ? 'doubted' : state}>
      <NumberText number={number} />
      <span className="staff-job-state">
        {words.say(text)}
        {copy > 1 && ` · ${words.say('staff.copy', { copy })}`}
      </span>
      <span className="staff-job-acts">
        {isDoubted && (
          <>
            <Button label={words.say('staff.cameOutOf', { number })} onPress={() => onJudge(id, 'came-out')}>
              {words.say('staff.cameOut')}
            </Button>
            <Button label={words.say('staff.missingOf', { number })} onPress={() => onJudge(id, 'missing')}>
              {words.say('staff.missing')}
            </Button>
          </>
        )}
        {!isDoubted && !isUnderWay && (
          <Button label={words.say('staff.reprintOf', { number })} onPress={() => onReprint(id)}>
            {words.say('staff.reprint')}
          </Button>
        )}
      </span>
    </li>
  )
}

/** How the printers are, the last papers, and what staff may do about both. */
export function StaffOverviewPage(props: StaffOverviewProps) {
  const { overview, problem } = props
  const words = useWords()
  const { printers, source, jobs, role } = overview
  const why =
    source === 'environment' ? 'staff.setElsewhere' : role === 'manager' ? null : ('staff.onlyManagers' as const)
  return (
    <section className="staff-overview">
      <div className="staff-side">
        <h2>{words.say('staff.printers')}</h2>
        {source === 'none' && printers.some(({ isSimulated }) => isSimulated) && (
          <StatusLine icon="paper" tone="warn">
            {words.say('staff.simulated')}
          </StatusLine>
        )}
        {props.isJustSetUp && <StatusLine icon="paper">{words.say('staff.inUse')}</StatusLine>}
        <ul className="staff-printers">
          {printers.map((printer) => (
            <Printer key={printer.address} {...printer} />
          ))}
        </ul>
        {why === null ? (
          <Button kind="primary" icon="paper" onPress={props.onSetUp}>
            {words.say('staff.setUp')}
          </Button>
        ) : (
          <p className="staff-note">{words.say(why)}</p>
        )}
        <Button onPress={props.onRestart}>{words.say('staff.restart')}</Button>
      </div>
      <div className="staff-papers">
        <h2>{words.say('staff.papers')}</h2>
        <p className="field-problem" role="alert">
          {problem}
        </p>
        {jobs.length === 0 ? (
          <p className="staff-note">{words.say('staff.noPapers')}</p>
        ) : (
          // A region that scrolls is reached by the keyboard, too.
          // biome-ignore lint/a11y/noNoninteractiveTabindex: it must be scrolled by keys
          <ul className="staff-jobs" data-scrolls="" tabIndex={0} aria-label={words.say('staff.papers')}>
            {jobs.map((job) => (
              <Job key={job.id} job={job} onReprint={props.onReprint} onJudge={props.onJudge} />
            ))}
          </ul>
        )}
      </div>
    </section>
  )
}
