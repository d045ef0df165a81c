import { Badge, Button } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { ask } from '../ask.ts'
import { useMayChange, useSession, useWords } from '../here.tsx'
import { Done, EmptyState, Page, Table, Trouble, Waiting } from '../parts/parts.tsx'
import { useFleet, useVersions } from '../queries.ts'
import { sayMoment } from '../say-age.ts'

/** What was published, which of it the branch has, and the way back. */
export function VersionsPage({ branchId }: { readonly branchId: string }) {
  const words = useWords()
  const { say } = words
  const session = useSession()
  const mayChange = useMayChange()
  const client = useQueryClient()
  const { data, error } = useVersions(branchId)
  const branch = useFleet().data?.items.find((it) => it.branchId === branchId)
  const again = useMutation({
    mutationFn: async (version: number) =>
      (await ask<{ version: number }>(session, 'POST', `/branches/${branchId}/catalogues/${version}/publication`)).body,
    onSettled: () => client.invalidateQueries({ predicate: ({ queryKey }) => queryKey.includes(branchId) }),
  })
  if (data === undefined || branch === undefined) return <Waiting error={error} />
  const { versions, inForce } = data
  if (versions.length === 0)
    return (
      <Page title={say('dash.versions')}>
        <EmptyState title={say('dash.noVersions')} text={say('dash.versionsHelp')} />
      </Page>
    )
  const newest = versions[0]?.version ?? 0
  return (
    <Page title={say('dash.versions')} help={say('dash.versionsHelp')}>
      {again.data !== undefined && <Done>{say('dash.published', { version: String(again.data.version) })}</Done>}
      <Trouble error={again.error} />
      <Table
        label={say('dash.versions')}
        heads={[
          { text: say('dash.entryName') },
          { text: say('dash.field.date') },
          { text: say('dash.state') },
          { text: say('dash.publishAgain'), isOnlyHeard: true },
        ]}
        rows={versions.map(({ version, publishedAtMs }) => ({
          key: String(version),
          cells: [
            say('dash.versionNumber', { version: String(version) }),
            sayMoment(words, publishedAtMs, branch.timeZone),
            version === inForce?.version ? (
              <span key="state" className="entry-name">
                <Badge>{say('dash.inForce')}</Badge>
                {inForce.sinceMs !== null &&
                  say('dash.fetchedAt', { time: sayMoment(words, inForce.sinceMs, branch.timeZone) })}
              </span>
            ) : version === newest ? (
              <Badge key="state" variant="default">
                {say('dash.notFetched')}
              </Badge>
            ) : (
              ''
            ),
            mayChange && version !== newest && (
              <Button key="act" variant="default" size="xs" onClick={() => again.mutate(version)}>
                {say('dash.publishAgain')}
              </Button>
            ),
          ],
        }))}
      />
    </Page>
  )
}
