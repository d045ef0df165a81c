import { Button, PasswordInput, TextInput } from '@mantine/core'
import { type FormEvent, useState } from 'react'
import type { DashboardKey } from '#shared/words/dashboard-words.ts'
import { useWords } from '../here.tsx'
import { Done, NothingYet, Page, Table, Trouble, Waiting } from '../parts/parts.tsx'
import { Confirmed } from './confirmed.tsx'
import { useAct, useList } from './use-list.ts'

interface Issuer {
  readonly issuerId: string
  readonly name: string
  readonly issuer: string
  readonly clientId: string
}

const FIRST_FIELD = 'issuer-name'
const EMPTY = { name: '', issuer: '', clientId: '', clientSecret: '' }
type Field = keyof typeof EMPTY
const LABELS: Readonly<Record<Field, DashboardKey>> = {
  name: 'dash.issuers.name',
  issuer: 'dash.issuers.issuer',
  clientId: 'dash.issuers.clientId',
  clientSecret: 'dash.issuers.clientSecret',
}

function IssuerForm() {
  const { say } = useWords()
  const [typed, setTyped] = useState(EMPTY)
  const [isTried, setTried] = useState(false)
  const act = useAct()
  const isLacking = (field: Field): boolean => typed[field].trim() === ''
  const empty = (): void => {
    setTyped(EMPTY)
    setTried(false)
  }
  const add = (event: FormEvent): void => {
    event.preventDefault()
    setTried(true)
    const fields = Object.keys(EMPTY) as Field[]
    if (fields.some(isLacking)) return
    const body = Object.fromEntries(fields.map((it) => [it, typed[it].trim()]))
    act.mutate({ method: 'POST', path: '/issuers', body }, { onSuccess: empty })
  }
  const field = (name: Field) => ({
    label: say(LABELS[name]),
    value: typed[name],
    error: isTried && isLacking(name) ? say('dash.fault.missing') : undefined,
    onChange: ({ currentTarget }: { readonly currentTarget: HTMLInputElement }) =>
      setTyped({ ...typed, [name]: currentTarget.value }),
  })
  return (
    <form className="form" onSubmit={add} noValidate>
      <TextInput id={FIRST_FIELD} {...field('name')} />
      <TextInput type="url" dir="ltr" placeholder="https://accounts.google.com" {...field('issuer')} />
      <TextInput dir="ltr" {...field('clientId')} />
      <PasswordInput dir="ltr" autoComplete="off" {...field('clientSecret')} />
      <p className="page-help">
        {say('dash.issuers.back')} <bdi dir="ltr">{`${location.origin}/elsewhere/back`}</bdi>
      </p>
      <Trouble error={act.error} />
      {act.isSuccess && <Done>{say('dash.issuers.added')}</Done>}
      <div className="form-acts">
        <Button type="submit" loading={act.isPending}>
          {say('dash.issuers.add')}
        </Button>
      </div>
    </form>
  )
}

/** Where else the tenant's people may prove who they are. */
export function IssuersPage() {
  const { say } = useWords()
  const issuers = useList<Issuer>('/issuers')
  const act = useAct()
  if (issuers.data === undefined) return <Waiting error={issuers.error} />
  const { items } = issuers.data
  return (
    <Page title={say('dash.issuers')} help={say('dash.issuers.help')}>
      <Trouble error={act.error} />
      {items.length === 0 ? (
        <NothingYet text={say('dash.issuers.none')} act={say('dash.issuers.toAdd')} fieldId={FIRST_FIELD} />
      ) : (
        <Table
          label={say('dash.issuers')}
          heads={[
            { text: say('dash.issuers.name') },
            { text: say('dash.issuers.issuer') },
            { text: say('dash.issuers.clientId') },
            { text: say('dash.remove'), isOnlyHeard: true },
          ]}
          rows={items.map(({ issuerId, name, issuer, clientId }) => ({
            key: issuerId,
            cells: [
              <bdi key="name">{name}</bdi>,
              <bdi key="issuer" className="scopes">
                {issuer}
              </bdi>,
              <bdi key="client" className="scopes">
                {clientId}
              </bdi>,
              <Confirmed
                key="remove"
                text={say('dash.remove')}
                of={name}
                onConfirm={() => act.mutate({ method: 'DELETE', path: `/issuers/${issuerId}` })}
              />,
            ],
          }))}
        />
      )}
      <section className="floor-part report-part">
        <h2>{say('dash.issuers.add')}</h2>
        <IssuerForm />
      </section>
    </Page>
  )
}
