import { v7 as newTicketId } from 'uuid'
import type { Service } from '#shared/domain/catalogue.ts'
import { isStaffOnly, kioskFault, planOf, priorityValue } from '#shared/domain/decide-issue.ts'
import type {
  EpochMs,
  Language,
  PriorityClassId,
  Series,
  ServiceId,
  TicketId,
  TicketNumber,
} from '#shared/domain/ids.ts'
import { formatBlockNumber, TRAINING_SERIES } from '#shared/domain/numbering.ts'
import { presentDate } from '#shared/domain/present-date.ts'
import { ok, type Result, refuse } from '#shared/domain/result.ts'
import { type BranchState, findQueue, findService, queueMode } from '#shared/domain/state.ts'
import { type BranchAnswer, parsed } from '#shared/host/branch-client.ts'
import type { DeviceHost } from '#shared/host/device-host.ts'
import type { DiskWatch } from '#shared/host/disk-watch.ts'
import type { HostLog } from '#shared/host/host-log.ts'
import { UnreachableError } from '#shared/host/unreachable.ts'
import { waitingCountAt } from '#shared/project/kiosk-menu.ts'
import type { TicketJson } from '#shared/project/ticket-json.ts'
import type { DetailsBody } from '#shared/wire/customer-details.ts'
import { type Problem, type ProblemCode, problem } from '#shared/wire/problem.ts'
import type { PrintedAloneBody } from '#shared/wire/requests.ts'
import { nextInBlock, noteOrdinal } from './block.ts'
import type { KioskStore, OfflineTicket } from './kiosk-store.ts'
import type { PrintJob } from './print-job.ts'
import type { PrintQueue } from './print-queue.ts'
import { slipContent } from './slip-content.ts'
import type { Withdrawals } from './withdrawals.ts'

/** A customer does not wait longer for the server than this; then the kiosk gives a number of its own. */
const TAP_MS_MAX = 2_000

export interface Tap {
  readonly key: string
  readonly serviceId: ServiceId
  /** The services that follow; null: as the branch has planned it. */
  readonly plan: readonly ServiceId[] | null
  readonly priority: PriorityClassId | null
  readonly language: Language | null
  /** The installer tries this kiosk out: a number that counts nowhere, and no paper; left out: a customer's. */
  readonly isTrial?: boolean
  /** What the customer said of herself; left out: nothing, or nobody asked. */
  readonly details?: DetailsBody
}

export interface Taken {
  readonly ticket: TicketJson
  /** Printed without the server. */
  readonly offline: boolean
  readonly printJob: Pick<PrintJob, 'id' | 'state'> | null
}

export type TapAnswer =
  | { readonly status: 201; readonly body: Taken }
  | { readonly status: number; readonly body: Problem }

export interface KioskParts {
  readonly host: DeviceHost
  readonly store: KioskStore
  readonly queue: PrintQueue
  readonly withdrawals: Withdrawals
  readonly disk: Pick<DiskWatch, 'failed'>
  readonly wallMs: () => number
  readonly log: HostLog
}

export function problemAnswer(code: ProblemCode): TapAnswer {
  const body = problem(code)
  return { status: body.status, body }
}

/** Answers that say nothing of the tap: who we are is unknown there, too much is asked, our log is ahead of theirs. */
export const isBesideThePoint = ({ status, body }: BranchAnswer): boolean =>
  status >= 500 || [401, 408, 429].includes(status) || body.includes('"BookmarkAhead"')

/**
 * Only a clear answer counts; a silence, a broken line or a server in trouble is null.
 * @param isClear - whether an answer says something of what was asked
 */
export async function askBranch(
  { host }: Pick<KioskParts, 'host'>,
  path: string,
  asked: object,
  key: string,
  isClear: (answer: BranchAnswer) => boolean = (answer) => !isBesideThePoint(answer),
): Promise<{ status: number; body: unknown } | null> {
  if (host.status().link === 'down') return null
  try {
    const body = JSON.stringify(asked)
    const answer = await host.ask({ method: 'POST', path, body, key, timeoutMs: TAP_MS_MAX })
    // Whoever does not answer in JSON is not the branch.
    return isClear(answer) ? { ...answer, body: parsed(answer.body) } : null
  } catch (error) {
    if (error instanceof UnreachableError) return null
    throw error
  }
}

function askServer(parts: KioskParts, tap: Tap): ReturnType<typeof askBranch> {
  const { key, serviceId, plan, priority, language, details, isTrial = false } = tap
  const more = { ...(plan !== null && { plan }), ...(details && { details }), ...(isTrial && { trial: true }) }
  return askBranch(parts, '/api/v1/tickets', { serviceId, ...more, priority, language }, key)
}

/** What the branch would say of the line, as this kiosk last knew it. */
function lineFault(state: BranchState, { queueId }: Service, atMs: EpochMs): ProblemCode | null {
  if (queueMode(state, queueId).isClosed) return 'QueueIsClosed'
  const maxCapacity = findQueue(state, queueId)?.maxCapacity ?? null
  return maxCapacity !== null && waitingCountAt(state, queueId, atMs) >= maxCapacity ? 'QueueFull' : null
}

/** What the branch would say to the plan and the priority of a tap. */
function chosenFault(state: BranchState, service: Service, { plan, priority }: Tap): ProblemCode | null {
  const allowed = [planOf(state, service, plan ?? undefined), priorityValue(state, priority, { kind: 'kiosk' })]
  return allowed.flatMap((it) => (it.ok ? [] : [it.refusal.code]))[0] ?? null
}

/** A number from this kiosk's own block, or why there is none. */
function mint(
  { host, store }: KioskParts,
  tap: Tap,
  contact: ReturnType<DeviceHost['sinceContact']>,
): Result<OfflineTicket, ProblemCode> {
  const state = host.store.seen()?.state
  const { branchKey = '', slot = null } = host.pairing() ?? {}
  const now = host.now()
  const service = state === undefined ? undefined : findService(state, tap.serviceId)
  if (state === undefined || slot === null || now === null || contact === null) return refuse('BranchUnreachable')
  // Another kiosk prints from this block.
  if (host.isTwin()) return refuse('DeviceTwin')
  const date = presentDate(state, now.atMs)
  if (date === null) return refuse('CatalogueMissing')
  if (service === undefined) return refuse('ServiceUnknown')
  const isSameDay = date === state.day?.date
  // As last known: an intake that was stopped is stopped for its day alone.
  const known = isSameDay ? state : { ...state, isIntakeStopped: false }
  const { isTrial = false } = tap
  if (!isTrial && isStaffOnly(service, false)) return refuse('ServiceStaffOnly')
  const closedFault = isTrial ? null : (kioskFault(known, service, now.atMs) ?? lineFault(state, service, now.atMs))
  const fault = closedFault ?? chosenFault(state, service, tap)
  if (fault !== null) return refuse(fault)
  const ownSeries: Series = isSameDay ? state.prefixByService.get(service.id, service.prefix) : service.prefix
  const series = isTrial ? TRAINING_SERIES : ownSeries
  const ordinal = nextInBlock({ kept: store, noted: host.store, state, slot }, series, date)
  if (ordinal === null) return refuse('NumbersExhausted')
  // After a cold boot this kiosk's steady time begins anew; its own papers stay in order all the same.
  const arrivalSteadyMs = Math.max(
    contact.lastContactSteadyMs + contact.sinceContactMs,
    store.lastArrivalSteadyMs(branchKey) + 1,
  )
  const paper: PrintedAloneBody = {
    ticketId: newTicketId(),
    number: formatBlockNumber(series, slot, ordinal),
    serviceId: service.id,
    language: tap.language ?? state.catalogue?.body.branch.defaultLanguage ?? 'fr',
    priority: tap.priority,
    ...(tap.plan !== null && { plan: [...tap.plan] }),
    businessDate: date,
    lastContactSteadyMs: contact.lastContactSteadyMs,
    sinceContactMs: arrivalSteadyMs - contact.lastContactSteadyMs,
    tapKey: tap.key,
    ...(tap.details && { details: tap.details }),
  }
  return ok({ paper, branchKey, series, ordinal, arrivalSteadyMs })
}

/** The ticket as the branch would show it, as far as this kiosk can know. */
function offlineJson({ paper }: OfflineTicket, state: BranchState, atMs: number): TicketJson {
  const service = findService(state, paper.serviceId as ServiceId)
  return {
    ticketId: paper.ticketId as TicketId,
    number: paper.number as TicketNumber,
    serviceId: paper.serviceId,
    queueId: service?.queueId ?? '',
    status: 'waiting',
    channel: 'kiosk',
    priority: paper.priority,
    language: paper.language,
    businessDate: paper.businessDate,
    issuedAtMs: atMs as TicketJson['issuedAtMs'],
    calledAtMs: null,
    startedAtMs: null,
    finishedAtMs: null,
    enteredLaterAtMs: null,
    counterId: null,
    agentId: null,
    recallCount: 0,
    transferCount: 0,
    position: null,
    estimate: null,
    plan: paper.plan ?? service?.plan ?? [],
  }
}

/**
 * Keeps what was promised, then prints it. When this kiosk's disk refuses, a number of the server's is shown without
 * paper; one of the own block is not given at all, for nothing would remember it.
 */
export function promise(
  parts: KioskParts,
  tap: Pick<Tap, 'key' | 'isTrial'>,
  ticket: TicketJson,
  minted: OfflineTicket | null,
): TapAnswer {
  const { host, store, queue, withdrawals, wallMs, log } = parts
  const state = host.store.seen()?.state
  const slip =
    state === undefined || tap.isTrial === true ? null : slipContent(ticket, state, minted !== null, host.pairing())
  const job = slip === null ? null : queue.draft(ticket.ticketId, slip)
  const taken: Taken = {
    ticket,
    offline: minted !== null,
    printJob: job === null ? null : { id: job.id, state: job.state },
  }
  try {
    store.keep(tap.key, JSON.stringify(taken), minted, job, Math.floor(wallMs()))
  } catch (error) {
    log.error({ err: error }, 'the disk of the kiosk does not take the ticket')
    parts.disk.failed(error)
    if (minted !== null) return problemAnswer('StorageUnavailable')
    // She has the number from the screen.
    withdrawals.settled(tap.key)
    return { status: 201, body: { ...taken, printJob: null } }
  }
  if (minted !== null) noteOrdinal(host.store, minted, log)
  if (job !== null) queue.start(job)
  return { status: 201, body: taken }
}

/**
 * Asks for what brings a ticket: until there is an answer, the branch may have made one that nobody holds. Where there is
 * none, whoever asks gives the customer a number, or the tap up.
 */
export async function askInDoubt(
  { host, withdrawals }: Pick<KioskParts, 'host' | 'withdrawals'>,
  key: string,
  asking: () => ReturnType<typeof askBranch>,
): ReturnType<typeof askBranch> {
  if (host.status().link !== 'down') withdrawals.asking(key)
  const answer = await asking()
  if (answer !== null && answer.status !== 201) withdrawals.settled(key)
  return answer
}

/** Without the server. */
function giveAlone(parts: KioskParts, tap: Tap, contact: ReturnType<DeviceHost['sinceContact']>): TapAnswer {
  const { host } = parts
  const minted = mint(parts, tap, contact)
  if (!minted.ok) return problemAnswer(minted.refusal)
  const state = host.store.seen()?.state
  if (state === undefined) return problemAnswer('BranchUnreachable')
  return promise(parts, tap, offlineJson(minted.value, state, host.now()?.atMs ?? 0), minted.value)
}

/**
 * One tap, one number, on paper: from the server when it answers, else from this kiosk's own block.
 * The same tap again gives the same answer.
 */
export async function takeTicket(parts: KioskParts, tap: Tap): Promise<TapAnswer> {
  const { host, store, withdrawals } = parts
  const first = store.answerTo(tap.key)
  if (first !== null) return { status: 201, body: JSON.parse(first) as Taken }
  if (host.pairing() === null) return problemAnswer('NotPaired')
  if (withdrawals.isGivenUp(tap.key)) return problemAnswer('TapWithdrawn')

  // The customer came now, however long the server is waited for.
  const contact = host.sinceContact()
  const answer = await askInDoubt(parts, tap.key, () => askServer(parts, tap))
  if (answer !== null && answer.status === 201) return promise(parts, tap, answer.body as TicketJson, null)
  if (answer !== null) return { status: answer.status, body: answer.body as Problem }

  const given = giveAlone(parts, tap, contact)
  if (given.status !== 201) withdrawals.gaveNothing(tap.key)
  return given
}
