import { useId } from 'react'
import type { ServiceId } from '#shared/domain/ids.ts'
import { PLAN_MAX } from '#shared/domain/ticket-birth.ts'
import type { DeskService } from '#shared/project/counter-desk.ts'
import { Button } from '#shared/ui/parts.tsx'
import { useWords } from '#shared/ui/words-context.tsx'

interface PlanFieldProps {
  readonly services: readonly DeskService[]
  readonly first: ServiceId
  /** What follows, in order. */
  readonly plan: readonly ServiceId[]
  readonly onPlan: (plan: readonly ServiceId[]) => void
}

/** The services that follow under the same number: one is added at the end, any can be taken away. */
export function PlanField({ services, first, plan, onPlan }: PlanFieldProps) {
  const words = useWords()
  const fieldId = useId()
  const nameOf = (id: ServiceId): string => {
    const service = services.find(({ serviceId }) => serviceId === id)
    return service === undefined ? id : words.read(service.name)
  }
  const others = services.filter(({ serviceId }) => serviceId !== first && !plan.includes(serviceId))
  return (
    <div className="field plan-field">
      <label className="field-label" htmlFor={fieldId}>
        {words.say('caller.then')}
      </label>
      {plan.length > 0 && (
        <ol className="plan-services">
          {plan.map((id, index) => (
            <li key={id} className="plan-service">
              <bdi dir="ltr" className="plan-place">
                {index + 2}
              </bdi>
              <span>{nameOf(id)}</span>
              <Button
                kind="quiet"
                icon="close"
                label={words.say('caller.dropService', { service: nameOf(id) })}
                onPress={() => onPlan(plan.filter((other) => other !== id))}
              />
            </li>
          ))}
        </ol>
      )}
      <select
        id={fieldId}
        className="field-input"
        value=""
        disabled={others.length === 0 || plan.length >= PLAN_MAX}
        onChange={(event) => onPlan([...plan, event.currentTarget.value as ServiceId])}
      >
        <option value="">{words.say('caller.addService')}</option>
        {others.map(({ serviceId, name }) => (
          <option key={serviceId} value={serviceId}>
            {words.read(name)}
          </option>
        ))}
      </select>
    </div>
  )
}
