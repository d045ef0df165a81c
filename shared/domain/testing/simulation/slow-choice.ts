import type { WorkRule } from '../../catalogue.ts'
import { agentIn, counterIn, type SlowBranch, type SlowCounter, type SlowTicket, serviceIn } from './slow-branch.ts'
import { between, cameAt, isOrdinary, slowLine, targetOf, waitersIn } from './slow-line.ts'

export interface SlowReason {
  readonly rule: string
  readonly runnerUp: string | null
}

interface Choice {
  readonly ticket: SlowTicket
  readonly by: 'reserved' | 'profile' | 'queue'
}

/** Its own queues in order, then the retired ones that it helps to empty. */
function ownQueues(branch: SlowBranch, counterId: string): string[] {
  const drained = branch.gone.queues
    .filter(({ drainedBy }) => drainedBy.includes(counterId))
    .map(({ queue }) => queue.id as string)
  return [...(counterIn(branch, counterId)?.queueIds ?? []).filter((id) => !drained.includes(id)), ...drained]
}

function rulesOf(branch: SlowBranch, counterId: string): readonly WorkRule[] {
  const profileId = counterIn(branch, counterId)?.profileId ?? null
  return branch.catalogue?.workProfiles.find(({ id }) => id === profileId)?.rules ?? []
}

/** Every queue a counter may call from. */
export const queuesOf = (branch: SlowBranch, counterId: string): string[] => [
  ...ownQueues(branch, counterId),
  ...rulesOf(branch, counterId).flatMap(({ queueIds }) => queueIds),
]

const isKeptFor = ({ keptFor }: SlowTicket, { id, agent }: SlowCounter): boolean =>
  keptFor !== null && (keptFor.kind === 'counter' ? keptFor.id === id : keptFor.id === agent)

/** Whether a counter may serve a ticket when its agent asks for it by name. */
export const mayPick = (ticket: SlowTicket, counter: SlowCounter): boolean =>
  ticket.isTraining === counter.isTraining && (ticket.keptFor === null || isKeptFor(ticket, counter))

/** Whether call-next offers a ticket, kept for nobody, to a counter. */
function isOffered(branch: SlowBranch, ticket: SlowTicket, counter: SlowCounter): boolean {
  const needs = serviceIn(branch, ticket.service)?.skill ?? null
  const knows = agentIn(branch, counter.agent)?.skills ?? null
  const isAble = needs === null || knows === null || knows.includes(needs)
  return ticket.keptFor === null && ticket.isTraining === counter.isTraining && isAble
}

function holds(branch: SlowBranch, { when }: WorkRule): boolean {
  if (when === null) return true
  const there = waitersIn(branch, when.queueId)
  const waits = there.filter(isOrdinary).map((ticket) => branch.steady - cameAt(ticket))
  const { waitingOver, waitOverMinutes } = when
  const isCrowded = waitingOver === null || there.filter(({ isTraining }) => !isTraining).length > waitingOver
  return isCrowded && (waitOverMinutes === null || waits.some((wait) => wait > waitOverMinutes * 60_000))
}

/** Whom a counter would call, could it not call `except`. `paused`: the queues that do not call. */
function choose(
  branch: SlowBranch,
  counter: SlowCounter,
  paused: readonly string[],
  except: SlowTicket | null,
  hasProfile = true,
): Choice | null {
  const inLine = (queueId: string): SlowTicket[] =>
    paused.includes(queueId) ? [] : slowLine(branch, queueId).filter((ticket) => ticket !== except)
  const headOf = (queueId: string): SlowTicket | undefined =>
    inLine(queueId).find((ticket) => isOffered(branch, ticket, counter))

  const queues = [...new Set(branch.tickets.map(({ queue }) => queue))]
  const [kept] = queues
    .flatMap((id) => inLine(id).find((it) => isKeptFor(it, counter) && it.isTraining === counter.isTraining) ?? [])
    .sort((a, b) => Number(b.isFirst) - Number(a.isFirst) || cameAt(a) - cameAt(b) || a.order - b.order)
  if (kept !== undefined) return { ticket: kept, by: 'reserved' }

  const speaking = hasProfile ? rulesOf(branch, counter.id).filter((rule) => holds(branch, rule)) : []
  const [wanted] = speaking.flatMap(({ queueIds }) => queueIds).flatMap((id) => headOf(id) ?? [])
  if (wanted !== undefined) return { ticket: wanted, by: 'profile' }

  const heads = ownQueues(branch, counter.id).flatMap((id) => headOf(id) ?? [])
  const share = (ticket: SlowTicket): number => (branch.steady - cameAt(ticket)) / targetOf(branch, ticket)
  if (counterIn(branch, counter.id)?.choosing === 'relative-wait') heads.sort((a, b) => share(b) - share(a))
  return heads[0] === undefined ? null : { ticket: heads[0], by: 'queue' }
}

function ruleOf(branch: SlowBranch, counter: SlowCounter, { ticket, by }: Choice, next: Choice | null): string {
  if (next === null) return 'only'
  if (by === 'reserved' && next.by !== 'reserved') return 'reserved'
  if (ticket.queue === next.ticket.queue) return between(branch, ticket, next.ticket).rule
  if (by === 'reserved') return ticket.isFirst === next.ticket.isFirst ? 'arrival' : 'put-first'
  if (by === 'profile') return 'profile'
  return counterIn(branch, counter.id)?.choosing === 'relative-wait' ? 'longest-wait' : 'queue-order'
}

/** Whom call-next takes and why; or why it takes nobody. */
export function slowNext(
  branch: SlowBranch,
  counter: SlowCounter,
): { readonly ticket: SlowTicket; readonly why: SlowReason } | 'QueueEmpty' | 'QueueIsPaused' {
  const chosen = choose(branch, counter, branch.paused, null)
  if (chosen === null) return choose(branch, counter, [], null) === null ? 'QueueEmpty' : 'QueueIsPaused'
  // Nobody is kept for this counter, else the profile had not been asked.
  const plain = chosen.by === 'profile' ? choose(branch, counter, branch.paused, null, false) : null
  if (plain !== null && plain.ticket !== chosen.ticket)
    return { ticket: chosen.ticket, why: { rule: 'profile', runnerUp: plain.ticket.id } }
  const next = choose(branch, counter, branch.paused, chosen.ticket)
  const rule = ruleOf(branch, counter, chosen, next)
  return { ticket: chosen.ticket, why: { rule, runnerUp: next?.ticket.id ?? null } }
}
