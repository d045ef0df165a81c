import { Button, FileButton, NativeSelect } from '@mantine/core'
import { useState } from 'react'
import type { CatalogueBody } from '#shared/wire/catalogue-body.ts'
import type { DraftAnswer } from '#shared/wire/draft.ts'
import { ask } from '../ask.ts'
import { readWords, useHere, useMayChange, useWords } from '../here.tsx'
import { Page, Waiting } from '../parts/parts.tsx'
import { useFleet } from '../queries.ts'
import { DraftOutcome, useDraftForm } from '../setup/draft-form.tsx'
import { type Opened, useDraft } from '../use-draft.ts'

/** The whole of a branch's settings as a file, from a file, or from another branch. */
export function FilePage({ branchId }: { readonly branchId: string }) {
  const draft = useDraft(branchId)
  return draft.opened === null ? (
    <Waiting error={draft.error} />
  ) : (
    <FileForm branchId={branchId} draft={draft} opened={draft.opened} />
  )
}

interface FileFormProps {
  readonly branchId: string
  readonly draft: ReturnType<typeof useDraft>
  readonly opened: Opened
}

function download(name: string, body: CatalogueBody): void {
  const url = URL.createObjectURL(new Blob([JSON.stringify(body, null, 2)], { type: 'application/json' }))
  Object.assign(document.createElement('a'), { href: url, download: `${name}.json` }).click()
  URL.revokeObjectURL(url)
}

function FileForm({ branchId, draft, opened }: FileFormProps) {
  const { session, language } = useHere()
  const { say } = useWords()
  const mayChange = useMayChange()
  const fleet = useFleet()
  const form = useDraftForm(draft, opened, () => {})
  const [fault, setFault] = useState('')
  const [from, setFrom] = useState('')
  const others = (fleet.data?.items ?? []).filter((it) => it.branchId !== branchId)
  const { body } = draft.opened ?? opened

  async function read(file: File | null): Promise<void> {
    if (file === null) return
    try {
      const sent = JSON.parse(await file.text()) as CatalogueBody
      setFault('')
      form.save({ ...sent, branch: { ...sent.branch, id: body.branch.id } })
    } catch {
      setFault(say('dash.notJson'))
    }
  }

  async function copy(): Promise<void> {
    const other = (await ask<DraftAnswer>(session, 'GET', `/branches/${from}/catalogues/draft`)).body.body
    if (other === null) return
    const { id, name, timezone } = body.branch
    form.save({ ...other, branch: { ...other.branch, id, name, timezone }, agents: body.agents })
  }

  return (
    <Page title={say('dash.copyAndFile')}>
      <section className="floor-part">
        <p className="page-help">{say('dash.exportHelp')}</p>
        <Button variant="default" onClick={() => download(body.branch.id, body)}>
          {say('dash.export')}
        </Button>
      </section>
      {mayChange && (
        <>
          <section className="floor-part">
            <p className="page-help">{say('dash.importHelp')}</p>
            <FileButton accept="application/json" onChange={(file) => void read(file)}>
              {(props) => (
                <Button variant="default" {...props}>
                  {say('dash.import')}
                </Button>
              )}
            </FileButton>
            {fault !== '' && <p role="alert">{fault}</p>}
          </section>
          {others.length > 0 && (
            <section className="floor-part form">
              <NativeSelect
                label={say('dash.copyFrom')}
                description={say('dash.copyHelp')}
                data={[
                  { value: '', label: say('dash.choose') },
                  ...others.map((it) => ({ value: it.branchId, label: readWords(it.name, language) })),
                ]}
                value={from}
                onChange={({ currentTarget }) => setFrom(currentTarget.value)}
              />
              <div className="form-acts">
                <Button disabled={from === ''} onClick={() => void copy()}>
                  {say('dash.copy')}
                </Button>
              </div>
            </section>
          )}
        </>
      )}
      <DraftOutcome form={form} isFaulty={form.faults.length > 0} />
    </Page>
  )
}
