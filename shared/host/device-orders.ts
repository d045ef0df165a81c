import type { FastifyInstance } from 'fastify'
import { v7 as newKey } from 'uuid'
import { type DeviceAct, type DeviceOrder, IDENTIFY_MS, OrderParams, OrderReport } from '../wire/orders.ts'
import { APPLIED, EXPIRED } from '../wire/outcomes.ts'
import { type ProblemCode, problem } from '../wire/problem.ts'
import type { DeviceHost } from './device-host.ts'
import type { HostLog } from './host-log.ts'
import { UnreachableError } from './unreachable.ts'

const MEMORY_KEY = 'orders'
/** Orders that a device knows to have had; a branch has fewer open at once. */
const REMEMBERED_MAX = 64
/** A page has this long to say that its screen shows the name. */
const PAGE_MS_MAX = 10_000

/** What came of an act; a name of a refusal where it was not done. */
export type ActOutcome = typeof APPLIED | typeof EXPIRED | ProblemCode
/**
 * Must itself know by the order's id what it has done before: it may be asked again after a cut of the power.
 * @param isLate - what was not begun before is not begun now
 */
export type ReprintAct = (orderId: string, ticketId: string | null, isLate: boolean) => Promise<ActOutcome>

/** What this device does because head office wants it. */
export interface DeviceOrders {
  /** A kiosk can print again. */
  onReprint(act: ReprintAct): void
}

export interface OrderParts {
  readonly host: Pick<DeviceHost, 'ask' | 'onNews'> & { readonly store: Pick<DeviceHost['store'], 'meta' | 'setMeta'> }
  readonly log: HostLog
  /** Begins this program anew; null: nobody here can. */
  readonly restart: (() => void) | null
}

interface Had {
  readonly orderId: string
  readonly act: DeviceAct
  /** null: begun, and not known to have ended. */
  readonly outcome: ActOutcome | null
}

/** What was had before, on disk: an order is written down before it is begun, so that none is begun twice. */
function openMemory({ store }: OrderParts['host']) {
  let all = JSON.parse(store.meta(MEMORY_KEY) ?? '[]') as readonly Had[]
  const write = (next: readonly Had[]): void => {
    all = next.slice(-REMEMBERED_MAX)
    store.setMeta(MEMORY_KEY, JSON.stringify(all))
  }
  const outcomeAfterStart = ({ act }: Had): ActOutcome => (act === 'restart' ? APPLIED : 'OrderInterrupted')
  // Whoever reads this has begun anew: that was what was wanted, or it has cut short what was.
  if (all.some(({ outcome }) => outcome === null))
    write(all.map((had) => ({ ...had, outcome: had.outcome ?? outcomeAfterStart(had) })))
  return {
    find: (orderId: string): Had | undefined => all.find((had) => had.orderId === orderId),
    begin: (orderId: string, act: DeviceAct): void => write([...all, { orderId, act, outcome: null }]),
    end: (orderId: string, outcome: ActOutcome): void =>
      write(all.map((had) => (had.orderId === orderId ? { ...had, outcome } : had))),
  }
}

/** Does what head office wants of this device, each order once, and tells the branch what came of it. */
export function answerOrders(app: FastifyInstance, parts: OrderParts): DeviceOrders {
  const { host, log, restart } = parts
  const memory = openMemory(host)
  const underWay = new Map<string, Promise<void>>()
  const shown = new Map<string, (outcome: ActOutcome) => void>()
  let reprint: ReprintAct = () => Promise.resolve('NoPrinter')

  /** A branch that does not hear it asks again. */
  async function tell(orderId: string, outcome: ActOutcome): Promise<void> {
    const body = JSON.stringify({ outcome } satisfies OrderReport)
    const path = `/api/v1/devices/self/orders/${orderId}`
    try {
      await host.ask({ method: 'POST', path, body, key: newKey() })
    } catch (error) {
      if (!(error instanceof UnreachableError)) throw error
    }
  }

  /** Every open page shows what this device is called; the first that has drawn it says so. */
  function identify(orderId: string): Promise<ActOutcome> {
    const pages = [...app.websocketServer.clients]
    if (pages.length === 0) return Promise.resolve('DeviceSilent')
    return new Promise((resolve) => {
      const limit = setTimeout(() => end('DeviceSilent'), PAGE_MS_MAX)
      const end = (outcome: ActOutcome): void => {
        clearTimeout(limit)
        shown.delete(orderId)
        resolve(outcome)
      }
      shown.set(orderId, end)
      for (const page of pages) page.send(JSON.stringify({ type: 'identify', orderId, forMs: IDENTIFY_MS }))
    })
  }

  /** @returns null: it is told after the start */
  async function once(orderId: string, act: 'identify' | 'restart', isLate: boolean): Promise<ActOutcome | null> {
    if (act === 'restart' && restart === null) return 'Forbidden'
    const had = memory.find(orderId)
    if (had !== undefined) return had.outcome
    if (isLate) return EXPIRED
    if (act === 'restart') {
      // What was begun before is ended first, so that all of it is known to be done.
      await Promise.allSettled([...underWay].flatMap(([id, work]) => (id === orderId ? [] : [work])))
      memory.begin(orderId, act)
      restart?.()
      return null
    }
    memory.begin(orderId, act)
    const outcome = await identify(orderId)
    memory.end(orderId, outcome)
    return outcome
  }

  async function carryOut({ orderId, act, ticketId, isLate = false }: DeviceOrder): Promise<void> {
    const outcome = act === 'reprint' ? await reprint(orderId, ticketId, isLate) : await once(orderId, act, isLate)
    if (outcome !== null) await tell(orderId, outcome)
  }

  const stop = host.onNews((news) => {
    if (news.type !== 'order' || underWay.has(news.orderId)) return
    const { orderId, act } = news
    const work = carryOut(news)
      .catch((error: unknown) => log.error({ err: error, act }, 'what head office wants of this device threw'))
      .finally(() => underWay.delete(orderId))
    underWay.set(orderId, work)
  })
  app.post('/local/v1/orders/:orderId', { schema: { params: OrderParams, body: OrderReport } }, (request, reply) => {
    const { orderId } = request.params as { orderId: string }
    const end = shown.get(orderId)
    if (end === undefined) return reply.code(404).send(problem('OrderUnknown', { about: orderId }))
    // A page speaks for its screen alone: it shows the name, or it says nothing.
    end(APPLIED)
    return reply.code(200).send({ orderId })
  })
  app.addHook('onClose', async () => {
    stop()
    for (const end of shown.values()) end('OrderInterrupted')
  })
  return {
    onReprint(act) {
      reprint = act
    },
  }
}
