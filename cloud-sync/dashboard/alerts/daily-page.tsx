import { Alert, Button, NativeSelect, TextInput } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { LANGUAGES, type Language } from '#shared/domain/ids.ts'
import type { CheckedDay, Subscription, SubscriptionBody } from '#shared/wire/alerts.ts'
import { LANGUAGE_NAMES } from '#shared/words/speaker.ts'
import { ask } from '../ask.ts'
import { useHere, useWords } from '../here.tsx'
import { NothingYet, Page, Table, Trouble, Waiting } from '../parts/parts.tsx'
import { useSubscriptions } from '../queries.ts'
import { BranchSelect, useBranchName } from './branch-select.tsx'
import { isEmail } from './rule-form.tsx'

const EMAIL_FIELD = 'subscription-email'

function useChange<Sent>(change: (sent: Sent) => Promise<unknown>) {
  const { session } = useHere()
  const client = useQueryClient()
  return useMutation({
    mutationFn: change,
    onSuccess: () => client.invalidateQueries({ queryKey: ['report-subscriptions', session.slug] }),
  })
}

function SubscriptionForm() {
  const { say } = useWords()
  const { session, language } = useHere()
  const [isTried, setTried] = useState(false)
  const [typed, setTyped] = useState<SubscriptionBody>({ email: '', language, branchId: null })
  const add = useChange((body: SubscriptionBody) => ask(session, 'POST', '/report-subscriptions', body))
  return (
    <form
      className="line-form"
      onSubmit={(event) => {
        event.preventDefault()
        const email = typed.email.trim().toLowerCase()
        setTried(!isEmail(email))
        if (isEmail(email)) add.mutate({ ...typed, email }, { onSuccess: () => setTyped({ ...typed, email: '' }) })
      }}
    >
      <TextInput
        id={EMAIL_FIELD}
        label={say('dash.daily.email')}
        type="text"
        inputMode="email"
        dir="ltr"
        value={typed.email}
        error={isTried && say('dash.daily.badEmail')}
        onChange={({ currentTarget }) => setTyped({ ...typed, email: currentTarget.value })}
      />
      <BranchSelect branchId={typed.branchId} onChange={(branchId) => setTyped({ ...typed, branchId })} />
      <NativeSelect
        label={say('dash.alerts.mailLanguage')}
        data={LANGUAGES.map((it) => ({ value: it, label: LANGUAGE_NAMES[it] }))}
        value={typed.language}
        onChange={({ currentTarget }) => setTyped({ ...typed, language: currentTarget.value as Language })}
      />
      <Button type="submit" loading={add.isPending}>
        {say('dash.daily.add')}
      </Button>
      <Trouble error={add.error} />
    </form>
  )
}

function SubscriptionsTable({ items }: { readonly items: readonly Subscription[] }) {
  const { say } = useWords()
  const { session } = useHere()
  const nameOf = useBranchName()
  const remove = useChange((id: string) => ask(session, 'DELETE', `/report-subscriptions/${id}`))
  if (items.length === 0)
    return <NothingYet text={say('dash.daily.none')} act={say('dash.daily.toAdd')} fieldId={EMAIL_FIELD} />
  return (
    <>
      <Trouble error={remove.error} />
      <Table
        label={say('dash.daily')}
        heads={[
          { text: say('dash.daily.email') },
          { text: say('dash.branch') },
          { text: say('dash.alerts.mailLanguage') },
          { text: say('dash.alerts.act'), isOnlyHeard: true },
        ]}
        rows={items.map(({ subscriptionId, email, branchId, language }) => ({
          key: subscriptionId,
          cells: [
            <bdi key="email" className="addresses">
              {email}
            </bdi>,
            <bdi key="branch">{branchId === null ? say('dash.alerts.everywhere') : nameOf(branchId)}</bdi>,
            LANGUAGE_NAMES[language],
            <Button key="remove" variant="default" onClick={() => remove.mutate(subscriptionId)}>
              {say('dash.alerts.remove')}
            </Button>,
          ],
        }))}
      />
    </>
  )
}

function ChecksTable({ days }: { readonly days: readonly CheckedDay[] }) {
  const { say } = useWords()
  const nameOf = useBranchName()
  if (days.length === 0) return <p className="page-help">{say('dash.daily.checksNone')}</p>
  const resultOf = ({ differingCount }: CheckedDay): string => {
    if (differingCount === null) return say('dash.daily.failed')
    return differingCount === 0 ? say('dash.daily.same') : say('dash.daily.differs', { count: differingCount })
  }
  return (
    <Table
      label={say('dash.daily.checks')}
      heads={[{ text: say('dash.branch') }, { text: say('dash.daily.day') }, { text: say('dash.daily.result') }]}
      rows={days.map((day) => ({
        key: `${day.branchId} ${day.date}`,
        cells: [
          <bdi key="branch">{nameOf(day.branchId)}</bdi>,
          <bdi key="date">{day.date}</bdi>,
          <span key="result" className={day.differingCount === 0 ? '' : 'is-late'}>
            {resultOf(day)}
          </span>,
        ],
      }))}
    />
  )
}

/** Who is mailed the report of each day, and whether the figures of those days are what the logs say. */
export function DailyPage() {
  const { say } = useWords()
  const subscriptions = useSubscriptions()
  if (subscriptions.data === undefined) return <Waiting error={subscriptions.error} />
  const { items, isMailOff, checkedDays } = subscriptions.data
  return (
    <Page title={say('dash.daily')} help={say('dash.daily.help')}>
      {isMailOff && <Alert color="orange">{say('dash.daily.mailOff')}</Alert>}
      <SubscriptionsTable items={items} />
      <SubscriptionForm />
      <section className="floor-part">
        <h2>{say('dash.daily.checks')}</h2>
        <ChecksTable days={checkedDays} />
      </section>
    </Page>
  )
}
