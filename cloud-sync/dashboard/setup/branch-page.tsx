import { Checkbox, NativeSelect, Switch, TextInput } from '@mantine/core'
import { useState } from 'react'
import { LANGUAGES, type Language } from '#shared/domain/ids.ts'
import { WEEKDAYS, type Weekday } from '#shared/domain/opening-hours.ts'
import type { CatalogueBody } from '#shared/wire/catalogue-body.ts'
import { formatWeekday } from '#shared/words/format.ts'
import { LANGUAGE_NAMES } from '#shared/words/speaker.ts'
import { useHere, useWords } from '../here.tsx'
import { Page, Waiting } from '../parts/parts.tsx'
import { faultAt } from '../say-fault.ts'
import { type Opened, useDraft } from '../use-draft.ts'
import { BRANCH_FIELDS } from './branch-specs.ts'
import { FormFrame, useDraftForm } from './draft-form.tsx'
import { readField, withField } from './entries.ts'
import { Field } from './field.tsx'
import { readSpans, writeSpans } from './hours.ts'

type Branch = CatalogueBody['branch']

/** The settings of the branch itself. */
export function BranchSettingsPage({ branchId }: { readonly branchId: string }) {
  const draft = useDraft(branchId)
  return draft.opened === null ? <Waiting error={draft.error} /> : <BranchForm draft={draft} opened={draft.opened} />
}

interface PartProps {
  readonly branch: Branch
  readonly put: (change: Partial<Branch>) => void
  readonly errorOf: (field: string) => string
}

function LanguagesPart({ branch, put, errorOf }: PartProps) {
  const { say } = useWords()
  return (
    <>
      <Checkbox.Group
        label={say('dash.field.languages')}
        error={errorOf('languages') || undefined}
        value={[...(branch.languages ?? [])]}
        onChange={(chosen) => put({ languages: LANGUAGES.filter((it) => chosen.includes(it)) })}
      >
        <div className="field-choices">
          {LANGUAGES.map((it) => (
            <Checkbox key={it} value={it} label={LANGUAGE_NAMES[it]} />
          ))}
        </div>
      </Checkbox.Group>
      <NativeSelect
        label={say('dash.field.defaultLanguage')}
        error={errorOf('defaultLanguage') || undefined}
        data={LANGUAGES.map((it) => ({ value: it, label: LANGUAGE_NAMES[it] }))}
        value={branch.defaultLanguage}
        onChange={({ currentTarget }) => put({ defaultLanguage: currentTarget.value as Language })}
      />
    </>
  )
}

/** A Monday, in UTC: days of the week are named by it. */
const MONDAY_MS = 4 * 86_400_000
const USUAL = [{ opens: '08:00', closes: '16:00' }]
const usualWeek = () => Object.fromEntries(WEEKDAYS.slice(0, 5).map((day) => [day, USUAL]))

function WeekPart({ branch, put, errorOf }: PartProps) {
  const { say, language } = useWords()
  const hours = branch.openingHours ?? null
  const [texts, setTexts] = useState<Partial<Record<Weekday, string>>>({})
  return (
    <fieldset className="week">
      <legend>{say('dash.field.openingHours')}</legend>
      <Switch
        label={say('dash.alwaysOpen')}
        checked={hours === null}
        onChange={({ currentTarget }) => put({ openingHours: currentTarget.checked ? null : usualWeek() })}
      />
      {hours !== null &&
        WEEKDAYS.map((day, at) => (
          <TextInput
            key={day}
            dir="ltr"
            label={formatWeekday(MONDAY_MS + at * 86_400_000, language, 'UTC')}
            {...(at === 0 && { description: say('dash.spansHelp') })}
            error={errorOf(`openingHours/${day}`) || undefined}
            value={texts[day] ?? writeSpans(hours[day])}
            onChange={({ currentTarget: { value } }) => {
              setTexts((before) => ({ ...before, [day]: value }))
              const { [day]: _, ...others } = hours
              const spans = readSpans(value)
              put({ openingHours: spans.length === 0 ? others : { ...others, [day]: [...spans] } })
            }}
          />
        ))}
    </fieldset>
  )
}

function BranchForm({ draft, opened }: { readonly draft: ReturnType<typeof useDraft>; readonly opened: Opened }) {
  const words = useWords()
  const [branch, setBranch] = useState<Branch>(opened.body.branch)
  const form = useDraftForm(draft, opened, () => {})
  const { language } = useHere()
  const put = (change: Partial<Branch>): void => setBranch((before) => ({ ...before, ...change }))
  const errorOf = (field: string): string => faultAt(words, form.faults, `/branch/${field}`)
  return (
    <Page title={words.say('dash.settings')}>
      <FormFrame
        key={language}
        form={form}
        isFaulty={faultAt(words, form.faults, '/branch') !== ''}
        onSubmit={() => form.save({ ...form.began.body, branch })}
      >
        {BRANCH_FIELDS.map((spec) => (
          <Field
            key={spec.field}
            spec={spec}
            value={readField(branch, spec.field)}
            onChange={(value) => setBranch((before) => withField(before, spec.field, value))}
            error={errorOf(spec.field)}
            body={form.began.body}
          />
        ))}
        <LanguagesPart branch={branch} put={put} errorOf={errorOf} />
        <WeekPart branch={branch} put={put} errorOf={errorOf} />
      </FormFrame>
    </Page>
  )
}
