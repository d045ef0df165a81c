// A branch opened in the test's own process, for what needs no cut: damaged files, old copies.
import { join } from 'node:path'
import type { DeviceId, EpochMs, Series, TicketId } from '#shared/domain/ids.ts'
import { callerAt } from '#shared/domain/testing/bank.ts'
import { type CheckResult, check } from '../../branch-server/background/tasks.ts'
import type { Waist } from '../../branch-server/waist/execute.ts'
import { DATABASE_NAME, SETTINGS_NAME } from '../../branch-server/waist/open-branch.ts'
import { openWaist } from '../../branch-server/waist/open-waist.ts'
import { createSecondCopy } from '../../branch-server/waist/second-copy.ts'
import type { Presented, Reply } from '../../branch-server/waist/settle.ts'
import { type Act, askOf, firstCatalogue } from './clients.ts'

export const MORNING_MS = Date.UTC(2026, 10, 23, 8) as EpochMs

/** A ticket as its paper shows it. */
export interface Paper {
  readonly ticketId: TicketId
  readonly number: string
  readonly businessDate: string
}

export interface BranchHere {
  readonly waist: Waist
  act(act: Act): Promise<Reply>
  /** @throws when the branch refuses */
  issue(serviceId?: string): Promise<Paper>
  check(): CheckResult
  /** A reader's place, and the numbers it has seen. */
  bookmark(): Presented
  close(): void
}

const silent = { info: () => {}, warn: () => {}, error: () => {} }
let keys = 0

/** Opens the folder as the server does. @param wallMs - stands still but for a second with each act */
export function openHere(folder: string, wallMs: number = MORNING_MS): BranchHere {
  let passedMs = 0
  const clocks = { wallMs: () => wallMs + passedMs, monotonicMs: () => passedMs }
  const { waist } = openWaist({ folder, clocks, log: silent })
  const copy = createSecondCopy(waist, join(folder, SETTINGS_NAME), silent)
  const act = async (act: Act): Promise<Reply> => {
    passedMs += 1000
    const reply = await waist.execute(askOf(act))
    if (act.kind !== 'command') copy.keep()
    // What is written behind an answer is written before the next act: these branches are closed at once, and cut nowhere.
    await copy.close()
    return reply
  }
  return {
    waist,
    act,
    async issue(serviceId = 'cash') {
      keys += 1
      const ticketId = `${process.pid}-${keys}` as TicketId
      const command = { type: 'IssueTicket', ticketId, serviceId, channel: 'kiosk', priority: null, language: null }
      const origin = { kind: 'kiosk', deviceId: 'kiosk-1' }
      const tap = { kind: 'command', key: ticketId, origin, command } as unknown as Act
      let { status, body } = await act(tap)
      // What the kiosk does by itself: the same tap again, with the same key.
      if (status === 503) ({ status, body } = await act(tap))
      if (status !== 201) throw new Error(`No ticket: ${body}`)
      return JSON.parse(body) as Paper
    },
    check: () => check({ kind: 'check', file: join(folder, DATABASE_NAME) }),
    bookmark() {
      const { head, state } = waist.branch()
      const lastOrdinals = [...state.lastOrdinal.entries()].map(([series, ordinal]): [Series, number] => [
        series,
        ordinal,
      ])
      return {
        bookmark: { epoch: head.epoch, seq: head.seq, headHash: head.hash },
        seen: state.day === null ? null : { date: state.day.date, lastOrdinals },
      }
    },
    close: () => waist.branch().store.close(),
  }
}

/** Sets a new branch up: a catalogue and as many paired devices. */
export async function setUp(branch: BranchHere, deviceCount = 3): Promise<readonly DeviceId[]> {
  await branch.act(firstCatalogue('first'))
  const devices = Array.from({ length: deviceCount }, (_, index) => `device-${index}` as DeviceId)
  for (const deviceId of devices)
    await branch.act({
      kind: 'pairing',
      key: deviceId,
      origin: { kind: 'installer', deviceId: 'installer' as DeviceId },
      deviceId,
    })
  return devices
}

/** An agent opens a counter and calls somebody. */
export async function callOne(branch: BranchHere): Promise<void> {
  const origin = { kind: 'caller', deviceId: callerAt('counter-1' as never) } as const
  const command = (type: string): Act =>
    ({
      kind: 'command',
      key: `${type}-${++keys}`,
      origin,
      command: { type, counterId: 'counter-1', agentId: 'amadou' },
    }) as Act
  await branch.act(command('OpenCounter'))
  await branch.act(command('CallNext'))
}
