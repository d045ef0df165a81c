import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import { v7 as newKey } from 'uuid'
import type { AgentId } from '#shared/domain/ids.ts'
import type { DeviceHost } from '#shared/host/device-host.ts'
import { CODE_PAGE_CANDIDATES } from '#shared/slip/code-page-check.ts'
import { type Problem, type ProblemCode, problem } from '#shared/wire/problem.ts'
import { language, ManagerBody } from '#shared/wire/requests.ts'
import { type ParsedBy, strict } from '#shared/wire/schema.ts'
import { PRINTER_PLACES, type PrinterSource, type StaffOverview } from '#shared/wire/staff.ts'
import type { KioskStore } from '../kiosk-store.ts'
import { JUDGEMENTS } from '../print-job.ts'
import type { PrintQueue } from '../print-queue.ts'
import { openKept, writeKeptPrinters } from './kept-printers.ts'
import { chosenProfile, type PrinterSetUp } from './set-up.ts'
import type { StaffDoor, StaffSession } from './staff-door.ts'

const JOBS_SHOWN_MAX = 20
const ADDRESS_MAX = 300
const COOKIE = 'staff'

const literals = <const Values extends readonly (string | number)[]>(values: Values) =>
  Type.Unsafe<Values[number]>({ enum: [...values] })

const PRINTER_PLACE = { address: Type.String({ minLength: 1, maxLength: ADDRESS_MAX }), paperMm: literals([58, 80]) }
const TriedBody = Type.Object({ ...PRINTER_PLACE, language }, strict)
const ChosenBody = Type.Object(
  {
    ...PRINTER_PLACE,
    /** Places among the candidates, in the order in which they are to be used; none: every line is drawn. */
    codePages: Type.Array(Type.Integer({ minimum: 0, maximum: CODE_PAGE_CANDIDATES.length - 1 }), {
      maxItems: CODE_PAGE_CANDIDATES.length,
      uniqueItems: true,
    }),
    qr: literals(['native', 'raster']),
    receipt: literals(['process-id', 'none']),
    automaticStatus: literals(['offered', 'none']),
    stands: literals(PRINTER_PLACES),
  },
  strict,
)
const JudgeBody = Type.Object({ judgement: literals(JUDGEMENTS) }, strict)
const JobParams = Type.Object({ id: Type.String({ format: 'uuid' }) }, strict)

export interface StaffParts {
  readonly door: StaffDoor
  readonly setUp: PrinterSetUp
  readonly host: Pick<DeviceHost, 'pairing'>
  readonly store: KioskStore
  readonly queue: PrintQueue
  readonly wallMs: () => number
  /** Where what was set up is kept. */
  readonly folder: string
  /** Where the printers come from; a set-up changes it. */
  readonly origin: { source: PrinterSource }
}

const send = (reply: FastifyReply, body: Problem): FastifyReply => reply.code(body.status).send(body)
const refuse = (reply: FastifyReply, code: ProblemCode): FastifyReply => send(reply, problem(code))

/** Out of the page's own reach, and sent to nobody but this host. */
const cookieOf = (token: string): string => `${COOKIE}=${token}; Path=/local/v1/staff; HttpOnly; SameSite=Strict`

function tokenIn({ headers }: FastifyRequest): string {
  const pairs = (headers.cookie ?? '').split(';').map((it) => it.trim().split('='))
  return pairs.find(([name]) => name === COOKIE)?.[1] ?? ''
}

const keyOf = ({ headers }: FastifyRequest): string => {
  const key = headers['idempotency-key']
  return typeof key === 'string' ? key : newKey()
}

/** Answers a request of whoever is at the menu, or turns her away. */
type Staffed = (session: StaffSession, request: FastifyRequest, reply: FastifyReply) => unknown

/** What staff do at the kiosk itself, by their PIN: papers, printers. Nothing here answers a customer. */
export function registerStaff(app: FastifyInstance, parts: StaffParts): void {
  const { door, store, queue, wallMs } = parts
  const staffed = (serve: Staffed) => (request: FastifyRequest, reply: FastifyReply) => {
    const token = tokenIn(request)
    const session = request.method === 'GET' ? door.find(token) : door.act(token)
    return session === null ? refuse(reply, 'Unauthorized') : serve(session, request, reply)
  }
  const managed = (serve: Staffed) =>
    staffed((session, request, reply) =>
      session.role === 'manager' ? serve(session, request, reply) : refuse(reply, 'NotAManager'),
    )

  // The page's way to the branch leads past this kiosk's limit of tries, so it does not lead here.
  app.all('/api/v1/staff/*', (_request, reply) => refuse(reply, 'Forbidden'))
  app.post('/local/v1/staff/session', { schema: { body: ManagerBody } }, async (request, reply) => {
    const { agentId, pin } = request.body as ParsedBy<typeof ManagerBody>
    const answer = await door.signIn(agentId as AgentId, pin)
    if (!('token' in answer)) return send(reply, answer)
    const { token, ...who } = answer
    return reply.code(201).header('set-cookie', cookieOf(token)).send(who)
  })
  app.delete(
    '/local/v1/staff/session',
    staffed((_session, _request, reply) => {
      door.leave()
      return reply.header('set-cookie', `${cookieOf('')}; Max-Age=0`).send({})
    }),
  )
  // Somebody reads or chooses on the page, and asks for nothing.
  app.post(
    '/local/v1/staff/session/touch',
    staffed((_session, _request, reply) => reply.send({})),
  )
  app.get(
    '/local/v1/staff/overview',
    staffed(async (session): Promise<StaffOverview> => {
      const { agentId, role } = session
      return { agentId, role, ...(await overview(parts)) }
    }),
  )
  app.post(
    '/local/v1/staff/print-jobs/:id/reprint',
    { schema: { params: JobParams } },
    staffed((_session, request, reply) => {
      const job = queue.reprint((request.params as { id: string }).id, Math.floor(wallMs()))
      return job === null ? refuse(reply, 'PrintJobUnknown') : reply.code(201).send(job)
    }),
  )
  app.post(
    '/local/v1/staff/print-jobs/:id/judge',
    { schema: { params: JobParams, body: JudgeBody } },
    staffed((session, request, reply) => {
      const { id } = request.params as { id: string }
      const { judgement } = request.body as ParsedBy<typeof JudgeBody>
      if (store.job(id) === null) return refuse(reply, 'PrintJobUnknown')
      // Said twice the same, as when the answer was lost on the way.
      const isSaid = store.judgeJob(id, judgement, session.agentId) || store.job(id)?.judgement === judgement
      return isSaid ? reply.send({ id, judgement }) : refuse(reply, 'PrintJobNotInDoubt')
    }),
  )
  registerSetUp(app, parts, managed)
}

async function overview({
  queue,
  store,
  origin: { source },
}: StaffParts): Promise<Omit<StaffOverview, 'agentId' | 'role'>> {
  const { printers } = await queue.status()
  return {
    source,
    printers: queue.printers().map(({ address, profile, printer }, place) => ({
      address,
      paperMm: profile.paperMm,
      isSimulated: printer.isSimulated,
      status: printers[place] ?? NOT_ASKED,
    })),
    jobs: store
      .jobs()
      .slice(0, JOBS_SHOWN_MAX)
      .map(({ id, number, state, copy, judgement }) => ({ id, number, state, copy, judgement })),
  }
}
const NOT_ASKED = {
  capability: 'blind',
  online: null,
  paper: 'unknown',
  cover: 'unknown',
  hint: 'status-unknown',
} as const

/** For managers alone: which printer this kiosk prints on. */
function registerSetUp(
  app: FastifyInstance,
  parts: StaffParts,
  managed: (serve: Staffed) => (request: FastifyRequest, reply: FastifyReply) => unknown,
): void {
  const { setUp, queue, folder, origin } = parts
  app.get(
    '/local/v1/staff/set-up',
    managed(() => setUp.task()),
  )
  app.post(
    '/local/v1/staff/set-up/search',
    managed((_session, request, reply) =>
      setUp.search(keyOf(request)) ? reply.code(202).send(setUp.task()) : refuse(reply, 'TooBusy'),
    ),
  )
  for (const act of ['testPage', 'codePages'] as const)
    app.post(
      { testPage: '/local/v1/staff/set-up/test-page', codePages: '/local/v1/staff/set-up/code-pages' }[act],
      { schema: { body: TriedBody } },
      managed(async (_session, request, reply) => {
        const said = request.body as ParsedBy<typeof TriedBody>
        const place = await setUp.place(said.address)
        if (!place.ok) return refuse(reply, place.refusal)
        return setUp[act](keyOf(request), said, place.value)
          ? reply.code(202).send(setUp.task())
          : refuse(reply, 'TooBusy')
      }),
    )
  app.post(
    '/local/v1/staff/set-up/printer',
    { schema: { body: ChosenBody } },
    managed(async (_session, request, reply) => {
      if (origin.source === 'environment') return refuse(reply, 'PrinterSetElsewhere')
      const { codePages, stands, ...chosen } = request.body as ParsedBy<typeof ChosenBody>
      const place = await setUp.place(chosen.address)
      if (!place.ok) return refuse(reply, place.refusal)
      const pages = codePages.flatMap((place) => CODE_PAGE_CANDIDATES[place] ?? [])
      const [opened] =
        openKept([{ address: chosen.address, profile: chosenProfile({ ...chosen, codePages: pages }) }]) ?? []
      if (opened === undefined) return refuse(reply, 'RequestInvalid')
      const [first] = stands === 'second' && origin.source === 'set-up' ? queue.printers() : []
      // A second one beside none, or twice the same.
      if ((stands === 'second' && first === undefined) || first?.address === opened.address)
        return refuse(reply, 'RequestInvalid')
      const printers = first === undefined ? [opened] : [first, opened]
      const kept = printers.map(({ address, profile }) => ({ address, profile }))
      try {
        writeKeptPrinters(folder, kept)
      } catch (error) {
        request.log.error({ err: error }, 'the printer that was set up could not be written down')
        return refuse(reply, 'StorageUnavailable')
      }
      origin.source = 'set-up'
      await queue.use(printers)
      return reply.code(201).send({ address: chosen.address })
    }),
  )
}
