// The people of a branch under load: kiosks that issue, agents that call and serve, an installer who edits. Which act
// comes next is drawn from a seed; the same seed on the same folder asks the same.
import { createHash } from 'node:crypto'
import type { Command, Origin } from '#shared/domain/commands.ts'
import type { AgentId, CounterId, DeviceId, ServiceId, TicketId } from '#shared/domain/ids.ts'
import type { BranchState, OpenCounter } from '#shared/domain/state.ts'
import { bank, callerAt, withSettings } from '#shared/domain/testing/bank.ts'
import { ticketAnswer } from '../../branch-server/routes/ask.ts'
import { hashOf } from '../../branch-server/store/event-log.ts'
import type { Ask } from '../../branch-server/waist/settle.ts'

/** Something asked, as data, so that it can be asked again after the cut with the same key. */
export type Act = { readonly key: string; readonly origin: Origin } & (
  | { readonly kind: 'command'; readonly command: Command }
  | { readonly kind: 'catalogue'; readonly recallMax: number }
  | { readonly kind: 'pairing'; readonly deviceId: DeviceId }
)

/** Answered with what was done, not with a ticket. */
const OF_COUNTERS: readonly Command['type'][] = ['OpenCounter', 'CloseCounter', 'StartBreak', 'EndBreak']

const CATALOGUE_EDITS = 0.02
const PAIRINGS = 0.01
const INSTALLER: Origin = { kind: 'installer', deviceId: 'installer' as DeviceId }

/** Seeded numbers from 0 to 1: mulberry32. */
export function random(seed: number): () => number {
  let at = seed >>> 0
  return () => {
    at = (at + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(at ^ (at >>> 15), at | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}

function pick<Item>(items: readonly Item[], draw: () => number): Item {
  const item = items[Math.floor(draw() * items.length)]
  if (item === undefined) throw new Error('There is nothing to choose from')
  return item
}

/** A uuid of version 7 would do, too; this one comes again with the same key. */
const ticketIdOf = (key: string): TicketId => {
  const hex = createHash('sha256').update(key).digest('hex')
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-7${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}` as TicketId
}

/** What the waist is asked; the same as the routes ask it. */
export function askOf(act: Act): Ask {
  const { key, origin } = act
  const common = { origin, idempotency: { key, requestHash: hashOf(JSON.stringify(act)) }, bookmark: null }
  switch (act.kind) {
    case 'command': {
      const { command } = act
      const isOfCounter = OF_COUNTERS.includes(command.type)
      const answer: Ask['answer'] = isOfCounter
        ? () => ({ status: 200, body: { done: command.type } })
        : ticketAnswer(201)
      return { ...common, command, answer }
    }
    case 'catalogue': {
      const catalogue = withSettings(bank, { recallMax: act.recallMax })
      const text = JSON.stringify(catalogue)
      let version = 0
      return {
        ...common,
        command: ({ store }) => {
          version = store.catalogues.latestVersion() + 1
          store.catalogues.stage(version, catalogue)
          return { type: 'ApplyCatalogue', version, hash: hashOf(text) }
        },
        answer: () => ({ status: 200, body: { version } }),
        writes: (store) =>
          store.catalogues.put(version, hashOf(text), text, new Map([['amadou' as AgentId, hashOf(key)]])),
      }
    }
    case 'pairing': {
      const { deviceId } = act
      const device = {
        deviceId,
        kind: 'display',
        name: key,
        slot: null,
        tokenHash: hashOf(deviceId),
        pairedAtMs: 0,
      } as const
      return {
        ...common,
        command: { type: 'KeepTime' },
        answer: () => ({ status: 201, body: { deviceId } }),
        writes: (store) => store.devices.add(device),
      }
    }
  }
}

export const firstCatalogue = (key: string): Act => ({ kind: 'catalogue', key, origin: INSTALLER, recallMax: 3 })

const services = bank.services.map(({ id }) => id)

/** One customer at a kiosk or at a desk. */
function issue(key: string, draw: () => number): Act {
  const serviceId: ServiceId = pick(services, draw)
  const origin: Origin = { kind: 'kiosk', deviceId: pick(['kiosk-1', 'kiosk-2'], draw) as DeviceId }
  const command: Command = {
    type: 'IssueTicket',
    ticketId: ticketIdOf(key),
    serviceId,
    channel: 'kiosk',
    priority: null,
    language: null,
    plan: draw() < 0.2 ? [pick(services, draw)] : [],
  }
  return { kind: 'command', key, origin, command }
}

/** What an agent does with nobody in front of her: mostly she calls, now and then she serves at once or takes a break. */
function seekWork(key: string, counterId: CounterId, { onBreak }: OpenCounter, draw: () => number): Command {
  if (onBreak !== null) return { type: 'EndBreak', counterId }
  const chance = draw()
  if (chance < 0.05) return { type: 'CloseCounter', counterId }
  if (chance < 0.1) return { type: 'StartBreak', counterId, reason: null }
  if (chance < 0.2)
    return {
      type: 'ServeNow',
      counterId,
      ticketId: ticketIdOf(key),
      serviceId: pick(services, draw),
      priority: null,
      language: null,
    }
  return { type: 'CallNext', counterId }
}

/** What the agent at a counter does next with the ticket in front of her, or with nobody. */
function serve(key: string, counterId: CounterId, state: BranchState, draw: () => number): Act {
  const origin: Origin = { kind: 'caller', deviceId: callerAt(counterId) }
  const act = (command: Command): Act => ({ kind: 'command', key, origin, command })
  const open = state.openCounters.get(counterId)
  const agentId = (['amadou', 'binta', 'chloe'] as const)[Number(counterId.at(-1)) - 1] as AgentId
  if (open === undefined) return act({ type: 'OpenCounter', counterId, agentId })
  const { ticketId } = open
  const held = state.tickets.find(({ phase }) => phase.status === 'held' && phase.counterId === counterId)
  if (ticketId === null && open.onBreak === null && held !== undefined && draw() < 0.3)
    return act({ type: 'ResumeTicket', ticketId: held.facts.ticketId, counterId })
  if (ticketId === null) return act(seekWork(key, counterId, open, draw))
  const isCalled = state.tickets.get(ticketId)?.phase.status === 'called'
  const chance = draw()
  if (isCalled && chance < 0.6) return act({ type: 'StartService', ticketId })
  if (isCalled) return act({ type: chance < 0.8 ? 'RecallTicket' : 'MarkNoShow', ticketId })
  if (chance < 0.2) return act({ type: 'HoldTicket', ticketId, reason: null })
  if (chance < 0.4)
    return act({ type: 'TransferTicket', ticketId, toQueueId: pick(bank.queues, draw).id, place: 'arrival' })
  if (chance < 0.5) {
    const reserveFor = { kind: 'counter', counterId: pick(bank.counters, draw).id } as const
    return act({ type: 'ReserveTicket', ticketId, reserveFor, place: 'last' })
  }
  return act({ type: 'CompleteTicket', ticketId, outcome: null })
}

/** The next act of anybody. */
export function nextAct(key: string, state: BranchState, draw: () => number): Act {
  const chance = draw()
  if (chance < CATALOGUE_EDITS) return { kind: 'catalogue', key, origin: INSTALLER, recallMax: Math.floor(draw() * 9) }
  if (chance < CATALOGUE_EDITS + PAIRINGS)
    return { kind: 'pairing', key, origin: INSTALLER, deviceId: ticketIdOf(key) as string as DeviceId }
  if (chance < 0.5) return issue(key, draw)
  return serve(key, pick(bank.counters, draw).id, state, draw)
}
