import { Button, TextInput } from '@mantine/core'
import { type FormEvent, useState } from 'react'
import { SLUG_PATTERN } from '#shared/wire/slug.ts'
import { useHere, useWords } from '../here.tsx'
import { Done, NothingYet, Page, Table, Trouble, Waiting } from '../parts/parts.tsx'
import { useAct, useList } from '../people/use-list.ts'

interface Tenant {
  readonly tenantId: string
  readonly slug: string
}

const SLUG = new RegExp(SLUG_PATTERN)
const FIRST_FIELD = 'tenant-name'
const NAME_LENGTH_MAX = 120

function TenantForm() {
  const { language } = useHere()
  const { say } = useWords()
  const [slug, setSlug] = useState('')
  const [name, setName] = useState('')
  const [isTried, setTried] = useState(false)
  const act = useAct()
  const make = (event: FormEvent): void => {
    event.preventDefault()
    setTried(true)
    if (!SLUG.test(slug.trim()) || name.trim() === '') return
    const body = { slug: slug.trim(), name: { [language]: name.trim() } }
    act.mutate({ method: 'POST', path: '/tenants', body })
  }
  return (
    <form className="form" onSubmit={make} noValidate>
      <TextInput
        id={FIRST_FIELD}
        label={say('dash.tenants.name')}
        maxLength={NAME_LENGTH_MAX}
        value={name}
        error={isTried && name.trim() === '' ? say('dash.fault.missing') : undefined}
        onChange={({ currentTarget }) => setName(currentTarget.value)}
      />
      <TextInput
        dir="ltr"
        label={say('dash.tenants.slug')}
        description={say('dash.tenants.slugHelp')}
        value={slug}
        error={isTried && !SLUG.test(slug.trim()) ? say('dash.tenants.slugHelp') : undefined}
        onChange={({ currentTarget }) => setSlug(currentTarget.value)}
      />
      <Trouble error={act.error} />
      {act.isSuccess && <Done>{say('dash.tenants.added')}</Done>}
      <div className="form-acts">
        <Button type="submit" loading={act.isPending}>
          {say('dash.tenants.add')}
        </Button>
      </div>
    </form>
  )
}

/** Which tenants there are; each is opened by a sign-in of its own. */
export function TenantsPage() {
  const { say } = useWords()
  const tenants = useList<Tenant>('/tenants')
  if (tenants.data === undefined) return <Waiting error={tenants.error} />
  const { items } = tenants.data
  return (
    <Page title={say('dash.tenants')} help={say('dash.tenants.help')}>
      {items.length === 0 ? (
        <NothingYet text={say('dash.tenants.noneHelp')} act={say('dash.tenants.toAdd')} fieldId={FIRST_FIELD} />
      ) : (
        <Table
          label={say('dash.tenants')}
          heads={[{ text: say('dash.tenants.slug') }, { text: say('dash.tenants.open'), isOnlyHeard: true }]}
          rows={items.map(({ tenantId, slug }) => ({
            key: tenantId,
            cells: [
              <bdi key="slug">{slug}</bdi>,
              <a key="open" href={`/dashboard/t/${slug}`} aria-label={`${say('dash.tenants.open')} — ${slug}`}>
                {say('dash.tenants.open')}
              </a>,
            ],
          }))}
        />
      )}
      <section className="floor-part report-part">
        <h2>{say('dash.tenants.add')}</h2>
        <TenantForm />
      </section>
    </Page>
  )
}
