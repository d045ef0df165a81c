import { Button, NativeSelect, TextInput } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { PLAIN_MESSAGES } from '#shared/domain/catalogue-defaults.ts'
import type { CatalogueBody } from '#shared/wire/catalogue-body.ts'
import { APPLIED, EXPIRED, NOT_UNDERSTOOD } from '#shared/wire/outcomes.ts'
import type { DashboardKey, DashboardWords } from '#shared/words/dashboard-words.ts'
import { ask } from '../ask.ts'
import { readWords, useHere, useWords } from '../here.tsx'
import { Table, Trouble } from '../parts/parts.tsx'
import { type SentMessage, useMessages } from '../queries.ts'
import { sayMoment } from '../say-age.ts'

const SHOWN_MAX = 10
const MINUTES = '10'

const KINDS: Readonly<Record<string, DashboardKey>> = {
  ShowMessage: 'dash.messages.what.ShowMessage',
  ClearMessage: 'dash.messages.what.ClearMessage',
  SuspendAgent: 'dash.messages.what.SuspendAgent',
  RestoreAgent: 'dash.messages.what.RestoreAgent',
}

function sayOutcome({ say }: DashboardWords, outcome: string | null): string {
  if (outcome === null) return say('dash.messages.waits')
  if (outcome === APPLIED) return say('dash.messages.done')
  if (outcome === EXPIRED) return say('dash.messages.expired')
  if (outcome === NOT_UNDERSTOOD) return say('dash.messages.notUnderstood')
  return say('dash.messages.refused', { code: outcome })
}

interface MessagesProps {
  readonly branchId: string
  readonly timeZone: string
  readonly body: CatalogueBody | undefined
}

function SentTable({
  sent,
  body,
  timeZone,
}: Omit<MessagesProps, 'branchId'> & { readonly sent: readonly SentMessage[] }) {
  const words = useWords()
  const { say } = words
  const { language } = useHere()
  const nameOf = ({ message: { type = '', messageId } }: SentMessage): string => {
    const name = readWords((body?.messages ?? PLAIN_MESSAGES).find((it) => it.id === messageId)?.text, language)
    return [say(KINDS[type] ?? 'dash.messages.what.other'), name].filter((it) => it !== '').join(' — ')
  }
  return (
    <Table
      label={say('dash.messages')}
      heads={[{ text: say('dash.messages.which') }, { text: say('dash.messages.sent') }, { text: say('dash.state') }]}
      rows={sent.slice(0, SHOWN_MAX).map((one) => ({
        key: String(one.number),
        cells: [
          <bdi key="what">{nameOf(one)}</bdi>,
          sayMoment(words, one.sentAtMs, timeZone),
          sayOutcome(words, one.outcome),
        ],
      }))}
    />
  )
}

/** Has a branch's screens show a message of its catalogue, and says what became of it. */
export function MessagesPart({ branchId, timeZone, body }: MessagesProps) {
  const { say } = useWords()
  const { session, language } = useHere()
  const client = useQueryClient()
  const messages = body?.messages ?? PLAIN_MESSAGES
  const [messageId, setMessageId] = useState('')
  const [minutes, setMinutes] = useState(MINUTES)
  const sent = useMessages(branchId)
  const send = useMutation({
    mutationFn: (message: object) => ask(session, 'POST', `/branches/${branchId}/inbox`, { message }),
    onSuccess: () => client.invalidateQueries({ queryKey: ['inbox', session.slug, branchId] }),
  })
  const count = /^[1-9][0-9]{0,2}$/.test(minutes) ? Math.min(Number(minutes), 600) : null
  return (
    <>
      {messages.length === 0 ? (
        <p className="page-help">{say('dash.messages.none')}</p>
      ) : (
        <form
          className="line-form"
          onSubmit={(event) => {
            event.preventDefault()
            if (count !== null && messageId !== '') send.mutate({ type: 'ShowMessage', messageId, minutes: count })
          }}
        >
          <NativeSelect
            label={say('dash.messages.which')}
            // None is chosen beforehand: the first of them may send people out of the building.
            data={[
              { value: '', label: say('dash.none') },
              ...messages.map((it) => ({ value: it.id, label: readWords(it.text, language) || it.id })),
            ]}
            value={messageId}
            onChange={({ currentTarget }) => setMessageId(currentTarget.value)}
          />
          <TextInput
            label={say('dash.messages.minutes')}
            inputMode="numeric"
            value={minutes}
            error={count === null && say('dash.fault.range')}
            onChange={({ currentTarget }) => setMinutes(currentTarget.value)}
          />
          <Button type="submit" loading={send.isPending} disabled={messageId === ''}>
            {say('dash.messages.show')}
          </Button>
          <Button variant="default" onClick={() => send.mutate({ type: 'ClearMessage' })}>
            {say('dash.messages.clear')}
          </Button>
        </form>
      )}
      <p className="page-help">{say('dash.messages.help')}</p>
      <Trouble error={send.error} />
      {sent.data !== undefined && sent.data.length > 0 && (
        <SentTable sent={sent.data} body={body} timeZone={timeZone} />
      )}
    </>
  )
}
