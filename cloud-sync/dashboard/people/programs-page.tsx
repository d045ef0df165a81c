import { Badge, Button, Checkbox, TextInput } from '@mantine/core'
import { type FormEvent, useState } from 'react'
import { SCOPES } from '#shared/access/roles.ts'
import { RefusedError } from '../ask.ts'
import { useSession, useWords } from '../here.tsx'
import { NothingYet, Page, Table, Trouble, Waiting } from '../parts/parts.tsx'
import { sayMoment } from '../say-age.ts'
import { Confirmed } from './confirmed.tsx'
import { useAct, useList } from './use-list.ts'
import { WebhooksPart } from './webhooks-part.tsx'

interface ApiKey {
  readonly keyId: string
  readonly name: string
  readonly scopes: readonly string[]
  readonly expiresAtMs: number
  readonly revokedAtMs: number | null
  readonly lastUsedAtMs: number | null
}

const DAYS_MAX = 366
const NAME_FIELD = 'key-name'
const ownZone = new Intl.DateTimeFormat().resolvedOptions().timeZone

function KeysTable({ keys, nowMs }: { readonly keys: readonly ApiKey[]; readonly nowMs: number }) {
  const words = useWords()
  const { say } = words
  const act = useAct()
  return (
    <>
      <Trouble error={act.error} />
      <Table
        label={say('dash.programs.keys')}
        heads={[
          { text: say('dash.entryName') },
          { text: say('dash.programs.scopes') },
          { text: say('dash.programs.lastUsed') },
          { text: say('dash.people.until') },
          { text: say('dash.programs.revoke'), isOnlyHeard: true },
        ]}
        rows={keys.map(({ keyId, name, scopes, expiresAtMs, revokedAtMs, lastUsedAtMs }) => ({
          key: keyId,
          cells: [
            <bdi key="name">{name}</bdi>,
            <bdi key="scopes" className="scopes">
              {scopes.join(' ')}
            </bdi>,
            lastUsedAtMs === null ? say('dash.none') : sayMoment(words, lastUsedAtMs, ownZone),
            sayMoment(words, expiresAtMs, ownZone),
            revokedAtMs !== null || expiresAtMs < nowMs ? (
              <Badge key="over" variant="default">
                {say('dash.programs.over')}
              </Badge>
            ) : (
              <Confirmed
                key="revoke"
                text={say('dash.programs.revoke')}
                of={name}
                onConfirm={() => act.mutate({ method: 'DELETE', path: `/api-keys/${keyId}` })}
              />
            ),
          ],
        }))}
      />
    </>
  )
}

/** Makes a key out of what she may do herself; it is shown once. */
function KeyForm() {
  const { scopes: own } = useSession()
  const { say } = useWords()
  const [name, setName] = useState('')
  const [days, setDays] = useState('90')
  const [scopes, setScopes] = useState<readonly string[]>(['read:reports'])
  const [hasTried, setTried] = useState(false)
  const act = useAct<{ readonly key: string }>()
  const dayCount = Number(days)
  const faults = {
    name: name.trim() === '' ? say('dash.fault.missing') : undefined,
    days: Number.isInteger(dayCount) && dayCount >= 1 && dayCount <= DAYS_MAX ? undefined : say('dash.fault.range'),
    scopes: scopes.length === 0 ? say('dash.fault.missing') : undefined,
  }
  const make = (event: FormEvent): void => {
    event.preventDefault()
    setTried(true)
    if (Object.values(faults).some((it) => it !== undefined)) return
    act.mutate({ method: 'POST', path: '/api-keys', body: { name: name.trim(), scopes, days: dayCount } })
  }
  const shown = hasTried ? faults : { name: undefined, days: undefined, scopes: undefined }
  return (
    <form className="form" onSubmit={make} noValidate>
      <TextInput
        id={NAME_FIELD}
        label={say('dash.programs.keyName')}
        value={name}
        error={shown.name}
        onChange={({ currentTarget }) => setName(currentTarget.value)}
      />
      <TextInput
        label={say('dash.programs.days')}
        inputMode="numeric"
        value={days}
        error={shown.days}
        onChange={({ currentTarget }) => setDays(currentTarget.value)}
      />
      <Checkbox.Group
        label={say('dash.programs.scopes')}
        error={shown.scopes}
        value={[...scopes]}
        onChange={(chosen) => setScopes(SCOPES.filter((it) => chosen.includes(it)))}
      >
        <div className="field-choices" dir="ltr">
          {SCOPES.filter((it) => own.includes(it)).map((it) => (
            <Checkbox key={it} value={it} label={it} />
          ))}
        </div>
      </Checkbox.Group>
      {act.error instanceof RefusedError && <Trouble error={act.error} />}
      {act.data !== undefined && (
        <section className="code-card" role="status">
          <p>{say('dash.programs.shownOnce')}</p>
          <pre dir="ltr">{act.data.body.key}</pre>
        </section>
      )}
      <div className="form-acts">
        <Button type="submit" loading={act.isPending}>
          {say('dash.programs.makeKey')}
        </Button>
      </div>
    </form>
  )
}

/** What acts for the tenant without a person: keys of programs, and addresses that are told what happens. */
export function ProgramsPage() {
  const { say } = useWords()
  const keys = useList<ApiKey>('/api-keys')
  if (keys.data === undefined) return <Waiting error={keys.error} />
  return (
    <Page title={say('dash.programs')} help={say('dash.programs.help')}>
      <section className="floor-part report-part">
        <h2>{say('dash.programs.keys')}</h2>
        {keys.data.items.length > 0 ? (
          <KeysTable keys={keys.data.items} nowMs={keys.data.nowMs} />
        ) : (
          <NothingYet text={say('dash.programs.noKeys')} act={say('dash.programs.toKey')} fieldId={NAME_FIELD} />
        )}
        <KeyForm />
      </section>
      <WebhooksPart />
    </Page>
  )
}
