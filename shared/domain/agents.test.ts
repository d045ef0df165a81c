import { describe, expect, test } from 'vitest'
import type { Command } from './commands.ts'
import type { AgentId, DeviceId, EventPlace } from './ids.ts'
import { CLOUD_ORIGIN } from './step.ts'
import { amadou, bank, binta, cash, chloe, counter1, counter2, counter3, djeneba, without } from './testing/bank.ts'
import { callerOrigin, installer, openBranch, type Story } from './testing/story.ts'

const office = { kind: 'caller', deviceId: 'office' as DeviceId } as const
const suspend = (agentId: AgentId): Command => ({ type: 'SuspendAgent', agentId })
const restore = (agentId: AgentId, answers: EventPlace | null = null): Command => ({
  type: 'RestoreAgent',
  agentId,
  answers,
})

/** Three at their counters, and a manager on her pages. */
function managed(): Story {
  const story = openBranch(bank, [
    [counter1, amadou],
    [counter2, binta],
    [counter3, chloe],
  ])
  story.does({ type: 'SignInManager', agentId: djeneba }, office)
  return story
}

/** The place of the event by which she is suspended. */
function placeOf(story: Story, agentId: AgentId): EventPlace {
  const { epoch, seq } = story.state().suspended.get(agentId) ?? { epoch: '', seq: 0 }
  return { epoch, seq } as EventPlace
}

describe('a manager suspends an agent', () => {
  test('who is out at once, wherever she was, and whose customer waits again', () => {
    const story = managed()
    const ticketId = story.takes(cash)
    story.callsNext(counter1)
    expect(story.does(suspend(amadou), office).map(({ type }) => type)).toEqual([
      'AgentSuspended',
      'TicketReturned',
      'CounterClosed',
    ])
    expect(story.status(ticketId)).toBe('waiting')
    expect(story.refuses({ type: 'OpenCounter', counterId: counter1, agentId: amadou }, callerOrigin(counter1))).toBe(
      'AgentIsSuspended',
    )
    story.does(restore(amadou), office)
    story.opens(counter1, amadou)
  })

  test('who was on a manager’s pages, and has none any more', () => {
    const story = managed()
    story.does(suspend(djeneba), installer)
    expect(story.state().managers.size).toBe(0)
    expect(story.refuses({ type: 'SignInManager', agentId: djeneba }, office)).toBe('AgentIsSuspended')
    expect(story.refuses(restore(djeneba), office)).toBe('NotAManager')
    story.does(restore(djeneba), installer)
  })

  test('but never herself, nobody twice, and nobody who is not here', () => {
    const story = managed()
    expect(story.refuses(suspend(djeneba), office)).toBe('NotYourself')
    expect(story.refuses(suspend(amadou), callerOrigin(counter2))).toBe('NotAManager')
    expect(story.refuses(suspend('nobody' as AgentId), office)).toBe('AgentUnknown')
    expect(story.refuses(restore(amadou), office)).toBe('AgentIsActive')
    story.does(suspend(amadou), office)
    expect(story.refuses(suspend(amadou), office)).toBe('AgentIsSuspended')
    expect(story.refuses({ type: 'ResetPin', agentId: amadou }, office)).toBe('AgentIsSuspended')
  })

  test('for good: over an edit of the catalogue that leaves her out and one that brings her back, and over an epoch', () => {
    const story = managed()
    story.does(suspend(amadou), office)
    story.applies(without(bank, 'agents', amadou))
    story.applies(bank)
    story.begins('rewound')
    expect(story.refuses({ type: 'OpenCounter', counterId: counter1, agentId: amadou }, callerOrigin(counter1))).toBe(
      'AgentIsSuspended',
    )
  })
})

describe('head office', () => {
  test('lifts a suspension of the branch once it has seen it, and by no order from before', () => {
    const story = managed()
    story.does(suspend(amadou), office)
    const first = placeOf(story, amadou)
    expect(story.refuses(restore(amadou), CLOUD_ORIGIN)).toBe('SuspensionUnanswered')
    story.does(restore(amadou), office)
    story.does(suspend(amadou), office)
    // It answers the one that is lifted already.
    expect(story.refuses(restore(amadou, first), CLOUD_ORIGIN)).toBe('SuspensionUnanswered')
    expect(story.does(restore(amadou, placeOf(story, amadou)), CLOUD_ORIGIN)).toMatchObject([
      { type: 'AgentRestored', actor: { kind: 'cloud' } },
    ])
  })

  test('suspends, and alone lifts that again, also where the branch was first', () => {
    const story = managed()
    story.does(suspend(binta), CLOUD_ORIGIN)
    expect(story.refuses(restore(binta), office)).toBe('SuspendedByCloud')
    story.does(restore(binta), CLOUD_ORIGIN)
    story.does(suspend(chloe), office)
    story.does(suspend(chloe), CLOUD_ORIGIN)
    expect(story.refuses(restore(chloe), office)).toBe('SuspendedByCloud')
    expect(story.refuses(suspend(chloe), CLOUD_ORIGIN)).toBe('AgentIsSuspended')
    story.does(restore(chloe), CLOUD_ORIGIN)
  })
})

test('whoever is added stands in the catalogue that comes with her; without a name in the log', () => {
  const story = managed()
  const awa = { id: 'site-1' as AgentId, name: 'Awa', role: 'agent', skills: null, addedOnSite: true } as const
  const asked = { type: 'AddAgent', agentId: awa.id, version: 1, hash: '' as never } as const
  expect(story.refuses(asked, callerOrigin(counter1))).toBe('NotAManager')
  story.applies({ ...bank, agents: [...bank.agents, awa] })
  const { version, hash } = story.state().catalogue ?? { version: 0, hash: '' as never }
  const events = story.does({ ...asked, version, hash }, office)
  expect(events.map(({ type }) => type)).toEqual(['AgentAdded', 'CatalogueApplied'])
  expect(JSON.stringify(events)).not.toContain('Awa')
  story.does({ type: 'CloseCounter', counterId: counter1 }, callerOrigin(counter1))
  story.opens(counter1, awa.id)
})

test('a manager answers for who works here, and nobody else does', () => {
  const story = managed()
  expect(story.refuses({ type: 'ConfirmRights' }, callerOrigin(counter1))).toBe('NotAManager')
  expect(story.does({ type: 'ConfirmRights' }, office)).toMatchObject([{ type: 'RightsConfirmed' }])
})
