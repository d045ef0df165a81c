import { Button, NativeSelect, TextInput } from '@mantine/core'
import { type FormEvent, useState } from 'react'
import { ROLES, type Role } from '#shared/access/roles.ts'
import { LANGUAGES, type Language } from '#shared/domain/ids.ts'
import type { DashboardKey } from '#shared/words/dashboard-words.ts'
import { LANGUAGE_NAMES } from '#shared/words/speaker.ts'
import { useHere, useMayChange, useWords } from '../here.tsx'
import { Done, NothingYet, Page, Table, Trouble, Waiting } from '../parts/parts.tsx'
import { sayMoment } from '../say-age.ts'
import { Confirmed } from './confirmed.tsx'
import { useAct, useList } from './use-list.ts'

interface Member {
  readonly personId: string
  readonly name: string
  readonly email: string
  readonly role: Role
}

interface Invitation {
  readonly invitationId: string
  readonly email: string
  readonly role: Role
  readonly expiresAtMs: number
}

/** Of an invitation: where it could not be mailed there is a link to hand on. */
interface Invited {
  readonly delivery: 'mailed' | 'not-configured' | 'failed'
  readonly link: string | null
}

const ROLE_NAMES: Readonly<Record<Role, DashboardKey>> = {
  admin: 'dash.people.admin',
  manager: 'dash.people.manager',
  agent: 'dash.people.agent',
}
const EMAIL_FIELD = 'invitation-email'
const ownZone = new Intl.DateTimeFormat().resolvedOptions().timeZone

function useRoles() {
  const { say } = useWords()
  return ROLES.map((it) => ({ value: it, label: say(ROLE_NAMES[it]) }))
}

function MembersTable({ members }: { readonly members: readonly Member[] }) {
  const { say } = useWords()
  const mayChange = useMayChange()
  const roles = useRoles()
  const act = useAct()
  return (
    <>
      <Trouble error={act.error} />
      <Table
        label={say('dash.members')}
        heads={[
          { text: say('dash.people.name') },
          { text: say('dash.people.email') },
          { text: say('dash.people.role') },
          { text: say('dash.remove'), isOnlyHeard: true },
        ]}
        rows={members.map(({ personId, name, email, role }) => ({
          key: personId,
          cells: [
            <bdi key="name">{name}</bdi>,
            <bdi key="email">{email}</bdi>,
            mayChange ? (
              <NativeSelect
                key="role"
                aria-label={say('dash.people.roleOf', { name })}
                data={roles}
                value={role}
                onChange={({ currentTarget }) =>
                  act.mutate({ method: 'PATCH', path: `/members/${personId}`, body: { role: currentTarget.value } })
                }
              />
            ) : (
              say(ROLE_NAMES[role])
            ),
            mayChange && (
              <Confirmed
                key="remove"
                text={say('dash.remove')}
                of={name}
                onConfirm={() => act.mutate({ method: 'DELETE', path: `/members/${personId}` })}
              />
            ),
          ],
        }))}
      />
    </>
  )
}

/** Asks somebody to join, and hands the link on where no mail could take it. */
function InvitationForm() {
  const { language } = useHere()
  const { say } = useWords()
  const roles = useRoles()
  const [email, setEmail] = useState('')
  const [role, setRole] = useState<Role>('manager')
  const [spoken, setSpoken] = useState<Language>(language)
  const act = useAct<Invited>()
  const invite = (event: FormEvent): void => {
    event.preventDefault()
    act.mutate({ method: 'POST', path: '/invitations', body: { email: email.trim(), role, language: spoken } })
  }
  const isFaulty = act.error !== null && !/^\S+@\S+\.\S+$/.test(email.trim())
  const sent = act.data?.body
  return (
    <form className="form" onSubmit={invite} noValidate>
      <TextInput
        id={EMAIL_FIELD}
        type="email"
        dir="ltr"
        label={say('dash.people.email')}
        value={email}
        error={isFaulty ? say('dash.people.emailFault') : undefined}
        onChange={({ currentTarget }) => setEmail(currentTarget.value)}
      />
      <NativeSelect
        label={say('dash.people.role')}
        description={say('dash.people.roleHelp')}
        data={roles}
        value={role}
        onChange={({ currentTarget }) => setRole(currentTarget.value as Role)}
      />
      <NativeSelect
        label={say('dash.language')}
        data={LANGUAGES.map((it) => ({ value: it, label: LANGUAGE_NAMES[it] }))}
        value={spoken}
        onChange={({ currentTarget }) => setSpoken(currentTarget.value as Language)}
      />
      {!isFaulty && <Trouble error={act.error} />}
      {sent?.delivery === 'mailed' && <Done>{say('dash.people.mailed')}</Done>}
      {sent !== undefined && sent.link !== null && (
        <section className="code-card" role="status">
          <p>{say('dash.people.handOn')}</p>
          <pre dir="ltr">{sent.link}</pre>
        </section>
      )}
      <div className="form-acts">
        <Button type="submit" loading={act.isPending}>
          {say('dash.people.invite')}
        </Button>
      </div>
    </form>
  )
}

function Invitations() {
  const words = useWords()
  const { say } = words
  const invitations = useList<Invitation>('/invitations')
  const act = useAct()
  const items = invitations.data?.items ?? []
  return (
    <section className="floor-part report-part">
      <h2>{say('dash.people.invitations')}</h2>
      <Trouble error={invitations.error ?? act.error} />
      {invitations.data !== undefined && items.length === 0 && (
        <NothingYet text={say('dash.people.noInvitations')} act={say('dash.people.toInvite')} fieldId={EMAIL_FIELD} />
      )}
      {items.length > 0 && (
        <Table
          label={say('dash.people.invitations')}
          heads={[
            { text: say('dash.people.email') },
            { text: say('dash.people.role') },
            { text: say('dash.people.until') },
            { text: say('dash.people.withdraw'), isOnlyHeard: true },
          ]}
          rows={items.map(({ invitationId, email, role, expiresAtMs }) => ({
            key: invitationId,
            cells: [
              <bdi key="email">{email}</bdi>,
              say(ROLE_NAMES[role]),
              sayMoment(words, expiresAtMs, ownZone),
              <Button
                key="withdraw"
                variant="subtle"
                color="red"
                size="xs"
                onClick={() => act.mutate({ method: 'DELETE', path: `/invitations/${invitationId}` })}
              >
                {say('dash.people.withdraw')}
              </Button>,
            ],
          }))}
        />
      )}
      <InvitationForm />
    </section>
  )
}

/** Who may work here, and as what. */
export function MembersPage() {
  const { say } = useWords()
  const mayChange = useMayChange()
  const members = useList<Member>('/members')
  if (members.data === undefined) return <Waiting error={members.error} />
  return (
    <Page title={say('dash.members')} help={say('dash.people.help')}>
      <MembersTable members={members.data.items} />
      {mayChange && <Invitations />}
    </Page>
  )
}
