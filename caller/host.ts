import { join } from 'node:path'
import type { FastifyInstance, FastifyReply } from 'fastify'
import { Type } from 'typebox'
import { RECORDED_STATUSES } from '#shared/domain/events.ts'
import type { DeviceId } from '#shared/domain/ids.ts'
import { presentDate } from '#shared/domain/present-date.ts'
import { counterHeldBy } from '#shared/domain/state.ts'
import type { DeviceHost } from '#shared/host/device-host.ts'
import { type HostOptions, type RunningHost, startHost } from '#shared/host/start-host.ts'
import type { Telling } from '#shared/host/tell-always.ts'
import { type ProblemCode, problem } from '#shared/wire/problem.ts'
import { id, type ParsedBy, strict } from '#shared/wire/schema.ts'
import type { ButtonPlace } from './devices/buttons.ts'
import { type CallerPresses, createPresses } from './devices/presses.ts'
import { enterAlways } from './enter-marks.ts'
import { type MarkStore, type NewMark, openMarkStore } from './mark-store.ts'
import { mayNote } from './may-note.ts'
import { registerMediaUpload } from './media-upload.ts'

/** Marks that the page sends at once. */
const MARKS_MAX = 200

const orNull = <Schema extends Parameters<typeof Type.Union>[0][number]>(schema: Schema) =>
  Type.Union([schema, Type.Null()])
const uuid = () => Type.String({ format: 'uuid' })
const MarkBody = Type.Object(
  {
    /** Made with the press: the same press that is told twice is one mark. */
    key: uuid(),
    ticketId: orNull(id()),
    number: Type.String({ pattern: '^[A-Z]{1,4}[0-9]{3,5}$' }),
    serviceId: orNull(id()),
    status: Type.Unsafe<(typeof RECORDED_STATUSES)[number]>({ type: 'string', enum: [...RECORDED_STATUSES] }),
    /** It happens now; false: it is read from a sheet, and nobody knows when it happened. */
    isNow: Type.Boolean(),
    /** Staff mean a number that no kiosk is known to have printed. */
    isConfirmed: Type.Optional(Type.Boolean()),
  },
  strict,
)
type MarkBody = ParsedBy<typeof MarkBody>
const MarksBody = Type.Object({ marks: Type.Array(MarkBody, { minItems: 1, maxItems: MARKS_MAX }) }, strict)
const MarkParams = Type.Object({ key: uuid() }, strict)

interface Keeping {
  readonly host: DeviceHost
  readonly store: MarkStore
  readonly wallMs: () => number
}

/**
 * Marks as the branch will want them: where and by whom is what this device last knew, when is the branch's time as far
 * as it can be told without it.
 */
function newMarks({ host, store, wallMs }: Keeping, bodies: readonly MarkBody[]): readonly NewMark[] | ProblemCode {
  const pairing = host.pairing()
  if (pairing === null) return 'NotPaired'
  const state = host.store.seen()?.state
  const [now, contact] = [host.now(), host.sinceContact()]
  if (state === undefined || now === null || contact === null) return 'BranchUnreachable'
  const businessDate = presentDate(state, now.atMs)
  if (businessDate === null) return 'CatalogueMissing'
  if (!mayNote(state, pairing.deviceId as DeviceId, host.status().link === 'up')) return 'CallerNotStaffed'
  const { branchKey } = pairing
  const held = counterHeldBy(state, pairing.deviceId as DeviceId)
  const at = held === undefined ? {} : { counterId: held[0], agentId: held[1].agentId }
  // After a restart this device's steady time begins anew; its own marks stay in order all the same.
  const steadyMs = Math.max(
    contact.lastContactSteadyMs + contact.sinceContactMs,
    store.lastSteadyMs(host.branchKeys()) + 1,
  )
  const { lastContactSteadyMs } = contact
  return bodies.map(({ key, ticketId, number, serviceId, status, isNow, isConfirmed = false }) => ({
    ...{ key, branchKey, atMs: Math.floor(wallMs()), steadyMs: isNow ? steadyMs : null },
    body: {
      ...{ ticketId, number, serviceId, status, businessDate, ...at },
      ...(isConfirmed && { confirmed: true }),
      ...(isNow && { noted: { lastContactSteadyMs, sinceContactMs: steadyMs - lastContactSteadyMs } }),
    },
  }))
}

const refused = (reply: FastifyReply, code: ProblemCode): FastifyReply => {
  const body = problem(code)
  return reply.code(body.status).send(body)
}

function registerMarks(app: FastifyInstance, keeping: Keeping, entering: Telling): void {
  const { host, store } = keeping
  const list = () => ({ marks: store.list(host.branchKeys()) })
  app.get('/local/v1/marks', list)
  app.post('/local/v1/marks', { schema: { body: MarksBody } }, (request, reply) => {
    const marks = newMarks(keeping, (request.body as ParsedBy<typeof MarksBody>).marks)
    if (typeof marks === 'string') return refused(reply, marks)
    if (!store.add(marks)) return refused(reply, 'MarksFull')
    entering.tryNow()
    return reply.code(201).send(list())
  })
  app.post('/local/v1/marks/:key/withdraw', { schema: { params: MarkParams } }, (request, reply) =>
    store.withdraw((request.params as { key: string }).key) ? reply.send(list()) : refused(reply, 'MarkOnItsWay'),
  )
  app.post('/local/v1/marks/seen', (_request, reply) => {
    for (const { key, state, code } of list().marks) if (state === 'refused') store.set(key, 'seen', code)
    return reply.send(list())
  })
}

export interface CallerHostOptions extends Omit<HostOptions, 'extend'> {
  /** Where a push-button or a keypad is; null or left out: there is none. */
  readonly buttons?: ButtonPlace | null
}

/** The caller's host, and what its window tells it: `press` takes a key of the whole machine as the page takes its own. */
export interface CallerHost extends RunningHost, Pick<CallerPresses, 'setGlobalKeys' | 'onRaise'> {}

/** Starts the caller's host: it keeps what staff note without the branch server, and enters it when that is back. */
export async function startCallerHost(options: CallerHostOptions): Promise<CallerHost> {
  const { logger: log, clocks, config, buttons = null } = options
  const presses = createPresses({ buttons, monotonicMs: clocks.monotonicMs, log })
  const running = await startHost({
    ...options,
    extend(app, host) {
      const store = openMarkStore(join(config.folder, 'marks.db'), clocks.wallMs, log)
      const entering = enterAlways(host, store, log)
      registerMediaUpload(app, host)
      registerMarks(app, { host, store, wallMs: clocks.wallMs }, entering)
      app.addHook('onClose', async () => {
        entering.close()
        store.close()
      })
      return () => ({ presses: presses.state() })
    },
  })
  presses.start(running.press)
  return {
    ...running,
    press: presses.press,
    setGlobalKeys: presses.setGlobalKeys,
    onRaise: presses.onRaise,
    async close() {
      await presses.close()
      await running.close()
    },
  }
}
