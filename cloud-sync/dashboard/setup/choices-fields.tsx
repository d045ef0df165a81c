import { Checkbox } from '@mantine/core'
import { LANGUAGES } from '#shared/domain/ids.ts'
import { PICTOGRAMS } from '#shared/slip/pictograms.ts'
import { ServiceMark } from '#shared/ui/service-mark.tsx'
import { LANGUAGE_NAMES } from '#shared/words/speaker.ts'
import { useWords } from '../here.tsx'
import type { FieldProps } from './field.tsx'

/** Several of the product's own, or of the branch's languages. */
export function ChoicesField({ spec, value, onChange, error, body }: FieldProps) {
  const { say } = useWords()
  const options =
    spec.kind === 'choices'
      ? Object.entries(spec.options).map(([key, label]) => ({ key, label: say(label) }))
      : LANGUAGES.filter((it) => body.branch.languages?.includes(it)).map((it) => ({
          key: it,
          label: LANGUAGE_NAMES[it],
        }))
  const all = options.map(({ key }) => key)
  const isUsuallyAll = spec.kind === 'choices' && spec.isUsuallyAll === true
  const usual = isUsuallyAll ? all : []
  const chosen = Array.isArray(value) ? (value as readonly string[]) : usual
  return (
    <Checkbox.Group
      label={say(spec.label)}
      description={spec.help === undefined ? undefined : say(spec.help)}
      error={error === '' ? undefined : error}
      value={[...chosen]}
      onChange={(ticked) => {
        const now = all.filter((it) => ticked.includes(it))
        onChange(now.length === usual.length ? undefined : now)
      }}
    >
      <div className="field-choices">
        {options.map(({ key, label }) => (
          <Checkbox key={key} value={key} label={label} />
        ))}
      </div>
    </Checkbox.Group>
  )
}

const ICONS = Object.keys(PICTOGRAMS)

/** What a service is known by to whoever does not read. */
export function IconField({ spec, value, onChange, error }: FieldProps) {
  const { say } = useWords()
  const choice = (icon: string | undefined) => (
    <label key={icon ?? ''} className="icon-choice">
      <input
        type="radio"
        name={spec.field}
        checked={value === icon || (icon === undefined && (value ?? undefined) === undefined)}
        onChange={() => onChange(icon)}
      />
      {icon === undefined ? say('dash.noIcon') : <ServiceMark icon={icon} colour={null} />}
      {icon !== undefined && <span className="only-heard">{icon}</span>}
    </label>
  )
  return (
    <fieldset className="icon-field">
      <legend>{say('dash.optional', { label: say(spec.label) })}</legend>
      {spec.help !== undefined && <p className="field-help">{say(spec.help)}</p>}
      <div className="icon-choices">{[undefined, ...ICONS].map(choice)}</div>
      {error !== '' && <p className="field-fault">{error}</p>}
    </fieldset>
  )
}
