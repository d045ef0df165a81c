import { Button, Checkbox, TextInput } from '@mantine/core'
import { type FormEvent, useState } from 'react'
import type { DashboardKey } from '#shared/words/dashboard-words.ts'
import { useWords } from '../here.tsx'
import { NothingYet, Table, Trouble } from '../parts/parts.tsx'
import { sayMoment } from '../say-age.ts'
import { Confirmed } from './confirmed.tsx'
import { useAct, useList } from './use-list.ts'

interface Webhook {
  readonly webhookId: string
  readonly url: string
  readonly topics: readonly Topic[]
  readonly waitingCount: number
  readonly failedCount: number
  readonly lastDeliveredAtMs: number | null
}

const TOPICS = ['ticket', 'branch', 'feedback'] as const
type Topic = (typeof TOPICS)[number]
const TOPIC_NAMES: Readonly<Record<Topic, DashboardKey>> = {
  ticket: 'dash.topic.ticket',
  branch: 'dash.topic.branch',
  feedback: 'dash.topic.feedback',
}
const URL_FIELD = 'webhook-url'
const ownZone = new Intl.DateTimeFormat().resolvedOptions().timeZone

function WebhooksTable({ webhooks }: { readonly webhooks: readonly Webhook[] }) {
  const words = useWords()
  const { say } = words
  const act = useAct()
  return (
    <>
      <Trouble error={act.error} />
      <Table
        label={say('dash.webhooks')}
        heads={[
          { text: say('dash.webhooks.url') },
          { text: say('dash.webhooks.topics') },
          { text: say('dash.webhooks.waiting'), isNumber: true },
          { text: say('dash.webhooks.failed'), isNumber: true },
          { text: say('dash.webhooks.last') },
          { text: say('dash.remove'), isOnlyHeard: true },
        ]}
        rows={webhooks.map(({ webhookId, url, topics, waitingCount, failedCount, lastDeliveredAtMs }) => ({
          key: webhookId,
          cells: [
            <bdi key="url" className="scopes">
              {url}
            </bdi>,
            topics.map((it) => say(TOPIC_NAMES[it])).join(', '),
            waitingCount,
            failedCount,
            lastDeliveredAtMs === null ? say('dash.none') : sayMoment(words, lastDeliveredAtMs, ownZone),
            <Confirmed
              key="remove"
              text={say('dash.remove')}
              of={url}
              onConfirm={() => act.mutate({ method: 'DELETE', path: `/webhooks/${webhookId}` })}
            />,
          ],
        }))}
      />
    </>
  )
}

/** Addresses that are told what happens, as it happens. */
export function WebhooksPart() {
  const { say } = useWords()
  const webhooks = useList<Webhook>('/webhooks')
  const [url, setUrl] = useState('')
  const [topics, setTopics] = useState<readonly Topic[]>(['ticket'])
  const act = useAct<{ readonly secret: string }>()
  const items = webhooks.data?.items ?? []
  const add = (event: FormEvent): void => {
    event.preventDefault()
    act.mutate({ method: 'POST', path: '/webhooks', body: { url: url.trim(), topics } })
  }
  const isFaulty = act.error !== null && !/^https:\/\/\S+$/.test(url.trim())
  return (
    <section className="floor-part report-part">
      <h2>{say('dash.webhooks')}</h2>
      <p className="page-help">{say('dash.webhooks.help')}</p>
      <Trouble error={webhooks.error} />
      {items.length > 0 && <WebhooksTable webhooks={items} />}
      {webhooks.data !== undefined && items.length === 0 && (
        <NothingYet text={say('dash.webhooks.none')} act={say('dash.webhooks.toAdd')} fieldId={URL_FIELD} />
      )}
      <form className="form" onSubmit={add} noValidate>
        <TextInput
          id={URL_FIELD}
          type="url"
          dir="ltr"
          label={say('dash.webhooks.url')}
          value={url}
          error={isFaulty ? say('dash.webhooks.urlFault') : undefined}
          onChange={({ currentTarget }) => setUrl(currentTarget.value)}
        />
        <Checkbox.Group
          label={say('dash.webhooks.topics')}
          value={[...topics]}
          onChange={(chosen) => setTopics(TOPICS.filter((it) => chosen.includes(it)))}
        >
          <div className="field-choices">
            {TOPICS.map((it) => (
              <Checkbox key={it} value={it} label={say(TOPIC_NAMES[it])} />
            ))}
          </div>
        </Checkbox.Group>
        {!isFaulty && <Trouble error={act.error} />}
        {act.data !== undefined && (
          <section className="code-card" role="status">
            <p>{say('dash.webhooks.shownOnce')}</p>
            <pre dir="ltr">{act.data.body.secret}</pre>
          </section>
        )}
        <div className="form-acts">
          <Button type="submit" loading={act.isPending}>
            {say('dash.webhooks.add')}
          </Button>
        </div>
      </form>
    </section>
  )
}
