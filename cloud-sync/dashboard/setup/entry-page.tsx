import { Button } from '@mantine/core'
import { useState } from 'react'
import { Link, useLocation } from 'wouter'
import { placeOf } from '#shared/project/merge-drafts.ts'
import type { CatalogueBody } from '#shared/wire/catalogue-body.ts'
import { useHere, useWords } from '../here.tsx'
import { Page, Waiting } from '../parts/parts.tsx'
import { faultAt } from '../say-fault.ts'
import { newId, type Opened, useDraft } from '../use-draft.ts'
import { FormFrame, useDraftForm } from './draft-form.tsx'
import { nameOfEntry, readField, withField } from './entries.ts'
import { Field } from './field.tsx'
import { type Entry, LIST_SPECS, type ListName } from './specs.ts'

/** Known by what else they have: a date, a name. */
const WITHOUT_ID: ReadonlySet<ListName> = new Set(['holidays', 'displays'])

interface EntryPageProps {
  readonly branchId: string
  readonly list: ListName
  /** `new`, or by what the entry is known. */
  readonly place: string
  /** Of the branch's setup. */
  readonly base: string
}

/** One entry of a list of the draft. */
export function EntryPage(props: EntryPageProps) {
  const draft = useDraft(props.branchId)
  return draft.opened === null ? (
    <Waiting error={draft.error} />
  ) : (
    <EntryForm key={`${props.list} ${props.place}`} {...props} draft={draft} opened={draft.opened} />
  )
}

const entriesIn = (body: CatalogueBody, list: ListName): readonly Entry[] => (body[list] ?? []) as readonly Entry[]

function withEntry(body: CatalogueBody, list: ListName, entry: Entry, place: string | null): CatalogueBody {
  const entries = entriesIn(body, list)
  const next = entries.some((it) => placeOf(it) === place)
    ? entries.map((it) => (placeOf(it) === place ? entry : it))
    : [...entries, entry]
  return { ...body, [list]: next }
}

interface EntryFormProps extends EntryPageProps {
  readonly draft: ReturnType<typeof useDraft>
  readonly opened: Opened
}

function EntryForm({ list, place, base, draft, opened }: EntryFormProps) {
  const words = useWords()
  const { language } = useHere()
  const [, go] = useLocation()
  const spec = LIST_SPECS[list]
  const kept = entriesIn(opened.body, list).find((it) => placeOf(it) === place)
  const [entry, setEntry] = useState<Entry>(kept ?? spec.plain)
  /** By what it is in the draft; null: it is not yet. */
  const [own, setOwn] = useState(kept === undefined ? null : place)
  const [isRemoved, setRemoved] = useState(false)
  const form = useDraftForm(draft, opened, (answer) => {
    const at = entriesIn(answer.body ?? opened.body, list).findIndex((it) => placeOf(it) === (own ?? placeOf(entry)))
    if (at === -1 || !answer.faults.some(({ path }) => path.startsWith(`/${list}/${at}/`))) go(`${base}/${list}`)
  })
  const { began, faults } = form
  const at = entriesIn(began.body, list).findIndex((it) => placeOf(it) === own)
  const index = at === -1 ? entriesIn(began.body, list).length : at
  const hasTried = form.saving.isError || form.saving.isSuccess || kept !== undefined
  const errorOf = (field: string): string => (hasTried ? faultAt(words, faults, `/${list}/${index}/${field}`) : '')
  const title = nameOfEntry(entry, language) || words.say(spec.add)

  function save(): void {
    const taken = entriesIn(began.body, list).map((it) => placeOf(it) ?? '')
    const id = { id: newId(nameOfEntry(entry, language), taken, `${list}-${taken.length + 1}`) }
    const whole = { ...(entry['id'] === undefined && !WITHOUT_ID.has(list) ? id : {}), ...entry }
    setEntry(whole)
    form.save(withEntry(began.body, list, whole, own))
    setOwn(placeOf(whole))
  }

  function remove(): void {
    setRemoved(true)
    form.save({ ...began.body, [list]: entriesIn(began.body, list).filter((it) => placeOf(it) !== own) })
  }

  return (
    <Page title={title}>
      <FormFrame
        form={form}
        isFaulty={!isRemoved && faultAt(words, faults, `/${list}/${index}`) !== ''}
        onSubmit={save}
        acts={
          <>
            <Button component={Link} href={`${base}/${list}`} variant="default">
              {words.say('dash.cancel')}
            </Button>
            {own !== null && (
              <Button variant="subtle" color="red" onClick={remove}>
                {words.say('dash.remove')}
              </Button>
            )}
          </>
        }
      >
        {spec.fields.map((field) => (
          <Field
            key={field.field}
            spec={field}
            value={readField(entry, field.field)}
            onChange={(value) => setEntry((before) => withField(before, field.field, value))}
            error={errorOf(field.field)}
            body={began.body}
            hasPin={draft.answer?.pinsOf.includes(own ?? '') ?? false}
          />
        ))}
      </FormFrame>
    </Page>
  )
}
