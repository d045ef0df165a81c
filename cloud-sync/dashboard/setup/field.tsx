import { Checkbox, NativeSelect, PasswordInput, Switch, TextInput } from '@mantine/core'
import { useState } from 'react'
import { LANGUAGES } from '#shared/domain/ids.ts'
import type { CatalogueBody } from '#shared/wire/catalogue-body.ts'
import { LANGUAGE_NAMES } from '#shared/words/speaker.ts'
import { readWords, useHere, useWords } from '../here.tsx'
import { ChoicesField, IconField } from './choices-fields.tsx'
import { readSpans, writeSpans } from './hours.ts'
import { LogoField } from './logo-field.tsx'
import { RulesField } from './rules-field.tsx'
import type { FieldSpec } from './specs.ts'
import { TextsField } from './texts-field.tsx'

export interface FieldProps {
  readonly spec: FieldSpec
  readonly value: unknown
  readonly onChange: (value: unknown) => void
  /** '' when nothing is wrong. */
  readonly error: string
  readonly body: CatalogueBody
  /** The agent has a PIN. */
  readonly hasPin?: boolean
}

const textOf = (value: unknown): string => (typeof value === 'string' || typeof value === 'number' ? String(value) : '')

/** A text that is typed in its own form, and read into a value at each stroke. */
function TypedInput(props: {
  readonly frame: object
  readonly start: string
  readonly onText: (text: string) => void
  readonly inputMode?: 'numeric'
  readonly type?: 'date' | 'time'
}) {
  const [text, setText] = useState(props.start)
  return (
    <TextInput
      {...props.frame}
      type={props.type ?? 'text'}
      inputMode={props.inputMode ?? 'text'}
      dir={props.type === undefined ? undefined : 'ltr'}
      value={text}
      onChange={({ currentTarget: { value } }) => {
        setText(value)
        props.onText(value)
      }}
    />
  )
}

/** A text in each language of the branch. */
export function WordsField({
  value,
  onChange,
  error,
  body,
  frame,
}: FieldProps & { readonly frame: (more: string) => object }) {
  const { languages, textLanguages = [], defaultLanguage } = body.branch
  // Further languages are data: what the branch says it writes in is what its forms ask for.
  const tongues = [
    ...LANGUAGES.filter((it) => languages?.includes(it)).map((tag) => ({ tag, name: LANGUAGE_NAMES[tag] })),
    ...textLanguages,
  ]
  const texts: Readonly<Record<string, string>> =
    typeof value === 'string' ? { [defaultLanguage]: value } : ((value ?? {}) as Readonly<Record<string, string>>)
  const put = (tag: string, text: string): void => {
    const { [tag]: _, ...others } = texts
    const all = text === '' ? others : { ...texts, [tag]: text }
    onChange(Object.keys(all).length === 0 ? undefined : all)
  }
  return (
    <div className="field-words">
      {tongues.map(({ tag, name }, at) => (
        <TextInput
          {...frame(name)}
          key={tag}
          lang={tag}
          dir={tag === 'ar' ? 'rtl' : 'auto'}
          {...(at > 0 && { description: undefined })}
          error={at === 0 && error !== '' ? error : undefined}
          value={texts[tag] ?? ''}
          onChange={({ currentTarget }) => put(tag, currentTarget.value)}
        />
      ))}
    </div>
  )
}

/** Several of another list; the order in which they are ticked is theirs. */
function ReferencesField({ spec, value, onChange, error, body }: FieldProps) {
  const { language } = useHere()
  const { say } = useWords()
  const chosen = Array.isArray(value) ? (value as readonly string[]) : []
  const entries = spec.kind === 'references' ? (body[spec.list] ?? []) : []
  return (
    <Checkbox.Group
      label={say(spec.label)}
      description={spec.help === undefined ? undefined : say(spec.help)}
      error={error === '' ? undefined : error}
      value={[...chosen]}
      onChange={(ids) => onChange(ids.length === 0 && spec.isOptional === true ? undefined : ids)}
    >
      <div className="field-choices">
        {entries.map((it) => (
          <Checkbox key={it.id} value={it.id} label={choiceName(readWords(it.name, language), chosen.indexOf(it.id))} />
        ))}
      </div>
    </Checkbox.Group>
  )
}

const choiceName = (name: string, at: number): string => (at === -1 ? name : `${name} · ${at + 1}`)

function useFrame({ spec, error }: FieldProps) {
  const { say } = useWords()
  return (more = ''): object => {
    const { label, help, isOptional = false } = spec
    const unit = spec.kind === 'number' ? spec.unit : undefined
    const named = more === '' ? say(label) : say('dash.inLanguage', { label: say(label), language: more })
    const withUnit = unit === undefined ? named : say('dash.withUnit', { label: named, unit: say(unit) })
    return {
      label: isOptional ? say('dash.optional', { label: withUnit }) : withUnit,
      description: help === undefined ? undefined : say(help),
      error: error === '' ? undefined : error,
    }
  }
}

const numberOf = (text: string, scale: number): unknown => {
  if (text.trim() === '') return undefined
  const number = Number(text.replace(',', '.'))
  // What is no number is left to the catalogue's rules to refuse, at this field.
  return Number.isFinite(number) ? Math.round(number * scale) : text
}

/** `wo Wolof, dyu Julakan` as tags and names; what is none of them is left to the catalogue's rules to refuse. */
const tongues = (text: string): readonly object[] | undefined =>
  names(text)?.map((one) => {
    const [tag = '', ...name] = one.split(/\s+/)
    return { tag: tag.toLowerCase(), name: name.join(' ') }
  })

const names = (text: string): readonly string[] | undefined => {
  const all = text.split(/[,،]/).map((it) => it.trim())
  const said = all.filter((it) => it !== '')
  return said.length === 0 ? undefined : said
}

/** One of several that are there: of the product's own words, or of another list. */
function ChoiceField(props: FieldProps) {
  const { spec, value, onChange, body } = props
  const { language } = useHere()
  const { say } = useWords()
  const frame = useFrame(props)
  const options =
    spec.kind === 'select'
      ? Object.entries(spec.options).map(([key, label]) => ({ value: key, label: say(label) }))
      : [
          { value: '', label: say('dash.choose') },
          ...(spec.kind === 'reference' ? (body[spec.list] ?? []) : []).map((it) => ({
            ...{ value: it.id, label: readWords(it.name, language) },
          })),
        ]
  return (
    <NativeSelect
      {...frame()}
      data={options}
      value={textOf(value)}
      onChange={({ currentTarget }) => onChange(currentTarget.value === '' ? undefined : currentTarget.value)}
    />
  )
}

function PinField(props: FieldProps) {
  const { say } = useWords()
  const frame = useFrame(props)
  return (
    <PasswordInput
      {...frame()}
      {...(props.hasPin === true && { description: say('dash.pinThere') })}
      autoComplete="new-password"
      inputMode="numeric"
      value={textOf(props.value)}
      onChange={({ currentTarget }) => props.onChange(currentTarget.value === '' ? undefined : currentTarget.value)}
    />
  )
}

/** What is typed as a text, whatever it is kept as. */
function TypedField(props: FieldProps) {
  const { spec, value, onChange } = props
  const frame = useFrame(props)()
  switch (spec.kind) {
    case 'number': {
      const scale = spec.scale ?? 1
      const start = typeof value === 'number' ? String(value / scale) : textOf(value)
      const put = (text: string): void => onChange(numberOf(text, scale))
      return <TypedInput frame={frame} start={start} inputMode="numeric" onText={put} />
    }
    case 'spans':
      return <TypedInput frame={frame} start={writeSpans(value)} onText={(text) => onChange(readSpans(text))} />
    case 'tongues': {
      const said = Array.isArray(value) ? (value as readonly { readonly tag: string; readonly name: string }[]) : []
      const start = said.map(({ tag, name }) => `${tag} ${name}`).join(', ')
      return <TypedInput frame={frame} start={start} onText={(text) => onChange(tongues(text))} />
    }
    case 'names': {
      const start = Array.isArray(value) ? value.join(', ') : ''
      return <TypedInput frame={frame} start={start} onText={(text) => onChange(names(text))} />
    }
    default:
      return (
        <TypedInput
          frame={frame}
          start={textOf(value)}
          {...((spec.kind === 'date' || spec.kind === 'time') && { type: spec.kind })}
          onText={(text) => onChange(text.trim() === '' ? undefined : text.trim())}
        />
      )
  }
}

/** One field of a form, by what it holds. */
export function Field(props: FieldProps) {
  const { spec, value, onChange } = props
  const frame = useFrame(props)
  switch (spec.kind) {
    case 'words':
      return <WordsField {...props} frame={frame} />
    case 'references':
      return <ReferencesField {...props} />
    case 'select':
    case 'reference':
      return <ChoiceField {...props} />
    case 'pin':
      return <PinField {...props} />
    case 'switch': {
      const isUsuallyOn = spec.isUsuallyOn === true
      return (
        <Switch
          {...frame()}
          checked={typeof value === 'boolean' ? value : isUsuallyOn}
          onChange={({ currentTarget: { checked } }) => onChange(checked === isUsuallyOn ? undefined : checked)}
        />
      )
    }
    case 'choices':
    case 'languages':
      return <ChoicesField {...props} />
    case 'icon':
      return <IconField {...props} />
    case 'rules':
      return <RulesField {...props} />
    case 'texts':
      return <TextsField {...props} />
    case 'logo':
      return <LogoField {...props} />
    default:
      return <TypedField {...props} />
  }
}
