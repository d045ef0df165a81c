import { Alert, Button } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import type { OrderBody, OrderKind, OrderState, SentOrder } from '#shared/wire/orders.ts'
import { NOT_UNDERSTOOD } from '#shared/wire/outcomes.ts'
import type { PresentBody } from '#shared/wire/sync.ts'
import type { DashboardKey, DashboardWords } from '#shared/words/dashboard-words.ts'
import { ask, askFile } from '../ask.ts'
import { useHere, useMayChange, useSession, useWords } from '../here.tsx'
import { EmptyState, Page, Table, Trouble, Waiting } from '../parts/parts.tsx'
import { Confirmed } from '../people/confirmed.tsx'
import { LOOK_MS, useCloudNowMs, useFloor } from '../queries.ts'
import { AWAY_MS, sayAge, sayMoment } from '../say-age.ts'
import { useDraft } from '../use-draft.ts'

const SHOWN_MAX = 20
const ID_SHOWN = 8
const KINDS: Readonly<Record<string, DashboardKey>> = {
  kiosk: 'dash.kind.kiosk',
  display: 'dash.kind.display',
  caller: 'dash.kind.caller',
}
const ORDERS: Readonly<Record<OrderKind, DashboardKey>> = {
  identify: 'dash.orders.identify',
  reprint: 'dash.orders.reprint',
  restart: 'dash.orders.restart',
  remove: 'dash.orders.remove',
  diagnostics: 'dash.orders.diagnostics',
}

const STATES: Readonly<Record<OrderState, DashboardKey>> = {
  queued: 'dash.orders.queued',
  fetched: 'dash.orders.fetched',
  done: 'dash.orders.done',
  refused: 'dash.orders.refused',
  expired: 'dash.orders.expired',
}

/** Where what a branch or its device says is no problem of whoever asked. */
const WHYS: Readonly<Partial<Record<string, DashboardKey>>> = {
  Forbidden: 'dash.orders.cannot',
  [NOT_UNDERSTOOD]: 'dash.messages.notUnderstood',
}

function sayWhy({ say, sayProblem }: DashboardWords, code: string): string {
  const why = WHYS[code]
  return why === undefined ? sayProblem(code) : say(why)
}

function useOrders(branchId: string) {
  const session = useSession()
  return useQuery({
    queryKey: ['orders', session.slug, branchId],
    refetchInterval: LOOK_MS,
    queryFn: async () =>
      (await ask<{ items: readonly SentOrder[] }>(session, 'GET', `/branches/${branchId}/orders`)).body.items,
  })
}

function useSend(branchId: string) {
  const { session } = useHere()
  const client = useQueryClient()
  return useMutation({
    mutationFn: (order: OrderBody) => ask(session, 'POST', `/branches/${branchId}/orders`, order),
    onSuccess: () => client.invalidateQueries({ queryKey: ['orders', session.slug, branchId] }),
  })
}

type Send = ReturnType<typeof useSend>

/** Of which device, as far as is known here: what it is, and how its id begins. */
const nameOf = ({ say }: DashboardWords, deviceId: string | null, devices: PresentBody['devices']): string => {
  if (deviceId === null) return say('dash.none')
  const kind = devices.find((it) => it.deviceId === deviceId)?.kind ?? ''
  return `${say(KINDS[kind] ?? 'dash.device')} ${deviceId.slice(0, ID_SHOWN)}`
}

interface ActsProps {
  readonly device: PresentBody['devices'][number]
  readonly send: Send
  readonly of: string
}

function Acts({ device: { deviceId, kind }, send, of }: ActsProps) {
  const { say } = useWords()
  const acts = (['identify', ...(kind === 'kiosk' ? (['reprint'] as const) : []), 'restart'] as const).map((act) => (
    <Button
      key={act}
      size="xs"
      variant="default"
      aria-label={`${say(ORDERS[act])} — ${of}`}
      onClick={() => send.mutate({ kind: act, deviceId })}
    >
      {say(ORDERS[act])}
    </Button>
  ))
  return (
    <span className="order-acts">
      {acts}
      <Confirmed text={say('dash.orders.remove')} of={of} onConfirm={() => send.mutate({ kind: 'remove', deviceId })} />
    </span>
  )
}

function DevicesTable({ devices, send }: { readonly devices: PresentBody['devices']; readonly send: Send }) {
  const words = useWords()
  const { say } = words
  const mayChange = useMayChange()
  if (devices.length === 0) return <p className="page-help">{say('dash.noDevices')}</p>
  return (
    <Table
      label={say('dash.orders.page')}
      heads={[
        { text: say('dash.device') },
        { text: say('dash.state') },
        ...(mayChange ? [{ text: say('dash.orders.what') }] : []),
      ]}
      rows={devices.map((device) => ({
        key: device.deviceId,
        cells: [
          <bdi key="name">{nameOf(words, device.deviceId, devices)}</bdi>,
          <span key="state" className={device.isInContact && device.paper === undefined ? '' : 'is-away'}>
            {say(device.isInContact ? 'dash.inContact' : 'dash.outOfContact')}
            {device.paper !== undefined &&
              ` · ${say('dash.live.paper', { state: say(device.paper === 'out' ? 'alert.paperOut' : 'alert.paperLow') })}`}
          </span>,
          ...(mayChange
            ? [<Acts key="acts" device={device} send={send} of={nameOf(words, device.deviceId, devices)} />]
            : []),
        ],
      }))}
    />
  )
}

function Bundle({ branchId, number }: { readonly branchId: string; readonly number: number }) {
  const { say } = useWords()
  const session = useSession()
  const fetched = useMutation({
    async mutationFn() {
      const { file, name } = await askFile(session, `/branches/${branchId}/orders/${number}/diagnostics`)
      const url = URL.createObjectURL(file)
      Object.assign(document.createElement('a'), { href: url, download: name }).click()
      URL.revokeObjectURL(url)
    },
  })
  return (
    <Button size="xs" variant="subtle" loading={fetched.isPending} onClick={() => fetched.mutate()}>
      {say('dash.orders.bundle')}
    </Button>
  )
}

interface OrdersProps {
  readonly branchId: string
  readonly orders: readonly SentOrder[]
  readonly devices: PresentBody['devices']
  readonly timeZone: string
}

/** What was asked, where it stands, and as of when the branch has said so. */
function OrdersTable({ branchId, orders, devices, timeZone }: OrdersProps) {
  const words = useWords()
  const { say } = words
  const mayChange = useMayChange()
  return (
    <Table
      label={say('dash.orders')}
      heads={[
        { text: say('dash.orders.what') },
        { text: say('dash.device') },
        { text: say('dash.messages.sent') },
        { text: say('dash.state') },
        { text: say('dash.orders.toldAt') },
      ]}
      rows={orders.slice(0, SHOWN_MAX).map((one) => ({
        key: String(one.number),
        cells: [
          say(ORDERS[one.kind]),
          <bdi key="of">{nameOf(words, one.deviceId, devices)}</bdi>,
          sayMoment(words, one.sentAtMs, timeZone),
          <span key="state">
            {say(STATES[one.state], {
              time: sayMoment(words, one.expiresAtMs, timeZone),
              why: sayWhy(words, one.code ?? ''),
            })}
            {one.hasBundle && mayChange && <Bundle branchId={branchId} number={one.number} />}
          </span>,
          one.toldAtMs === null ? say('dash.none') : sayMoment(words, one.toldAtMs, timeZone),
        ],
      }))}
    />
  )
}

/** The devices of a branch as it said last that they are, what they can be asked, and what came of it. */
export function DevicesPage({ branchId }: { readonly branchId: string }) {
  const words = useWords()
  const { say } = words
  const mayChange = useMayChange()
  const now = useFloor(branchId)
  const nowMs = useCloudNowMs(now.data)
  const { branch } = useDraft(branchId)
  const orders = useOrders(branchId)
  const send = useSend(branchId)
  if (now.data === undefined || branch === undefined) return <Waiting error={now.error} />
  const { floor } = now.data
  const title = say('dash.orders.page')
  if (floor === null)
    return (
      <Page title={title}>
        <EmptyState title={say('dash.floorNone')} text={say('dash.floorNoneHelp')} />
      </Page>
    )
  const { present, receivedAtMs } = floor
  const at = { time: sayMoment(words, receivedAtMs, branch.timeZone), zone: branch.timeZone }
  return (
    <Page title={title} help={say('dash.orders.help')}>
      {nowMs - receivedAtMs > AWAY_MS ? (
        <Alert color="orange" role="status">
          {say('dash.oldFigures', at)}
        </Alert>
      ) : (
        <p className="page-help">
          {say('dash.asOf', at)} · {sayAge(words, receivedAtMs, nowMs, branch.timeZone)}
        </p>
      )}
      <Trouble error={send.error} />
      <DevicesTable devices={present.devices} send={send} />
      {mayChange && (
        <div className="order-ask">
          <Button variant="default" onClick={() => send.mutate({ kind: 'diagnostics' })}>
            {say('dash.orders.diagnostics')}
          </Button>
          <p className="page-help">{say('dash.orders.diagnosticsHelp')}</p>
        </div>
      )}
      {orders.data !== undefined && orders.data.length > 0 && (
        <OrdersTable branchId={branchId} orders={orders.data} devices={present.devices} timeZone={branch.timeZone} />
      )}
    </Page>
  )
}
