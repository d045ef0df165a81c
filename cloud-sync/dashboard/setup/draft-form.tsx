import { Button } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { type FormEvent, type ReactNode, useState } from 'react'
import { type Conflict, putAt } from '#shared/project/merge-drafts.ts'
import type { CatalogueBody } from '#shared/wire/catalogue-body.ts'
import type { DraftAnswer, DraftFault } from '#shared/wire/draft.ts'
import { RefusedError } from '../ask.ts'
import { useMayChange, useWords } from '../here.tsx'
import { Done, Trouble } from '../parts/parts.tsx'
import type { Opened, Saved, useDraft } from '../use-draft.ts'
import { useSayPlace } from './say-place.ts'
import { useSayValue } from './say-value.ts'

type Draft = ReturnType<typeof useDraft>
type Conflicts = Extract<Saved, { kind: 'conflicts' }>

/**
 * A form over a part of the draft. What is saved is told from the draft as the form began with it.
 * @param onSaved - after it is in the draft; whoever stays sees what is wrong
 */
export function useDraftForm(draft: Draft, opened: Opened, onSaved: (answer: DraftAnswer) => void) {
  const [began, setBegan] = useState(opened)
  const [conflicts, setConflicts] = useState<Conflicts | null>(null)
  const saving = useMutation({
    mutationFn: ({ from, body }: { readonly from: Opened; readonly body: unknown }) => draft.save(from, body),
    onSuccess(saved) {
      if (saved.kind === 'conflicts') {
        setConflicts(saved)
        return
      }
      setConflicts(null)
      setBegan({ version: saved.answer.version, body: saved.answer.body ?? began.body })
      onSaved(saved.answer)
    },
  })
  const faults: readonly DraftFault[] =
    saving.error instanceof RefusedError && saving.error.faults.length > 0
      ? saving.error.faults
      : (draft.answer?.faults ?? [])
  return {
    ...{ began, conflicts, faults, saving },
    save: (body: CatalogueBody) => saving.mutate({ from: began, body }),
    /** Once it is chosen what stays: told from what the other has made of it. */
    settle(body: unknown) {
      if (conflicts === null) return
      const { version, body: theirs } = conflicts.theirs
      saving.mutate({ from: { version, body: theirs ?? began.body }, body })
    },
  }
}

type DraftForm = ReturnType<typeof useDraftForm>

/** Both have changed the same: she chooses for each what stays. */
function ConflictPanel({
  conflicts,
  onSettle,
}: {
  readonly conflicts: Conflicts
  readonly onSettle: (body: unknown) => void
}) {
  const { say } = useWords()
  const sayValue = useSayValue()
  const sayPlace = useSayPlace()
  const [theirs, setTheirs] = useState<readonly number[]>([])
  const who = conflicts.theirs.changedBy ?? say('dash.somebody')
  const settled = (): unknown =>
    conflicts.conflicts.reduce<unknown>(
      (body, conflict: Conflict, at) => (theirs.includes(at) ? putAt(body, conflict.path, conflict.theirs) : body),
      conflicts.merged,
    )
  return (
    <section className="conflicts">
      <h2>{say('dash.conflictTitle', { name: who })}</h2>
      <p>{say('dash.conflictHelp')}</p>
      {conflicts.conflicts.map(({ path, mine, theirs: other }, at) => (
        <fieldset key={path.join('/')} className="conflict">
          <legend>
            <bdi>{sayPlace(path, conflicts.merged)}</bdi>
          </legend>
          <label>
            <input
              type="radio"
              name={`conflict-${at}`}
              defaultChecked
              onChange={() => setTheirs(theirs.filter((it) => it !== at))}
            />
            {say('dash.mine', { value: sayValue(mine) })}
          </label>
          <label>
            <input type="radio" name={`conflict-${at}`} onChange={() => setTheirs([...theirs, at])} />
            {say('dash.theirs', { value: sayValue(other) })}
          </label>
        </fieldset>
      ))}
      <Button onClick={() => onSettle(settled())}>{say('dash.save')}</Button>
    </section>
  )
}

/** What became of the last save, or what stays to be chosen. */
export function DraftOutcome({ form, isFaulty }: { readonly form: DraftForm; readonly isFaulty: boolean }) {
  const { say } = useWords()
  const { saving, conflicts } = form
  if (conflicts !== null) return <ConflictPanel conflicts={conflicts} onSettle={form.settle} />
  if (saving.error !== null) return <Trouble error={saving.error} />
  const saved = saving.data
  if (saved?.kind !== 'saved') return null
  if (saved.mergedWith !== null)
    return <Done>{say('dash.mergedWith', { name: saved.mergedWith || say('dash.somebody') })}</Done>
  return <Done>{say(isFaulty ? 'dash.savedFaulty' : 'dash.saved')}</Done>
}

interface FormFrameProps {
  readonly form: DraftForm
  readonly isFaulty: boolean
  readonly onSubmit: () => void
  readonly children: ReactNode
  readonly acts?: ReactNode
}

/** The fields, what became of them, and the way to save; only to be read by whoever may not. */
export function FormFrame({ form, isFaulty, onSubmit, children, acts }: FormFrameProps) {
  const { say } = useWords()
  const mayChange = useMayChange()
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    onSubmit()
  }
  return (
    <form className="form" onSubmit={submit} noValidate>
      <fieldset className="form-fields" disabled={!mayChange || form.conflicts !== null}>
        {children}
      </fieldset>
      <DraftOutcome form={form} isFaulty={isFaulty} />
      {mayChange && form.conflicts === null && (
        <div className="form-acts">
          <Button type="submit" loading={form.saving.isPending}>
            {say('dash.save')}
          </Button>
          {acts}
        </div>
      )}
    </form>
  )
}
