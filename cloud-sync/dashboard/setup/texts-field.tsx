import { Button } from '@mantine/core'
import { useWords } from '../here.tsx'
import { type FieldProps, WordsField } from './field.tsx'

/** As many as the catalogue takes. */
const TEXTS_MAX = 20

/** Several texts, each in the languages of the branch. */
export function TextsField(props: FieldProps) {
  const { spec, value, onChange, error } = props
  const { say } = useWords()
  const texts = Array.isArray(value) ? (value as readonly unknown[]) : []
  const put = (next: readonly unknown[]): void => onChange(next.length === 0 ? undefined : next)
  return (
    <fieldset className="week">
      <legend>{say('dash.optional', { label: say(spec.label) })}</legend>
      {spec.help !== undefined && <p className="field-help">{say(spec.help)}</p>}
      {texts.map((text, at) => (
        <div key={at} className="field-one">
          <WordsField
            {...props}
            value={text}
            error=""
            onChange={(words) => put(texts.with(at, words ?? {}))}
            frame={(language) => ({
              label: say('dash.inLanguage', { label: say('dash.textNumber', { number: String(at + 1) }), language }),
            })}
          />
          <Button variant="subtle" color="red" onClick={() => put(texts.toSpliced(at, 1))}>
            {say('dash.remove')}
          </Button>
        </div>
      ))}
      {error !== '' && <p className="field-fault">{error}</p>}
      {texts.length < TEXTS_MAX && (
        <Button className="field-add" variant="default" onClick={() => put([...texts, {}])}>
          {say('dash.addText')}
        </Button>
      )}
    </fieldset>
  )
}
