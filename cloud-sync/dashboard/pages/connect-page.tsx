import { Button } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { formatTime } from '#shared/words/format.ts'
import { ask } from '../ask.ts'
import { useMayChange, useSession, useWords } from '../here.tsx'
import { Page, Trouble } from '../parts/parts.tsx'

const ownZone = new Intl.DateTimeFormat().resolvedOptions().timeZone

/** A code by which a branch server takes its place. */
export function ConnectPage({ branchId }: { readonly branchId: string }) {
  const session = useSession()
  const { say, language } = useWords()
  const mayChange = useMayChange()
  const making = useMutation({
    mutationFn: async () =>
      (await ask<{ code: string; expiresAtMs: number }>(session, 'POST', `/branches/${branchId}/enrolment`, {})).body,
  })
  const made = making.data
  return (
    <Page title={say('dash.toConnect')} help={say('dash.connectHelp')}>
      <Trouble error={making.error} />
      {made !== undefined && (
        <section className="code-card">
          <h2>{say('dash.code')}</h2>
          <output className="code" dir="ltr">
            {made.code}
          </output>
          <p>{say('dash.codeUntil', { time: formatTime(made.expiresAtMs, language, ownZone) })}</p>
          <p>{say('dash.codeHow')}</p>
          <pre dir="ltr">{`CLOUD_URL=${location.origin} \\\nBRANCH_ENROLMENT_CODE=${made.code} \\\nnpm run branch`}</pre>
        </section>
      )}
      {mayChange && (
        <Button loading={making.isPending} onClick={() => making.mutate()}>
          {say('dash.makeCode')}
        </Button>
      )}
    </Page>
  )
}
