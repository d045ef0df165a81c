import { Button, TextInput } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { useLocation } from 'wouter'
import { ask } from '../ask.ts'
import { useHere, useWords } from '../here.tsx'
import { Page, Trouble } from '../parts/parts.tsx'

const zones = Intl.supportedValuesOf('timeZone')
const ownZone = new Intl.DateTimeFormat().resolvedOptions().timeZone

/** Names a branch and its zone; the rest is set up in its draft. */
export function NewBranchPage() {
  const { session, language } = useHere()
  const { say } = useWords()
  const client = useQueryClient()
  const [, go] = useLocation()
  const [name, setName] = useState('')
  const [timeZone, setTimeZone] = useState(ownZone)
  const [isAsked, setAsked] = useState(false)
  const making = useMutation({
    mutationFn: () =>
      ask<{ branchId: string }>(session, 'POST', '/branches', { name: { [language]: name.trim() }, timeZone }),
    async onSuccess({ body }) {
      await client.invalidateQueries({ queryKey: ['fleet', session.slug] })
      go(`/t/${session.slug}/branches/${body.branchId}/setup/branch`)
    },
  })
  const isZone = zones.includes(timeZone) || timeZone === 'UTC'
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    setAsked(true)
    if (name.trim() !== '' && isZone) making.mutate()
  }
  return (
    <Page title={say('dash.newBranch')}>
      <form className="form" onSubmit={submit} noValidate>
        <div className="form-fields">
          <TextInput
            label={say('dash.branchName')}
            value={name}
            maxLength={120}
            error={isAsked && name.trim() === '' ? say('dash.fault.missing') : undefined}
            onChange={({ currentTarget }) => setName(currentTarget.value)}
          />
          <TextInput
            label={say('dash.zone')}
            description={say('dash.zoneHelp')}
            dir="ltr"
            list="zones"
            value={timeZone}
            error={isZone || !isAsked ? undefined : say('dash.fault.zone')}
            onChange={({ currentTarget }) => setTimeZone(currentTarget.value.trim())}
          />
          <datalist id="zones">
            {zones.map((zone) => (
              <option key={zone} value={zone} />
            ))}
          </datalist>
        </div>
        <Trouble error={making.error} />
        <div className="form-acts">
          <Button type="submit" loading={making.isPending}>
            {say('dash.makeBranch')}
          </Button>
        </div>
      </form>
    </Page>
  )
}
