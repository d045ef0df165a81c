import { expect, test } from 'vitest'
import type { TicketId } from '#shared/domain/ids.ts'
import { carryRest } from '#shared/domain/state-json.ts'
import { callerAt, cards, cash, counter1, counter2 } from '#shared/domain/testing/bank.ts'
import { openBankStory } from '../testing/stored-story.ts'

const desk = { kind: 'caller', deviceId: callerAt(counter1) } as const
const kiosk = { kind: 'kiosk', deviceId: 'kiosk-1' as never } as const

test('what is put together of what was there before is what JSON makes of the whole, after each commit', () => {
  using story = openBankStory()
  const stored = (): string => story.read((db) => db.prepare('select rest from head').pluck().get() as string)
  const acts = [
    () => story.ask({ type: 'CallNext', counterId: counter1 }, desk),
    () =>
      story.ask({ type: 'StartBreak', counterId: counter2, reason: null }, { ...desk, deviceId: callerAt(counter2) }),
    () => story.restart(),
    () => story.ask({ type: 'CloseCounter', counterId: counter1 }, desk),
    () => story.beginEpoch(),
  ]
  for (const [index, act] of acts.entries()) {
    for (const serviceId of [cash, cards])
      story.ask(
        {
          type: 'IssueTicket',
          ticketId: `${serviceId} ${index}` as TicketId,
          serviceId,
          channel: 'kiosk',
          priority: null,
          language: null,
        },
        kiosk,
      )
    story.commit()
    expect(stored()).toBe(JSON.stringify(carryRest(story.state)))
    act()
    story.commit()
    expect(stored()).toBe(JSON.stringify(carryRest(story.state)))
  }
})
