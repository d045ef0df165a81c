import type { Command, Origin } from '../../commands.ts'
import type { DeviceId, TicketId } from '../../ids.ts'
import type { BranchState } from '../../state.ts'
import { callerAt } from '../bank.ts'
import { COUNTER_IDS } from './catalogue-edits.ts'

/** One die cast: what happens next, and three numbers to choose by. Shrinks towards zeros. */
export type Cast = readonly [kind: number, a: number, b: number, c: number]

/** Which kind of edit the owner makes, and a number to choose by. */
export type Edit = readonly [kind: number, choice: number]

/** What happens next to a branch. */
export type Turn =
  | { readonly type: 'ask'; readonly command: Command; readonly origin: Origin }
  | { readonly type: 'edit'; readonly edits: readonly Edit[] }
  | { readonly type: 'pass' | 'jump'; readonly ms: number }
  /** The server starts again from what it has written down. */
  | { readonly type: 'restart' }
  /** The server starts again from an older copy of its disk. */
  | { readonly type: 'rewind'; readonly isSeen: boolean }

/** What the one who casts can see. */
export interface Sight {
  readonly state: BranchState
  /** Every ticket there ever was, oldest first. */
  readonly everyone: readonly TicketId[]
  readonly steadyMs: number
  readonly newId: () => TicketId
}

export const pick = <Value>(list: readonly [Value, ...Value[]] | readonly Value[], choice: number): Value =>
  list[choice % list.length] as Value

/** Mostly somebody who is in a state that fits; now and then anybody, or nobody. */
export function someone({ state, everyone }: Sight, fits: readonly string[], choice: number): TicketId {
  const fitting = [...state.tickets.values()].filter(({ phase }) => fits.includes(phase.status))
  if (choice % 8 === 7 || fitting.length === 0)
    return everyone.length === 0 ? ('nobody' as TicketId) : pick(everyone, choice >> 3)
  return pick(fitting, choice >> 3).facts.ticketId
}

export const caller = (choice: number): Origin => ({ kind: 'caller', deviceId: callerAt(pick(COUNTER_IDS, choice)) })
/** Stands at no counter. */
export const office: Origin = { kind: 'caller', deviceId: 'office' as DeviceId }
export const kiosk: Origin = { kind: 'kiosk', deviceId: 'kiosk-1' as DeviceId }
export const installer: Origin = { kind: 'installer', deviceId: 'installer' as DeviceId }

/** Mostly the device that may; else another. */
export function deviceFor({ state }: Sight, ticketId: TicketId, choice: number): Origin {
  const at = state.openCounters.findEntry((open) => open.ticketId === ticketId)
  if (choice % 6 === 5 || at === undefined)
    return choice % 17 === 16 ? installer : choice % 5 === 4 ? office : caller(choice >> 2)
  return { kind: 'caller', deviceId: at[1].deviceId }
}

export function openDevice(
  { state }: Sight,
  choice: number,
): { counterId: (typeof COUNTER_IDS)[number]; origin: Origin } {
  const open = [...state.openCounters.entries()]
  if (choice % 8 === 7 || open.length === 0)
    return { counterId: pick(COUNTER_IDS, choice >> 3), origin: caller(choice >> 5) }
  const [counterId, { deviceId }] = pick(open, choice >> 3)
  return { counterId, origin: { kind: 'caller', deviceId } }
}

/** Mostly a counter whose agent is free to call. */
export function freeDevice(sight: Sight, choice: number): ReturnType<typeof openDevice> {
  const free = [...sight.state.openCounters.entries()].filter(([, it]) => it.ticketId === null && it.onBreak === null)
  if (choice % 8 === 7 || free.length === 0) return openDevice(sight, choice >> 3)
  const [counterId, { deviceId }] = pick(free, choice >> 3)
  return { counterId, origin: { kind: 'caller', deviceId } }
}

export const ask = (command: Command, origin: Origin): Turn => ({ type: 'ask', command, origin })

export type Maker = (sight: Sight, cast: Cast) => Turn

export const callNext: Maker = (sight, [, a]) => {
  const { counterId, origin } = freeDevice(sight, a)
  return ask({ type: 'CallNext', counterId }, origin)
}
