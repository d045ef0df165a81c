import { openBankStory } from '../../../branch-server/testing/stored-story.ts'
import type { Epoch, TicketId } from '../../../shared/domain/ids.ts'
import type { BranchState } from '../../../shared/domain/state.ts'
import { bank, callerAt, cash } from '../../../shared/domain/testing/bank.ts'
import { MINUTE } from '../../../shared/domain/testing/fake-clock.ts'

/** What a branch did while its cloud was away, as its own code decided and stored it. */
export interface ToldHistory {
  readonly epoch: Epoch
  /** In their order, from place 1. */
  readonly bodies: readonly string[]
  readonly state: BranchState
  readonly catalogue: string
}

const kiosk = { kind: 'kiosk', deviceId: 'kiosk-1' as never } as const

/** At least so many events, of tickets that are issued, called and completed. */
export function tellHistory(eventCount: number): ToldHistory {
  using story = openBankStory()
  const [counter] = bank.counters
  if (counter === undefined) throw new Error('The bank has no counter')
  const caller = { kind: 'caller', deviceId: callerAt(counter.id) } as const
  for (let number = 1; story.events.length < eventCount; number += 1) {
    const ticketId = `told-${number}` as TicketId
    story.ask(
      { type: 'IssueTicket', ticketId, serviceId: cash, channel: 'kiosk', priority: null, language: null },
      kiosk,
    )
    story.clock.pass(MINUTE)
    story.ask({ type: 'CallNext', counterId: counter.id }, caller)
    story.clock.pass(MINUTE)
    story.ask({ type: 'CompleteTicket', ticketId, outcome: null }, caller)
    story.commit()
  }
  const { log, catalogues } = story.store
  const [epoch] = log.epochs()
  if (epoch === undefined) throw new Error('The story has no epoch')
  return {
    epoch,
    bodies: [...log.bodies(epoch)],
    state: story.state,
    catalogue: catalogues.text(catalogues.latestVersion()) ?? '',
  }
}
