import { Button, NativeSelect, TextInput } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useSearchParams } from 'wouter'
import type { AuditEntry } from '#shared/audit/entry.ts'
import type { DashboardKey } from '#shared/words/dashboard-words.ts'
import { ask, askFile } from '../ask.ts'
import { useSession, useWords } from '../here.tsx'
import { EmptyState, Page, Table, Trouble, Waiting } from '../parts/parts.tsx'
import { sayMoment } from '../say-age.ts'
import { readEntries } from './read-entries.ts'

/** One look: each is an entry itself, so it is not repeated when a window comes back. */
const ROWS_SHOWN = 100
const ownZone = new Intl.DateTimeFormat().resolvedOptions().timeZone
const ACTORS: Readonly<Partial<Record<string, DashboardKey>>> = {
  person: 'dash.audit.person',
  key: 'dash.audit.key',
  branch: 'dash.audit.branch',
  system: 'dash.audit.system',
  stranger: 'dash.audit.stranger',
}

const saysText = (entry: AuditEntry, text: string): boolean => JSON.stringify(entry).toLowerCase().includes(text)

function useAudit() {
  const session = useSession()
  return useQuery({
    queryKey: ['audit', session.slug],
    queryFn: async () => {
      const { file } = await askFile(session, '/audit')
      return { file, ...readEntries(await file.text()) }
    },
    refetchOnWindowFocus: false,
    refetchOnReconnect: false,
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
  })
}

/** What members are called; whoever is none any more, or belongs to no tenant, is known by her id. */
function useNames(): ReadonlyMap<string, string> {
  const session = useSession()
  const members = useQuery({
    queryKey: ['list', session.slug, '/members', 'names'],
    queryFn: async () => (await ask<{ readonly items: readonly Named[] }>(session, 'GET', '/members')).body.items,
    enabled: session.slug !== '' && session.scopes.includes('read:agent'),
  })
  return new Map((members.data ?? []).map(({ personId, name }) => [personId, name]))
}

interface Named {
  readonly personId: string
  readonly name: string
}

function save(file: Blob, name: string): void {
  const link = document.createElement('a')
  link.href = URL.createObjectURL(file)
  link.download = name
  link.click()
  setTimeout(() => URL.revokeObjectURL(link.href), 0)
}

function Entries({ entries }: { readonly entries: readonly AuditEntry[] }) {
  const words = useWords()
  const { say } = words
  const [count, setCount] = useState(ROWS_SHOWN)
  const names = useNames()
  const called = (id: string | null) => (
    <bdi className="scopes" title={id ?? ''}>
      {id === null ? '' : (names.get(id) ?? id)}
    </bdi>
  )
  const shown = entries.slice(0, count)
  return (
    <>
      <p role="status" className="page-help">
        {say('dash.audit.count', { shown: shown.length, count: entries.length })}
      </p>
      <Table
        label={say('dash.audit')}
        heads={[
          { text: say('dash.audit.when') },
          { text: say('dash.audit.what') },
          { text: say('dash.audit.who') },
          { text: say('dash.audit.about') },
          { text: say('dash.audit.from') },
        ]}
        rows={shown.map(({ seq, atMs, code, actor, about, address }) => ({
          key: String(seq),
          cells: [
            sayMoment(words, atMs, ownZone),
            <bdi key="code" className="scopes">
              {code}
            </bdi>,
            <span key="actor">
              {say(ACTORS[actor.kind] ?? 'dash.audit.system')} {called(actor.id)}
            </span>,
            <span key="about">{called(about)}</span>,
            <bdi key="address">{address ?? ''}</bdi>,
          ],
        }))}
      />
      {entries.length > count && (
        <Button variant="default" onClick={() => setCount(count + ROWS_SHOWN)}>
          {say('dash.audit.more')}
        </Button>
      )}
    </>
  )
}

/** Who changed what, the newest first; what is looked for stands in the address. */
export function AuditPage() {
  const { slug } = useSession()
  const { say } = useWords()
  const [params, setParams] = useSearchParams()
  const audit = useAudit()
  if (audit.data === undefined) return <Waiting error={audit.error} />
  const { file, entries, count } = audit.data
  const [code, text] = [params.get('code') ?? '', params.get('text') ?? '']
  const look = (name: string, value: string): void =>
    setParams(
      (before) => {
        const next = new URLSearchParams(before)
        if (value === '') next.delete(name)
        else next.set(name, value)
        return next
      },
      { replace: true },
    )
  const codes = [...new Set(entries.map((it) => it.code as string))].toSorted()
  const wanted = text.trim().toLowerCase()
  const found = entries.filter((it) => (code === '' || it.code === code) && (wanted === '' || saysText(it, wanted)))
  const name = `smartqueue-audit-${slug === '' ? 'platform' : slug}.jsonl`
  return (
    <Page
      title={say('dash.audit')}
      help={say('dash.audit.help')}
      acts={<Button onClick={() => save(file, name)}>{say('dash.audit.export')}</Button>}
    >
      <Trouble error={audit.error} />
      {count > entries.length && (
        <p className="page-help">{say('dash.audit.older', { shown: entries.length, count })}</p>
      )}
      <div className="line-form">
        <NativeSelect
          label={say('dash.audit.what')}
          data={[{ value: '', label: say('dash.audit.all') }, ...codes.map((it) => ({ value: it, label: it }))]}
          value={code}
          onChange={({ currentTarget }) => look('code', currentTarget.value)}
        />
        <TextInput
          type="search"
          label={say('dash.audit.search')}
          value={text}
          onChange={({ currentTarget }) => look('text', currentTarget.value)}
        />
      </div>
      {found.length === 0 ? (
        <EmptyState title={say('dash.audit.none')} text={say('dash.audit.noneHelp')}>
          <Button variant="default" onClick={() => setParams({}, { replace: true })}>
            {say('dash.audit.clear')}
          </Button>
        </EmptyState>
      ) : (
        <Entries key={`${code} ${wanted}`} entries={found} />
      )}
    </Page>
  )
}
