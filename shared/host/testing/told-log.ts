import { hash } from 'node:crypto'
import type { Command } from '../../domain/commands.ts'
import type { LogEvent } from '../../domain/events.ts'
import type { Sha256, TicketId } from '../../domain/ids.ts'
import type { BranchState } from '../../domain/state.ts'
import { carryState, type Snapshot, versionsIn } from '../../domain/state-json.ts'
import { step } from '../../domain/step.ts'
import { bank, cash } from '../../domain/testing/bank.ts'
import { kioskOrigin, NO_HASH, newBranch } from '../../domain/testing/story.ts'

/** A branch as its feed tells of it: a snapshot, and the bytes that follow. */
export interface ToldLog {
  readonly snapshot: Snapshot
  /** The next so many tickets, as they would be sent. */
  issues(count: number): readonly string[]
  /** A catalogue is published; its body goes beside the feed. */
  publishes(): { readonly text: string; readonly version: number }
  /** Where the log stands now. */
  state(): BranchState
  now(): Snapshot
}

const hashOf = (text: string): Sha256 => hash('sha256', text) as Sha256

/** The bank of Dakar on a Monday at nine, its catalogue applied. */
export function tellLog(): ToldLog {
  const story = newBranch()
  story.applies(bank)
  let state = story.state()
  let headHash = NO_HASH
  let ticketCount = 0
  const versions = new Map([[1, bank]])

  const told = (events: readonly LogEvent[]): readonly string[] =>
    events.map((event) => {
      const text = JSON.stringify({ ...event, prev: headHash })
      headHash = hashOf(text)
      return text
    })
  told(story.log())

  const shelf = (version: number) => versions.get(version) ?? bank
  const ask = (command: Command): readonly string[] => {
    const done = step(state, command, kioskOrigin(), story.clock.read(), shelf)
    state = done.state
    return told(done.events)
  }
  function now(): Snapshot {
    if (state.epoch === null) throw new Error('The log has not begun')
    const carried = carryState(state)
    const catalogues = Object.fromEntries(versionsIn(carried).map((version) => [version, shelf(version)]))
    return { epoch: state.epoch, seq: state.seq, headHash, now: state.now, carried, catalogues }
  }
  function issue(): readonly string[] {
    ticketCount += 1
    const ticketId = `00000000-0000-7000-8000-${String(ticketCount).padStart(12, '0')}` as TicketId
    return ask({ type: 'IssueTicket', ticketId, serviceId: cash, channel: 'kiosk', priority: null, language: null })
  }
  return {
    snapshot: now(),
    issues: (count) => Array.from({ length: count }, issue).flat(),
    publishes() {
      const version = versions.size + 1
      versions.set(version, bank)
      const [text = ''] = ask({ type: 'ApplyCatalogue', version, hash: hashOf(String(version)) })
      return { text, version }
    },
    state: () => state,
    now,
  }
}
