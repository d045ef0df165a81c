import { useState } from 'react'
import type { PriorityClassId, ServiceId } from '#shared/domain/ids.ts'
import type { CounterDesk } from '#shared/project/counter-desk.ts'
import { SearchedChoices } from '#shared/ui/choose.tsx'
import { ChoiceList, Dialog } from '#shared/ui/dialog.tsx'
import { useWords } from '#shared/ui/words-context.tsx'
import { plainNumber } from '#shared/words/typed-number.ts'
import { PlanField } from './plan-field.tsx'
import type { QuestionProps } from './question-props.ts'

const NO_PRIORITY = ''
type MaybePriority = PriorityClassId | typeof NO_PRIORITY

interface Wanted {
  readonly serviceId: ServiceId
  readonly priority: PriorityClassId | null
  /** null: as the branch has planned it. */
  readonly plan: readonly ServiceId[] | null
}

interface NewTicketProps extends QuestionProps {
  readonly title: string
  readonly help?: string
  readonly deedText: string
  /** More services may follow. */
  readonly hasPlan: boolean
  readonly onWanted: (wanted: Wanted) => void
}

function PriorityList(props: {
  readonly desk: CounterDesk
  readonly priority: MaybePriority
  readonly onPriority: (priority: MaybePriority) => void
}) {
  const words = useWords()
  return (
    <ChoiceList<MaybePriority>
      legend={words.say('caller.priorityClass')}
      chosen={props.priority}
      onChoose={props.onPriority}
      options={[
        { value: NO_PRIORITY, text: words.say('caller.noPriority') },
        ...props.desk.priorities.map(({ priorityId, name }) => ({ value: priorityId, text: words.read(name) })),
      ]}
    />
  )
}

function NewTicket({ desk, isBusy, problem, onClose, title, help, deedText, hasPlan, onWanted }: NewTicketProps) {
  const words = useWords()
  const [serviceId, setServiceId] = useState<ServiceId | null>(null)
  const [priority, setPriority] = useState<MaybePriority>(NO_PRIORITY)
  /** null: nobody has changed it. */
  const [plan, setPlan] = useState<readonly ServiceId[] | null>(null)
  const choose = (id: ServiceId | null): void => {
    setServiceId(id)
    setPlan(null)
  }
  const send = (): void => {
    if (serviceId !== null) onWanted({ serviceId, priority: priority === NO_PRIORITY ? null : priority, plan })
  }
  return (
    <Dialog
      title={title}
      onClose={onClose}
      problem={problem}
      deed={{ text: deedText, isPossible: serviceId !== null && !isBusy, onDo: send }}
    >
      {help !== undefined && <p>{help}</p>}
      <SearchedChoices
        chosen={serviceId}
        onChoose={choose}
        groups={[
          {
            legend: words.say('caller.service'),
            options: desk.services.map((service) => ({ value: service.serviceId, text: words.read(service.name) })),
          },
        ]}
      />
      {hasPlan && serviceId !== null && desk.services.length > 1 && (
        <PlanField
          services={desk.services}
          first={serviceId}
          plan={plan ?? desk.services.find((it) => it.serviceId === serviceId)?.plan ?? []}
          onPlan={setPlan}
        />
      )}
      {desk.priorities.length > 0 && <PriorityList desk={desk} priority={priority} onPriority={setPriority} />}
    </Dialog>
  )
}

export function Issue(props: QuestionProps) {
  const words = useWords()
  return (
    <NewTicket
      {...props}
      title={words.say('caller.issueTitle')}
      deedText={words.say('caller.issue')}
      hasPlan
      onWanted={(wanted) => props.onAct({ type: 'issue', ...wanted })}
    />
  )
}

/** For the customer who stands at the counter already. */
export function ServeNow(props: QuestionProps) {
  const words = useWords()
  const { counterId } = props.post
  return (
    <NewTicket
      {...props}
      title={words.say('caller.serveNow')}
      help={words.say('caller.serveNowHelp')}
      deedText={words.say('caller.serveNow')}
      hasPlan={false}
      onWanted={({ serviceId, priority }) => props.onAct({ type: 'serve-now', counterId, serviceId, priority })}
    />
  )
}

export function Adopt({ post, isBusy, onAct, problem, onClose }: QuestionProps) {
  const words = useWords()
  const [number, setNumber] = useState('')
  return (
    <Dialog
      title={words.say('caller.adoptTitle')}
      onClose={onClose}
      problem={problem}
      deed={{
        text: words.say('caller.adoptDo'),
        isPossible: number !== '' && !isBusy,
        onDo: () => onAct({ type: 'adopt', counterId: post.counterId, number, isConfirmed: false }),
      }}
    >
      <p>{words.say('caller.adoptHelp')}</p>
      <label className="field">
        <span className="field-label">{words.say('caller.number')}</span>
        <input
          className="field-input number-input"
          dir="ltr"
          autoComplete="off"
          autoCapitalize="characters"
          spellCheck={false}
          value={number}
          onChange={(event) => setNumber(plainNumber(event.currentTarget.value))}
        />
      </label>
    </Dialog>
  )
}

/** Whoever typed it looks at the paper once more. */
export function DoubtedNumber(props: QuestionProps & { readonly number: string }) {
  const { post, number, isBusy, onAct, problem, onClose } = props
  const words = useWords()
  return (
    <Dialog
      title={words.say('caller.doubtedTitle', { number })}
      onClose={onClose}
      problem={problem}
      deed={{
        text: words.say('caller.doubtedDo'),
        isPossible: !isBusy,
        isDoubted: true,
        onDo: () => onAct({ type: 'adopt', counterId: post.counterId, number, isConfirmed: true }),
      }}
    >
      <p>{words.say('caller.doubted', { number })}</p>
    </Dialog>
  )
}
