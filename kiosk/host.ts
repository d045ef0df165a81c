import { join } from 'node:path'
import type { FastifyInstance } from 'fastify'
import { Type } from 'typebox'
import type { PriorityClassId, ServiceId } from '#shared/domain/ids.ts'
import { PLAN_MAX } from '#shared/domain/ticket-birth.ts'
import type { DeviceHost } from '#shared/host/device-host.ts'
import { type HostOptions, type RunningHost, startHost } from '#shared/host/start-host.ts'
import type { Telling } from '#shared/host/tell-always.ts'
import type { TicketJson } from '#shared/project/ticket-json.ts'
import { openSpeech } from '#shared/speech/espeak.ts'
import { DetailsBody } from '#shared/wire/customer-details.ts'
import { problem } from '#shared/wire/problem.ts'
import { language } from '#shared/wire/requests.ts'
import { id, type ParsedBy, strict } from '#shared/wire/schema.ts'
import type { PrinterSource } from '#shared/wire/staff.ts'
import { registerCheckIn } from './check-in.ts'
import { forgetDetailsInTime } from './forget-details.ts'
import { handOverAlways } from './hand-over.ts'
import { openKioskStore } from './kiosk-store.ts'
import { printListsAsked } from './print-list.ts'
import { createPrintQueue, type ProfiledPrinter } from './print-queue.ts'
import { reportPrinters } from './printer-report.ts'
import { reprintFor } from './reprint.ts'
import { reportScreen } from './screen-report.ts'
import { registerSpeech } from './speech/speech-route.ts'
import type { SearchPlaces } from './staff/find-printers.ts'
import { createPrinterSetUp } from './staff/set-up.ts'
import { createStaffDoor } from './staff/staff-door.ts'
import { registerStaff } from './staff/staff-routes.ts'
import { type KioskParts, type Tap, takeTicket } from './take-ticket.ts'
import { tapKeyOf } from './tap-key.ts'
import { answerKioskTrials } from './trials.ts'
import { withdrawAlways } from './withdrawals.ts'

/** A paper in doubt is told to staff for so long: later nobody waits with it any more. */
const PAPERS_TOLD_MS = 12 * 3_600_000

const orNull = <Schema extends Parameters<typeof Type.Union>[0][number]>(schema: Schema) =>
  Type.Optional(Type.Union([schema, Type.Null()]))
const TapBody = Type.Object(
  {
    serviceId: id(),
    /** The services that follow, chosen by the customer; left out: as the branch has planned it. */
    plan: orNull(Type.Array(id(), { maxItems: PLAN_MAX })),
    priority: orNull(id()),
    language: orNull(language),
    details: orNull(DetailsBody),
  },
  strict,
)
type TapBody = ParsedBy<typeof TapBody>

/** Whether a ticket given before answers this tap: the same key asks for the same, or it is refused. */
const isOf = ({ serviceId, plan = null, priority = null }: TapBody, ticket: TicketJson): boolean =>
  ticket.serviceId === serviceId &&
  ticket.priority === priority &&
  (plan === null || String(ticket.plan) === String(plan))

function registerKiosk(app: FastifyInstance, parts: KioskParts, handOver: Telling): void {
  const { store, queue } = parts
  /** A tap that is sent twice while the first is under way waits for it. */
  const underWay = new Map<string, ReturnType<typeof takeTicket>>()

  app.post('/local/v1/tickets', { schema: { body: TapBody } }, async (request, reply) => {
    const body = request.body as TapBody
    const key = tapKeyOf(request)
    if (key === null) return reply.code(400).send(problem('RequestInvalid'))
    const tap: Tap = {
      key,
      serviceId: body.serviceId as ServiceId,
      plan: body.plan?.map((serviceId) => serviceId as ServiceId) ?? null,
      priority: (body.priority ?? null) as PriorityClassId | null,
      language: body.language ?? null,
      ...(body.details && { details: body.details }),
    }
    const taking = underWay.get(key) ?? takeTicket(parts, tap).finally(() => underWay.delete(key))
    underWay.set(key, taking)
    const answer = await taking
    if ('ticket' in answer.body && !isOf(body, answer.body.ticket)) {
      const reused = problem('IdempotencyKeyReused')
      return reply.code(reused.status).send(reused)
    }
    if ('offline' in answer.body && answer.body.offline) handOver.tryNow()
    return reply.code(answer.status).send(answer.body)
  })
  app.get('/local/v1/print-jobs', () => store.jobs())
  app.get('/local/v1/printer', () => queue.status())
}

const logoOf = ({ store }: DeviceHost): string | null => store.seen()?.state.catalogue?.body.branch.logo ?? null

export interface KioskOptions extends Omit<HostOptions, 'extend'> {
  /** In the order in which they are tried. */
  readonly printers: readonly ProfiledPrinter[]
  readonly printerSource: PrinterSource
  /** Where the set-up looks for printers; left out: beside this kiosk. */
  readonly searchPlaces?: () => SearchPlaces
  /** What turns sentences into sound; left out: espeak-ng, where it is installed. */
  readonly speechProgram?: string
}

/** Starts the kiosk's host: it takes tickets, with the server or without, prints them and hands them over. */
export function startKioskHost({
  printers,
  printerSource,
  searchPlaces,
  speechProgram = 'espeak-ng',
  ...options
}: KioskOptions): Promise<RunningHost> {
  const { logger: log, clocks, config } = options
  return startHost({
    ...options,
    extend(app, device, pages, disk, orders) {
      const store = openKioskStore(join(config.folder, 'kiosk.db'), clocks.wallMs, log)
      const logo = () => logoOf(device)
      const queue = createPrintQueue({
        printers,
        store,
        log,
        monotonicMs: clocks.monotonicMs,
        logo,
      })
      const withdrawals = withdrawAlways(device, store, log)
      const handOver = handOverAlways(device, store, log, withdrawals.giveUp)
      const forgetting = forgetDetailsInTime({ host: device, store, folder: config.folder, wallMs: clocks.wallMs, log })
      const parts: KioskParts = { host: device, store, queue, withdrawals, disk, wallMs: clocks.wallMs, log }
      registerKiosk(app, parts, handOver)
      orders.onReprint(reprintFor(store, queue, clocks.wallMs))
      registerCheckIn(app, parts)
      registerStaff(app, {
        ...parts,
        ...{ folder: config.folder, origin: { source: printerSource } },
        door: createStaffDoor(device, clocks.monotonicMs),
        setUp: createPrinterSetUp({ queue, logo, log, ...(searchPlaces && { places: searchPlaces }) }),
      })
      const trials = answerKioskTrials(parts, clocks.monotonicMs)
      const speech = openSpeech(speechProgram, log)
      registerSpeech(app, speech)
      const troubles = () => store.paperTroubles(Math.floor(clocks.wallMs()) - PAPERS_TOLD_MS)
      const reports = [reportPrinters(device, queue, speech, log, troubles), reportScreen(device, pages, log)]
      const stopLists = printListsAsked(device, queue, clocks.wallMs, log)
      app.addHook('onClose', async () => {
        await trials.close()
        for (const report of reports) report.close()
        stopLists()
        speech.close()
        handOver.close()
        withdrawals.close()
        forgetting.close()
        await queue.close()
        store.close()
      })
      return () => ({ speech: speech.state() })
    },
  })
}
