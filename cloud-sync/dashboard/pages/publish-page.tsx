import { Alert, Button } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { Link } from 'wouter'
import type { Words } from '#shared/domain/catalogue.ts'
import { type DraftDifference, draftDifferences } from '#shared/project/draft-diff.ts'
import type { DraftAnswer, DraftFault } from '#shared/wire/draft.ts'
import { ask } from '../ask.ts'
import { readWords, useHere, useMayChange, useSession, useWords } from '../here.tsx'
import { Done, EmptyState, Page, Trouble, Waiting } from '../parts/parts.tsx'
import { sayMoment } from '../say-age.ts'
import { sayFault } from '../say-fault.ts'
import { labelOf } from '../setup/branch-specs.ts'
import { useSayValue } from '../setup/say-value.ts'
import { LIST_SPECS, type ListName } from '../setup/specs.ts'
import { useDraft } from '../use-draft.ts'
import { ScheduleForm } from './schedule-form.tsx'

function Difference({ difference }: { readonly difference: DraftDifference }) {
  const { say } = useWords()
  const { language } = useHere()
  const sayValue = useSayValue()
  const { kind, list, place, entry, fields } = difference
  const one = say(list === 'branch' ? 'dash.branch' : (LIST_SPECS[list as ListName]?.one ?? 'dash.field.other'))
  const name = readWords((entry as { name?: Words } | undefined)?.name, language) || place
  const title = { added: 'dash.added', removed: 'dash.removed', changed: 'dash.changed' } as const
  return (
    <li className={`difference difference-${kind}`}>
      <strong>{say(title[kind], { one, name })}</strong>
      {fields.length > 0 && (
        <ul>
          {fields.map(({ field, before, after }) => (
            <li key={field}>
              {say('dash.fromTo', {
                ...{ label: say(labelOf(list, field)), before: sayValue(before), after: sayValue(after) },
              })}
            </li>
          ))}
        </ul>
      )}
    </li>
  )
}

/** Leads to where it is mended. */
function Faults({
  answer,
  faults,
  base,
}: {
  readonly answer: DraftAnswer
  readonly faults: readonly DraftFault[]
  readonly base: string
}) {
  const words = useWords()
  const { language } = useHere()
  return (
    <ul className="faults">
      {faults.map((fault) => {
        const [, list = '', at = '', field = ''] = fault.path.split('/')
        const spec = LIST_SPECS[list as ListName]
        const entries = (answer.body?.[list as ListName] ?? []) as readonly { id?: string; name?: Words | string }[]
        const entry = entries[Number(at)]
        const name = entry === undefined ? '' : readWords(entry.name, language) || entry.id
        const parts = [
          ...[words.say(list === 'branch' ? 'dash.branch' : (spec?.one ?? 'dash.field.other')), name],
          ...(list === 'branch'
            ? [words.say(labelOf(list, at))]
            : field === ''
              ? []
              : [words.say(labelOf(list, field))]),
        ]
        const leadsTo = entry?.id === undefined ? `${base}/setup/${list}` : `${base}/setup/${list}/${entry.id}`
        return (
          <li key={fault.path}>
            <Link href={leadsTo}>{parts.filter((it) => it !== '' && it !== undefined).join(' · ')}</Link>
            {' — '}
            {sayFault(words, fault)}
          </li>
        )
      })}
    </ul>
  )
}

function useDraftActs(branchId: string, version: number) {
  const session = useSession()
  const client = useQueryClient()
  const path = `/branches/${branchId}/catalogues/draft`
  const look = () => client.invalidateQueries({ predicate: ({ queryKey }) => queryKey.includes(session.slug) })
  const publishing = useMutation({
    mutationFn: async () =>
      (await ask<{ version: number }>(session, 'POST', `${path}/publication`, { version })).body.version,
    onSettled: look,
  })
  const givingUp = useMutation({
    mutationFn: () => ask(session, 'DELETE', `${path}?version=${version}`),
    onSettled: look,
  })
  return { publishing, givingUp }
}

function DraftLines({ answer, timeZone }: { readonly answer: DraftAnswer; readonly timeZone: string }) {
  const words = useWords()
  const { changedAtMs, changedBy, isDraft, basedOn, latest } = answer
  const published = latest?.version ?? 0
  if (!isDraft || changedAtMs === null) return null
  const name = changedBy ?? words.say('dash.somebody')
  return (
    <>
      <p className="page-help">{words.say('dash.draftBy', { name, time: sayMoment(words, changedAtMs, timeZone) })}</p>
      {published > basedOn && <Alert color="orange">{words.say('dash.behind', { version: String(published) })}</Alert>}
    </>
  )
}

/** What the draft changes, what stands in its way, and its publication. */
export function PublishPage({ branchId, base }: { readonly branchId: string; readonly base: string }) {
  const { say } = useWords()
  const mayChange = useMayChange()
  const { answer, branch, error } = useDraft(branchId)
  const { publishing, givingUp } = useDraftActs(branchId, answer?.version ?? 0)
  if (answer === undefined || branch === undefined) return <Waiting error={error} />
  const { isDraft, faults, doubts, latest, body } = answer
  const published = latest !== null && latest.version > 0 ? latest.body : null
  const differences = isDraft || published === null ? draftDifferences(published, body) : []
  const outcome = (
    <>
      {publishing.data !== undefined && <Done>{say('dash.published', { version: String(publishing.data) })}</Done>}
      <Trouble error={publishing.error ?? givingUp.error} />
    </>
  )
  if (differences.length === 0)
    return (
      <Page title={say('dash.publishTitle')}>
        {outcome}
        <EmptyState title={say('dash.noChanges')} text={say('dash.noChangesHelp')} />
      </Page>
    )
  return (
    <Page title={say('dash.publishTitle')} help={say('dash.publishHelp')}>
      <DraftLines answer={answer} timeZone={branch.timeZone} />
      {outcome}
      {faults.length > 0 && (
        <section className="floor-part">
          <h2>{say('dash.toMendTitle')}</h2>
          <Faults answer={answer} faults={faults} base={base} />
        </section>
      )}
      {doubts.length > 0 && (
        <section className="floor-part">
          <h2>{say('dash.doubtsTitle')}</h2>
          <Faults answer={answer} faults={doubts} base={base} />
        </section>
      )}
      <section className="floor-part">
        <h2>{say('dash.changes')}</h2>
        <ul className="differences">
          {differences.map((it) => (
            <Difference key={`${it.list} ${it.place}`} difference={it} />
          ))}
        </ul>
      </section>
      {mayChange && isDraft && (
        <div className="form-acts">
          <Button disabled={faults.length > 0} loading={publishing.isPending} onClick={() => publishing.mutate()}>
            {say('dash.publish')}
          </Button>
          <Button variant="subtle" color="red" onClick={() => givingUp.mutate()}>
            {say('dash.giveUp')}
          </Button>
        </div>
      )}
      {mayChange && isDraft && <ScheduleForm branchId={branchId} answer={answer} timeZone={branch.timeZone} />}
    </Page>
  )
}
