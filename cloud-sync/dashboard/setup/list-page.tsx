import { Badge, Button } from '@mantine/core'
import { Link } from 'wouter'
import { placeOf } from '#shared/project/merge-drafts.ts'
import { useHere, useMayChange, useWords } from '../here.tsx'
import { EmptyState, Page, Table, Waiting } from '../parts/parts.tsx'
import { faultAt } from '../say-fault.ts'
import { useDraft } from '../use-draft.ts'
import { nameOfEntry, readField } from './entries.ts'
import { useSayValue } from './say-value.ts'
import { type Entry, LIST_SPECS, type ListName } from './specs.ts'

/** What else of an entry is told in its list, beside its name. */
const TOLD: Readonly<Partial<Record<ListName, readonly string[]>>> = {
  services: ['prefix', 'queueId'],
  counters: ['queueIds'],
  agents: ['role'],
  priorityClasses: ['value'],
  holidays: ['date'],
  displays: ['zone', 'layout/side'],
  messages: ['kind'],
}

/** The entries of one list of the draft. */
export function ListPage({
  branchId,
  list,
  base,
}: {
  readonly branchId: string
  readonly list: ListName
  readonly base: string
}) {
  const words = useWords()
  const { say } = words
  const { language } = useHere()
  const sayValue = useSayValue()
  const mayChange = useMayChange()
  const draft = useDraft(branchId)
  const spec = LIST_SPECS[list]
  if (draft.opened === null) return <Waiting error={draft.error} />
  const { body } = draft.opened
  const entries = (body[list] ?? []) as readonly Entry[]
  const told = (TOLD[list] ?? []).flatMap((field) => spec.fields.filter((it) => it.field === field))
  const read = (field: (typeof told)[number], entry: Entry): string => {
    const value = readField(entry, field.field)
    if (field.kind === 'select')
      return say(field.options[String(value)] ?? Object.values(field.options)[0] ?? 'dash.none')
    if (field.kind !== 'reference' && field.kind !== 'references') return sayValue(value)
    const ids = [value].flat()
    return sayValue(ids.map((id) => (body[field.list] ?? []).find((it) => it.id === id)?.name ?? id))
  }
  const add = mayChange && (
    <Button component={Link} href={`${base}/${list}/new`}>
      {say(spec.add)}
    </Button>
  )
  return (
    <Page title={say(spec.title)} help={say(spec.help)} acts={entries.length > 0 && add}>
      {entries.length === 0 ? (
        <EmptyState title={say('dash.empty')} text={say(spec.help)}>
          {add}
        </EmptyState>
      ) : (
        <Table
          label={say(spec.title)}
          heads={[{ text: say('dash.entryName') }, ...told.map(({ label }) => ({ text: say(label) }))]}
          rows={entries.map((entry, at) => ({
            key: `${placeOf(entry)}`,
            cells: [
              <span className="entry-name" key="name">
                <Link href={`${base}/${list}/${encodeURIComponent(placeOf(entry) ?? '')}`}>
                  <bdi>{nameOfEntry(entry, language) || placeOf(entry)}</bdi>
                </Link>
                {faultAt(words, draft.answer?.faults ?? [], `/${list}/${at}`) !== '' && (
                  <Badge color="red" variant="light">
                    {say('dash.toMend')}
                  </Badge>
                )}
              </span>,
              ...told.map((field) => <bdi key={field.field}>{read(field, entry)}</bdi>),
            ],
          }))}
        />
      )}
    </Page>
  )
}
