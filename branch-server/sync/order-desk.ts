import type { DeviceId } from '#shared/domain/ids.ts'
import type { DiagnosticsBundle } from '#shared/wire/diagnostics.ts'
import { type DeviceOrder, type KeptOrder, ORDERS_OPEN_MAX } from '#shared/wire/orders.ts'
import { APPLIED, EXPIRED, TAKEN } from '#shared/wire/outcomes.ts'
import type { ProblemCode } from '#shared/wire/problem.ts'
import type { Roster } from '../access/roster.ts'
import type { Feed } from '../feed.ts'
import type { Log } from '../log.ts'
import type { OpenOrder } from '../store/orders.ts'
import type { Store } from '../store/store.ts'
import type { Waist } from '../waist/execute.ts'
import type { CloudDoor } from './cloud-door.ts'
import { comeAgainMs } from './turned-away.ts'
import { backOffMs } from './uploader.ts'

/** While something is open: its device may have come back, or have lost what it was told. */
const LOOK_MS = 2_000
/** A device is told again this often until it says what came of it; one that has had an order says so again. */
const TELL_MS = 4_000
/** A device that was told has this long beyond the order's age to say what came of it: paper takes its time. */
const SILENT_MS = 60_000
const RESULTS_PATH = '/api/v1/sync/orders'
const BUNDLE_PATH = '/api/v1/sync/diagnostics'
/** Answers that the same bundle would have again. Any other is of the moment: a proxy, a clock, a key that is not there yet. */
const NEVER_TAKEN: ReadonlySet<number> = new Set([400, 404, 413, 422])

export interface OrderDeskParts {
  readonly waist: Waist
  readonly roster: Pick<Roster, 'find'>
  readonly feed: Pick<Feed, 'isInContact' | 'tell'>
  readonly door: CloudDoor
  /** Ours at the cloud. */
  readonly cloudBranchId: string
  readonly write: (writes: (store: Store) => void) => Promise<boolean>
  readonly bundle: (cloudAheadMs: number | null) => DiagnosticsBundle
  readonly wallMs: () => number
  readonly monotonicMs: () => number
  readonly pause: (ms: number, signal: AbortSignal) => Promise<void>
  readonly random: () => number
  readonly log: Log
  readonly ending: AbortSignal
}

interface Kept {
  wake(): void
  readonly over: Promise<void>
}

/** Does a step whenever it is woken, and again soon while one says that something is left. */
function keepAt(
  { pause, random, log, ending, what }: Pick<OrderDeskParts, 'pause' | 'random' | 'log' | 'ending'> & { what: string },
  step: () => Promise<boolean>,
): Kept {
  let isAwaited = true
  let onAwaited = (): void => {}
  ending.addEventListener('abort', () => onAwaited(), { once: true })
  const rest = (ms: number | null): Promise<void> =>
    new Promise((resolve) => {
      onAwaited = resolve
      if (isAwaited || ending.aborted) resolve()
      else if (ms !== null) void pause(ms, ending).then(resolve)
    })
  async function run(): Promise<void> {
    let failures = 0
    // Whoever opens it has the other half ready by then.
    await Promise.resolve()
    while (!ending.aborted) {
      isAwaited = false
      try {
        const isLeft = await step()
        failures = 0
        await rest(isLeft ? LOOK_MS : null)
      } catch (error) {
        failures += 1
        if (!ending.aborted) log.info({ err: error }, what)
        await pause(backOffMs(failures, random), ending)
      }
    }
  }
  return {
    wake() {
      isAwaited = true
      onAwaited()
    },
    over: run(),
  }
}

/** What head office has this branch or its devices do: kept until it is done, or until it is too late. */
export interface OrderDesk {
  /** Why an order is not even taken; null: it is. */
  refusal(message: KeptOrder): ProblemCode | null
  /** In the commit that moves the inbox on. */
  take(store: Store, order: Omit<OpenOrder, 'isTold'>): void
  wake(): void
  /** A device says what came of it. @returns whether somebody waits for it */
  hear(deviceId: DeviceId, orderId: string, outcome: string): Promise<boolean>
  readonly over: Promise<void>
}

export function openOrderDesk(parts: OrderDeskParts): OrderDesk {
  const { waist, roster, feed, door, cloudBranchId, write, log, ending, pause, random } = parts
  /** When each was told last. In memory: after a start all are told again. */
  const toldMs = new Map<number, number>()
  const orders = () => waist.branch().store.orders
  /** An order that waits here while the line is cut is as old as one that waits at the cloud. */
  const cloudNowMs = (): number => door.nowMs() ?? parts.wallMs()
  const settle = (number: number, outcome: string): Promise<boolean> =>
    write((store) => store.orders.settle(cloudBranchId, number, outcome))

  /** One whose time is over: nobody can say whether a device did it that was told and said nothing. */
  function lateOutcome({ expiresAtMs, isTold }: OpenOrder): string | null {
    const lateMs = cloudNowMs() - expiresAtMs
    if (!isTold) return lateMs > 0 ? EXPIRED : null
    return lateMs > SILENT_MS ? ('DeviceSilent' satisfies ProblemCode) : null
  }

  async function tellDevice(
    { number, isTold, expiresAtMs }: OpenOrder,
    { orderId, deviceId, act, ticketId }: Extract<KeptOrder, { type: 'OrderDevice' }>,
  ): Promise<void> {
    const told = toldMs.get(number)
    if (told !== undefined && parts.monotonicMs() - told < TELL_MS) return
    if (roster.find(deviceId as DeviceId) === undefined) {
      await settle(number, 'DeviceUnknown' satisfies ProblemCode)
      return
    }
    if (!feed.isInContact(deviceId as DeviceId)) return
    // Written down before it is said: whoever begins anew must know that it may have been done.
    if (!isTold && !(await write((store) => store.orders.markTold(cloudBranchId, number)))) return
    // It was written down that the device was told, and the line may have died before it heard: then nothing begins now.
    const isLate = cloudNowMs() > expiresAtMs
    const order: DeviceOrder = { type: 'order', orderId, act, ticketId, isLate }
    if (feed.tell(deviceId as DeviceId, JSON.stringify(order))) toldMs.set(number, parts.monotonicMs())
  }

  async function sendBundle({ number }: OpenOrder): Promise<void> {
    const nowMs = door.nowMs()
    const bundle = parts.bundle(nowMs === null ? null : Math.round(nowMs - parts.wallMs()))
    const { status, body, turnedAway } = await door.post(BUNDLE_PATH, { number, bundle })
    if (turnedAway !== null) return pause(comeAgainMs(turnedAway, random), ending)
    if (status === 200) await write((store) => store.orders.drop(cloudBranchId, [number]))
    else if (NEVER_TAKEN.has(status)) {
      log.warn({ status, code: body?.['code'] }, 'the cloud does not take what it asked for of how the branch is')
      await settle(number, status === 413 ? 'RequestTooLarge' : 'RequestInvalid')
    } else throw new Error(`The cloud answers ${status}`)
  }

  async function look(order: OpenOrder): Promise<void> {
    const late = lateOutcome(order)
    if (late !== null) await settle(order.number, late)
    else if (order.message.type === 'SendDiagnostics') await sendBundle(order)
    else await tellDevice(order, order.message)
  }

  async function sendResults(): Promise<void> {
    const results = orders().results(cloudBranchId)
    if (results.length === 0) return
    const { status, turnedAway } = await door.post(RESULTS_PATH, { results })
    if (turnedAway !== null) return pause(comeAgainMs(turnedAway, random), ending)
    if (status !== 200) throw new Error(`The cloud answers ${status}`)
    const numbers = results.map(({ number }) => number)
    for (const number of numbers) toldMs.delete(number)
    await write((store) => store.orders.drop(cloudBranchId, numbers))
  }

  const openOf = (type: KeptOrder['type']): readonly OpenOrder[] =>
    orders()
      .open(cloudBranchId)
      .filter(({ message }) => message.type === type)

  /** What a device does waits for no line: a cut one holds back what is said of it, and nothing else. */
  const telling = keepAt({ ...parts, what: 'devices are not told what head office wants' }, async () => {
    for (const order of openOf('OrderDevice')) await look(order)
    if (orders().results(cloudBranchId).length > 0) saying.wake()
    return openOf('OrderDevice').length > 0
  })
  const saying = keepAt({ ...parts, what: 'the cloud does not hear what became of its orders' }, async () => {
    await sendResults()
    for (const order of openOf('SendDiagnostics')) await look(order)
    return openOf('SendDiagnostics').length > 0 || orders().results(cloudBranchId).length > 0
  })
  const wake = (): void => {
    telling.wake()
    saying.wake()
  }

  return {
    refusal(message) {
      if (orders().open(cloudBranchId).length >= ORDERS_OPEN_MAX) return 'OrdersFull'
      if (message.type === 'SendDiagnostics') return null
      const device = roster.find(message.deviceId as DeviceId)
      if (device === undefined) return 'DeviceUnknown'
      return message.act === 'reprint' && device.kind !== 'kiosk' ? 'Forbidden' : null
    },
    take(store, order) {
      store.cloud.addReceipt({ number: order.number, outcome: TAKEN })
      store.orders.take(cloudBranchId, order)
    },
    wake,
    async hear(deviceId, orderId, outcome) {
      const order = orders()
        .open(cloudBranchId)
        .find(({ message }) => message.orderId === orderId)
      const isIts = order?.message.type === 'OrderDevice' && order.message.deviceId === deviceId
      if (!isIts || !(await settle(order.number, outcome))) return false
      if (outcome !== APPLIED) log.warn({ number: order.number, outcome }, 'a device does not do what it was told')
      wake()
      return true
    },
    over: Promise.all([telling.over, saying.over]).then(() => {}),
  }
}
