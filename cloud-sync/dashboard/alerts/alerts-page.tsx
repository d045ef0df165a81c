import { Alert, Button } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { Link } from 'wouter'
import type { AlertRule, ListedAlert } from '#shared/wire/alerts.ts'
import { sayAlertKind, sayAlertValue } from '#shared/words/say-alert.ts'
import { ask } from '../ask.ts'
import { readWords, useHere, useMayChange, useMayManage, useWords } from '../here.tsx'
import { EmptyState, NothingYet, Page, Table, Trouble, Waiting } from '../parts/parts.tsx'
import { useAlertRules, useAlerts } from '../queries.ts'
import { sayMoment } from '../say-age.ts'
import { useBranchName, useBranchZone } from './branch-select.tsx'
import { RULE_FIRST_FIELD, RuleForm } from './rule-form.tsx'

function useAlertAct(method: 'POST' | 'DELETE', key: 'alerts' | 'alert-rules') {
  const { session } = useHere()
  const client = useQueryClient()
  return useMutation({
    mutationFn: (path: string) => ask(session, method, path),
    onSuccess: () => client.invalidateQueries({ queryKey: [key, session.slug] }),
  })
}

function AlertsTable({ alerts }: { readonly alerts: readonly ListedAlert[] }) {
  const words = useWords()
  const { say } = words
  const { session, language } = useHere()
  const mayManage = useMayManage()
  const nameOf = useBranchName()
  const zoneOf = useBranchZone()
  const acknowledge = useAlertAct('POST', 'alerts')
  const stateOf = ({ branchId, resolvedAtMs, acknowledgedAtMs }: ListedAlert): string =>
    resolvedAtMs !== null
      ? say('dash.alerts.over', { time: sayMoment(words, resolvedAtMs, zoneOf(branchId)) })
      : say(acknowledgedAtMs === null ? 'dash.alerts.open' : 'dash.alerts.seen')
  /** A queue or a date; a device has no name here. */
  const subjectOf = ({ kind, subject, subjectName }: ListedAlert): string =>
    readWords(subjectName, language) || (kind === 'figures' ? subject : '')
  const heads = [
    ...[{ text: say('dash.alerts.what') }, { text: say('dash.branch') }],
    ...[
      { text: say('dash.alerts.value'), isNumber: true },
      { text: say('dash.alerts.threshold'), isNumber: true },
    ],
    ...[{ text: say('dash.alerts.began') }, { text: say('dash.state') }],
    ...(mayManage ? [{ text: say('dash.alerts.act'), isOnlyHeard: true }] : []),
  ]
  return (
    <>
      <Trouble error={acknowledge.error} />
      <Table
        label={say('dash.alerts')}
        heads={heads}
        rows={alerts.map((alert) => ({
          key: alert.alertId,
          cells: [
            <span key="what" className={alert.resolvedAtMs === null ? 'is-late' : ''}>
              {alert.resolvedAtMs === null && <span aria-hidden="true">▲ </span>}
              {sayAlertKind(say, alert.kind)}
              {subjectOf(alert) !== '' && (
                <>
                  {' — '}
                  <bdi>{subjectOf(alert)}</bdi>
                </>
              )}
            </span>,
            <Link key="branch" href={`/t/${session.slug}/branches/${alert.branchId}`}>
              <bdi>{nameOf(alert.branchId)}</bdi>
            </Link>,
            sayAlertValue(say, alert.kind, alert.resolvedAtMs === null ? alert.value : alert.worst),
            sayAlertValue(say, alert.kind, alert.threshold),
            sayMoment(words, alert.beganAtMs, zoneOf(alert.branchId)),
            stateOf(alert),
            mayManage && alert.resolvedAtMs === null && alert.acknowledgedAtMs === null ? (
              <Button
                key="act"
                variant="default"
                onClick={() => acknowledge.mutate(`/alerts/${alert.alertId}/acknowledgement`)}
              >
                {say('dash.alerts.acknowledge')}
              </Button>
            ) : null,
          ],
        }))}
      />
    </>
  )
}

function RulesTable({ rules }: { readonly rules: readonly AlertRule[] }) {
  const { say } = useWords()
  const nameOf = useBranchName()
  const remove = useAlertAct('DELETE', 'alert-rules')
  if (rules.length === 0)
    return <NothingYet text={say('dash.alerts.rulesNone')} act={say('dash.alerts.toAdd')} fieldId={RULE_FIRST_FIELD} />
  return (
    <>
      <Trouble error={remove.error} />
      <Table
        label={say('dash.alerts.rules')}
        heads={[
          { text: say('dash.alerts.kind') },
          { text: say('dash.branch') },
          { text: say('dash.alerts.threshold'), isNumber: true },
          { text: say('dash.alerts.repeat') },
          { text: say('dash.alerts.emails') },
          { text: say('dash.alerts.act'), isOnlyHeard: true },
        ]}
        rows={rules.map(({ ruleId, kind, branchId, threshold, repeatMinutes, emails }) => ({
          key: ruleId,
          cells: [
            sayAlertKind(say, kind),
            <bdi key="branch">{branchId === null ? say('dash.alerts.everywhere') : nameOf(branchId)}</bdi>,
            sayAlertValue(say, kind, threshold),
            repeatMinutes === null
              ? say('dash.alerts.repeatNone')
              : say('dash.alerts.repeatMinutes', { minutes: String(repeatMinutes) }),
            <bdi key="emails" className="addresses">
              {emails.length === 0 ? say('dash.alerts.screenOnly') : emails.join(', ')}
            </bdi>,
            <Button key="remove" variant="default" onClick={() => remove.mutate(`/alert-rules/${ruleId}`)}>
              {say('dash.alerts.remove')}
            </Button>,
          ],
        }))}
      />
    </>
  )
}

function RulesPart() {
  const { say } = useWords()
  const rules = useAlertRules()
  if (rules.data === undefined) return <Waiting error={rules.error} />
  return (
    <section className="floor-part">
      <h2>{say('dash.alerts.rules')}</h2>
      {rules.data.isMailOff && <Alert color="orange">{say('dash.alerts.mailOff')}</Alert>}
      <RulesTable rules={rules.data.items} />
      <RuleForm />
    </section>
  )
}

/** What is beyond a threshold now, what was lately, and from when on who is told. */
export function AlertsPage() {
  const { say } = useWords()
  const { session } = useHere()
  const mayChange = useMayChange()
  const alerts = useAlerts()
  if (alerts.data === undefined) return <Waiting error={alerts.error} />
  const acts = mayChange && <Link href={`/t/${session.slug}/daily`}>{say('dash.daily')}</Link>
  return (
    <Page title={say('dash.alerts')} help={say('dash.alerts.help')} acts={acts}>
      {alerts.data.length === 0 ? (
        <EmptyState title={say('dash.alerts.none')} text={say('dash.alerts.noneHelp')} />
      ) : (
        <AlertsTable alerts={alerts.data} />
      )}
      {mayChange && <RulesPart />}
    </Page>
  )
}
