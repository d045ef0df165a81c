import { Button, Checkbox, NativeSelect, TextInput } from '@mantine/core'
import { readWords, useHere, useWords } from '../here.tsx'
import { withField } from './entries.ts'
import type { FieldProps } from './field.tsx'

/** As many as the catalogue takes. */
const RULES_MAX = 20

/** A rule as its form holds it: what is no number yet is left to the catalogue's rules to refuse. */
interface Rule {
  readonly queueIds: readonly string[]
  readonly when?: {
    readonly queueId?: string
    readonly waitOverMinutes?: unknown
    readonly waitingOver?: unknown
  } | null
}

const numberOf = (text: string): unknown =>
  text.trim() === '' ? undefined : Number.isFinite(Number(text)) ? Number(text) : text
const textOf = (value: unknown): string => (value === undefined || value === null ? '' : String(value))

interface RuleProps {
  readonly rule: Rule
  readonly put: (rule: Rule) => void
  readonly queues: FieldProps['body']['queues']
}

/** When the rule speaks; always, where no queue is named. */
function Condition({ rule, put, queues }: RuleProps) {
  const { say } = useWords()
  const { language } = useHere()
  const when = rule.when ?? null
  return (
    <>
      <NativeSelect
        label={say('dash.rule.when')}
        data={[
          { value: '', label: say('dash.rule.always') },
          ...queues.map(({ id, name }) => ({ value: id, label: readWords(name, language) })),
        ]}
        value={when?.queueId ?? ''}
        onChange={({ currentTarget: { value } }) => {
          const { when: _, ...always } = rule
          put(value === '' ? always : { ...rule, when: { ...when, queueId: value } })
        }}
      />
      {when !== null && (
        <>
          <TextInput
            inputMode="numeric"
            label={say('dash.withUnit', { label: say('dash.rule.waitOver'), unit: say('dash.minutes') })}
            value={textOf(when.waitOverMinutes)}
            onChange={({ currentTarget }) =>
              put(withField(rule, 'when/waitOverMinutes', numberOf(currentTarget.value)))
            }
          />
          <TextInput
            inputMode="numeric"
            label={say('dash.rule.waitingOver')}
            value={textOf(when.waitingOver)}
            onChange={({ currentTarget }) => put(withField(rule, 'when/waitingOver', numberOf(currentTarget.value)))}
          />
        </>
      )}
    </>
  )
}

function RuleForm(props: RuleProps) {
  const { rule, put, queues } = props
  const { say } = useWords()
  const { language } = useHere()
  return (
    <>
      <Checkbox.Group
        label={say('dash.rule.callFrom')}
        value={[...rule.queueIds]}
        onChange={(queueIds) => put({ ...rule, queueIds })}
      >
        <div className="field-choices">
          {queues.map(({ id, name }) => (
            <Checkbox key={id} value={id} label={readWords(name, language)} />
          ))}
        </div>
      </Checkbox.Group>
      <Condition {...props} />
    </>
  )
}

/** What a counter calls from, by what is going on: the first rule that holds and finds somebody. */
export function RulesField({ spec, value, onChange, error, body }: FieldProps) {
  const { say } = useWords()
  const rules = Array.isArray(value) ? (value as readonly Rule[]) : []
  const swap = (at: number): readonly Rule[] =>
    rules.flatMap((rule, place) => (place === at ? [] : place === at - 1 ? [rules[at] ?? rule, rule] : [rule]))
  return (
    <fieldset className="week">
      <legend>{say(spec.label)}</legend>
      {spec.help !== undefined && <p className="field-help">{say(spec.help)}</p>}
      {rules.map((rule, at) => (
        <fieldset key={at} className="conflict">
          <legend>{say('dash.rule.number', { number: String(at + 1) })}</legend>
          <RuleForm rule={rule} put={(next) => onChange(rules.with(at, next))} queues={body.queues} />
          <div className="form-acts">
            {at > 0 && (
              <Button variant="default" onClick={() => onChange(swap(at))}>
                {say('dash.rule.earlier')}
              </Button>
            )}
            {rules.length > 1 && (
              <Button variant="subtle" color="red" onClick={() => onChange(rules.toSpliced(at, 1))}>
                {say('dash.remove')}
              </Button>
            )}
          </div>
        </fieldset>
      ))}
      {error !== '' && <p className="field-fault">{error}</p>}
      {rules.length < RULES_MAX && (
        <Button className="field-add" variant="default" onClick={() => onChange([...rules, { queueIds: [] }])}>
          {say('dash.rule.add')}
        </Button>
      )}
    </fieldset>
  )
}
