import type { Catalogue } from '../../catalogue.ts'
import type { Command, Origin } from '../../commands.ts'
import { slowAgents } from './slow-agents.ts'
import { counterIn, isAlive, isEmergency, queueIn, type SlowBranch } from './slow-branch.ts'
import { queuesOf } from './slow-choice.ts'
import { closeCounters, endBreak } from './slow-leaving.ts'
import { type Answer, faultOfCounter, hasBoss, isBoss, sendAway } from './slow-parts.ts'

type Of<Type extends Command['type']> = Extract<Command, { type: Type }>

function open(branch: SlowBranch, command: Of<'OpenCounter'>, origin: Origin): Answer {
  const { counterId, agentId, isTraining = false } = command
  if (branch.catalogue === null) return 'CatalogueMissing'
  if (!branch.catalogue.counters.some(({ id }) => id === counterId)) return 'CounterUnknown'
  if (!branch.catalogue.agents.some(({ id }) => id === agentId)) return 'AgentUnknown'
  if (isSuspended(branch, agentId)) return 'AgentIsSuspended'
  const present = branch.open.find(({ id }) => id === counterId)
  if (present !== undefined && present.agent !== agentId) return 'CounterTaken'
  if (present !== undefined && present.ticket !== null && present.isTraining !== isTraining) return 'CounterBusy'
  const left = branch.open.filter(
    ({ id, agent, device }) => id !== counterId && (agent === agentId || device === origin.deviceId),
  )
  if (left.some(({ ticket }) => ticket !== null)) return 'CounterBusy'
  closeCounters(branch, left)
  const device = origin.deviceId
  sendHome(branch, device, agentId)
  if (present === undefined)
    branch.open.push({ id: counterId, agent: agentId, device, ticket: null, isTraining, breakSince: null })
  else Object.assign(present, { device, isTraining })
  const desk = { device, counter: counterId, agent: agentId, isTraining }
  branch.desks = [...branch.desks.filter((it) => it.device !== device), desk]
  return null
}

const isSuspended = (branch: SlowBranch, agentId: string): boolean =>
  branch.suspended.some(({ agent }) => agent === agentId)

const OWN_BREAK_REASONS = ['lunch', 'short-break', 'prayer', 'office-work', 'meeting']

function sendHome(branch: SlowBranch, device: string, agent: string | null): void {
  branch.bosses = branch.bosses.filter((boss) => boss.device !== device && boss.agent !== agent)
}

function signIn(branch: SlowBranch, { agentId }: Of<'SignInManager'>, { deviceId }: Origin): Answer {
  if (branch.catalogue === null) return 'CatalogueMissing'
  const agent = branch.catalogue.agents.find(({ id }) => id === agentId)
  if (agent === undefined) return 'AgentUnknown'
  if (isSuspended(branch, agentId)) return 'AgentIsSuspended'
  if (agent.role === 'agent') return 'NotAManager'
  if (branch.open.some((it) => it.device === deviceId && it.agent === agentId)) return 'CounterIsOpen'
  sendHome(branch, deviceId, agentId)
  branch.bosses.push({ device: deviceId, agent: agentId })
  return null
}

function signOut(branch: SlowBranch, origin: Origin): Answer {
  if (!hasBoss(branch, origin)) return 'NotAManager'
  sendHome(branch, origin.deviceId, null)
  return null
}

function startBreak(branch: SlowBranch, { counterId, reason }: Of<'StartBreak'>, origin: Origin): Answer {
  const fault = faultOfCounter(branch, counterId, origin)
  if (fault !== null) return fault
  const own = branch.catalogue?.breakReasons?.map(({ id }) => id as string) ?? OWN_BREAK_REASONS
  const known = [...own, ...(branch.catalogue?.reasons ?? []).map(({ id }) => id as string)]
  if (reason !== null && !known.includes(reason)) return 'ReasonUnknown'
  for (const counter of branch.open) if (counter.id === counterId) counter.breakSince = branch.steady
  return null
}

function stopBreak(branch: SlowBranch, { counterId }: Of<'EndBreak'>, origin: Origin): Answer {
  const fault = faultOfCounter(branch, counterId, origin)
  if (fault !== null && fault !== 'CounterOnBreak' && fault !== 'CounterBusy') return fault
  const counter = branch.open.find(({ id }) => id === counterId)
  if (counter === undefined || counter.breakSince === null) return 'CounterNotOnBreak'
  endBreak(branch, counter)
  return null
}

function close(branch: SlowBranch, { counterId }: Of<'CloseCounter'>, origin: Origin): Answer {
  if (counterIn(branch, counterId) === undefined) return 'CounterUnknown'
  const counter = branch.open.find(({ id }) => id === counterId)
  if (counter === undefined) return 'CounterIsClosed'
  const isOwn = counter.device === origin.deviceId && !hasBoss(branch, origin)
  if (!isOwn && !isBoss(branch, origin)) return 'NotYourCounter'
  if (isOwn && counter.ticket !== null) return 'CounterBusy'
  sendAway(branch, counter.ticket)
  closeCounters(branch, [counter])
  return null
}

function removeDevice(branch: SlowBranch, { deviceId }: Of<'RemoveDevice'>): Answer {
  const counters = branch.open.filter(({ device }) => device === deviceId)
  if (branch.bosses.some(({ device }) => device === deviceId)) branch.news += 1
  sendHome(branch, deviceId, null)
  for (const { ticket } of counters) sendAway(branch, ticket)
  closeCounters(branch, counters)
  return null
}

function changeQueue(branch: SlowBranch, type: string, queueId: string, origin: Origin): Answer {
  if (origin.kind !== 'installer' && !isBoss(branch, origin)) return 'NotAManager'
  if (queueIn(branch, queueId) === undefined) return 'QueueUnknown'
  const list = type === 'PauseQueue' || type === 'ResumeQueue' ? 'paused' : 'closed'
  const isOn = branch[list].includes(queueId)
  const wants = type === 'PauseQueue' || type === 'CloseQueue'
  if (isOn === wants)
    return (
      { PauseQueue: 'QueueIsPaused', ResumeQueue: 'QueueIsActive', CloseQueue: 'QueueIsClosed' }[type] ?? 'QueueIsOpen'
    )
  branch[list] = wants ? [...branch[list], queueId] : branch[list].filter((id) => id !== queueId)
  return null
}

function changeIntake(branch: SlowBranch, stops: boolean): Answer {
  if (branch.isStopped === stops) return stops ? 'IntakeIsStopped' : 'IntakeIsOpen'
  branch.isStopped = stops
  return null
}

function tellPower(branch: SlowBranch, { isLow, kioskId }: Of<'TellPower'>): Answer {
  if (isLow && branch.isLow) return 'PowerIsLow'
  if (!isLow && !branch.isLow) return 'PowerIsBack'
  branch.isLow = isLow
  if (isLow && kioskId !== null) branch.sheet = `${kioskId} ${branch.steady}`
  return null
}

function show(branch: SlowBranch, { messageId, minutes }: Of<'ShowMessage'>): Answer {
  const asked = branch.catalogue?.messages.find(({ id }) => id === messageId)
  if (asked === undefined) return 'MessageUnknown'
  const { text, kind } = asked
  if (isEmergency(branch) && kind !== 'emergency') return 'EmergencyIsShown'
  if (minutes === null && JSON.stringify(text).includes('{minutes}')) return 'MinutesMissing'
  const [before, kept] = [branch.message, branch.covered]
  const wasEmergency = isEmergency(branch)
  branch.message = { id: messageId, minutes }
  branch.covered = isEmergency(branch) ? (wasEmergency ? kept : before) : null
  return null
}

function clear(branch: SlowBranch): Answer {
  if (branch.message === null) return 'NoMessage'
  branch.message = branch.covered
  branch.covered = null
  return null
}

function takeUp(branch: SlowBranch, body: Catalogue): void {
  const old = branch.catalogue
  const alive = branch.tickets.filter(isAlive)
  const atCounters = alive.filter(({ status }) => status !== 'waiting')
  const isIn = (list: readonly { readonly id: string }[], id: string): boolean => list.some((entry) => entry.id === id)
  const { gone } = branch
  const services = [...gone.services, ...(old?.services ?? [])]
  const counters = [...gone.counters, ...(old?.counters ?? [])]
  const agents = [...gone.agents, ...(old?.agents ?? [])]
  const left = (old?.queues ?? []).map((queue) => ({
    queue,
    drainedBy: (old?.counters ?? [])
      .map(({ id }) => id as string)
      .filter((id) => queuesOf(branch, id).includes(queue.id)),
  }))
  branch.gone = {
    services: services.filter(({ id }) => !isIn(body.services, id) && alive.some(({ service }) => service === id)),
    queues: [...gone.queues, ...left]
      .filter(({ queue }) => !isIn(body.queues, queue.id) && alive.some((ticket) => ticket.queue === queue.id))
      .sort((a, b) => (a.queue.id < b.queue.id ? -1 : 1)),
    counters: counters.filter(
      ({ id }) =>
        !isIn(body.counters, id) && (isIn(branch.open, id) || atCounters.some(({ counter }) => counter === id)),
    ),
    agents: agents.filter(
      ({ id }) =>
        !isIn(body.agents, id) &&
        (branch.open.some(({ agent }) => agent === id) || atCounters.some(({ agent }) => agent === id)),
    ),
  }
  branch.catalogue = body
  const kept = branch.prefixes.filter(([id]) => isIn(body.services, id) || isIn(branch.gone.services, id))
  const fresh = body.services.filter(({ id }) => !kept.some(([known]) => known === id))
  branch.prefixes = [...kept, ...fresh.map(({ id, prefix }): [string, string] => [id, prefix])]
  branch.paused = branch.paused.filter((id) => queueIn(branch, id) !== undefined)
  branch.closed = branch.closed.filter((id) => queueIn(branch, id) !== undefined)
  branch.passes = branch.passes.filter(({ queue }) => queueIn(branch, queue) !== undefined)
  const isKnown = (shown: SlowBranch['message']): boolean => body.messages.some(({ id }) => id === shown?.id)
  if (!isKnown(branch.covered)) branch.covered = null
  if (!isKnown(branch.message)) [branch.message, branch.covered] = [branch.covered, null]
  branch.bosses = branch.bosses.filter(({ agent }) =>
    body.agents.some((it) => it.id === agent && it.role === 'manager'),
  )
}

/** The commands about counters, queues, the whole branch and its catalogue. */
export function slowSetUp(
  branch: SlowBranch,
  command: Command,
  origin: Origin,
  shelf: (version: number) => Catalogue,
): Answer {
  const isForbidden = origin.kind !== 'installer' && !isBoss(branch, origin)
  switch (command.type) {
    case 'SignInManager':
      return signIn(branch, command, origin)
    case 'SignOutManager':
      return signOut(branch, origin)
    case 'StartBreak':
      return startBreak(branch, command, origin)
    case 'EndBreak':
      return stopBreak(branch, command, origin)
    case 'StopIntake':
    case 'ResumeIntake':
      return isForbidden ? 'NotAManager' : changeIntake(branch, command.type === 'StopIntake')
    case 'TellPower':
      return isForbidden ? 'NotAManager' : tellPower(branch, command)
    case 'PrintWaitingList':
      if (isForbidden) return 'NotAManager'
      branch.sheet = `${command.kioskId} ${branch.steady}`
      return null
    case 'ShowMessage':
      return isForbidden ? 'NotAManager' : show(branch, command)
    case 'ClearMessage':
      return isForbidden ? 'NotAManager' : clear(branch)
    case 'OpenCounter':
      return open(branch, command, origin)
    case 'CloseCounter':
      return close(branch, command, origin)
    case 'RemoveDevice':
      return removeDevice(branch, command)
    case 'SuspendAgent':
    case 'RestoreAgent':
    case 'AddAgent':
    case 'ResetPin':
    case 'ConfirmRights':
      return slowAgents(branch, command, origin, (version) => takeUp(branch, shelf(version)))
    case 'PauseQueue':
    case 'ResumeQueue':
    case 'CloseQueue':
    case 'OpenQueue':
      return changeQueue(branch, command.type, command.queueId, origin)
    case 'ApplyCatalogue':
      takeUp(branch, shelf(command.version))
      return null
    default:
      throw new Error(`The slow branch does not know ${command.type}`)
  }
}
