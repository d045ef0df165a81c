import { describe, expect, test } from 'vitest'
import type { Command } from './commands.ts'
import type { CounterId, DeviceId, TicketId } from './ids.ts'
import {
  adviceLine,
  amadou,
  bank,
  binta,
  cash,
  chloe,
  counter1,
  counter2,
  counter3,
  djeneba,
  without,
} from './testing/bank.ts'
import { callerOrigin, installer, openBranch, type Story } from './testing/story.ts'

const office = { kind: 'caller', deviceId: 'office' as DeviceId } as const
const kitchen = { kind: 'caller', deviceId: 'kitchen' as DeviceId } as const
const signIn: Command = { type: 'SignInManager', agentId: djeneba }
const signOut: Command = { type: 'SignOutManager' }
const stop: Command = { type: 'StopIntake' }

/** Every counter has its agent. */
function staffed(): Story {
  return openBranch(bank, [
    [counter1, amadou],
    [counter2, binta],
    [counter3, chloe],
  ])
}

function steered(): Story {
  const story = staffed()
  story.does(signIn, office)
  return story
}

describe('a manager without a counter', () => {
  test('steers the branch from the device where she is signed in, by her own name, until she signs out', () => {
    const story = staffed()
    expect(story.refuses(stop, office)).toBe('NotAManager')
    expect(story.does(signIn, office)).toMatchObject([{ type: 'ManagerSignedIn', deviceId: 'office' }])
    expect(story.does(stop, office)).toMatchObject([{ type: 'IntakeStopped', actor: { kind: 'agent', id: djeneba } }])
    expect(story.refuses({ type: 'ResumeIntake' }, kitchen)).toBe('NotAManager')
    expect(story.does(signOut, office)).toMatchObject([{ type: 'ManagerSignedOut', agentId: djeneba }])
    expect(story.refuses({ type: 'ResumeIntake' }, office)).toBe('NotAManager')
    expect(story.refuses(signOut, office)).toBe('NotAManager')
  })

  test('is a manager, and not at a counter of her own', () => {
    const story = staffed()
    expect(story.refuses({ type: 'SignInManager', agentId: amadou }, office)).toBe('NotAManager')
    expect(story.refuses({ type: 'SignInManager', agentId: 'nobody' as never }, office)).toBe('AgentUnknown')
    story.does({ type: 'CloseCounter', counterId: counter3 }, callerOrigin(counter3))
    story.opens(counter3, djeneba)
    expect(story.refuses(signIn, callerOrigin(counter3))).toBe('CounterIsOpen')
  })

  test('is in one place: whoever signs in elsewhere, or opens a counter, has left', () => {
    const story = steered()
    story.does(signIn, kitchen)
    expect(story.refuses(stop, office)).toBe('NotAManager')
    story.does({ type: 'CloseCounter', counterId: counter3 }, callerOrigin(counter3))
    story.opens(counter3, djeneba)
    expect(story.refuses(stop, kitchen)).toBe('NotAManager')
  })

  test('gives way to whoever opens a counter at her device', () => {
    const story = steered()
    story.does({ type: 'CloseCounter', counterId: counter1 }, callerOrigin(counter1))
    story.does({ type: 'OpenCounter', counterId: counter1, agentId: amadou }, office)
    expect(story.refuses(stop, office)).toBe('NotAManager')
  })

  test('reads the report of the day that she has closed, and leaves when the next one opens', () => {
    const story = steered()
    story.does({ type: 'CloseDay' }, office)
    expect(story.state().managers.size).toBe(1)
    story.until('09:00', 1)
    expect(story.state().managers.size).toBe(0)
  })

  test('leaves with the day, with the device, and with her name or her role in the catalogue', () => {
    const demoted = { ...bank, agents: bank.agents.map((agent) => ({ ...agent, role: 'agent' as const })) }
    const ends: readonly ((story: Story) => void)[] = [
      (story) => story.until('09:00', 1),
      (story) => story.does({ type: 'RemoveDevice', deviceId: office.deviceId }, installer),
      (story) => story.applies(without(bank, 'agents', djeneba)),
      (story) => story.applies(demoted),
    ]
    for (const end of ends) {
      const story = steered()
      end(story)
      expect(story.refuses(stop, office)).toBe('NotAManager')
      expect(story.state().managers.size).toBe(0)
    }
  })

  test('is signed in still after a restart, and in a new epoch', () => {
    const story = steered()
    story.restarts()
    story.begins('rewound')
    story.does(stop, office)
  })

  test('calls and serves nobody', () => {
    const story = steered()
    const ticketId = story.takes(cash)
    const serveNow = { type: 'ServeNow', ticketId: 'x' as TicketId, serviceId: cash, priority: null, language: null }
    const atAnyCounter = (counterId: CounterId): readonly Command[] => [
      { type: 'CallNext', counterId },
      { type: 'CallTicket', counterId, ticketId },
      { ...serveNow, type: 'ServeNow', counterId } as Command,
    ]
    for (const command of atAnyCounter(counter1)) expect(story.refuses(command, office)).toBe('NotYourCounter')
    story.callsNext(counter1)
    expect(story.refuses({ type: 'RecallTicket', ticketId }, office)).toBe('ManagerIsHere')
    expect(story.refuses({ type: 'StartService', ticketId }, office)).toBe('ManagerIsHere')
  })

  test('frees a counter that was left: whoever stood there goes where she says, or the counter closes', () => {
    const frees: readonly [(ticketId: TicketId) => Command, string][] = [
      [(ticketId) => ({ type: 'HoldTicket', ticketId, reason: null }), 'held'],
      [(ticketId) => ({ type: 'CompleteTicket', ticketId, outcome: null }), 'completed'],
      [(ticketId) => ({ type: 'TransferTicket', ticketId, toQueueId: adviceLine, place: 'arrival' }), 'waiting'],
      [() => ({ type: 'CloseCounter', counterId: counter1 }), 'held'],
    ]
    for (const [free, status] of frees) {
      const story = steered()
      const ticketId = story.takes(cash)
      story.callsNext(counter1)
      story.acts('StartService', counter1, ticketId)
      story.does(free(ticketId), office)
      expect(story.status(ticketId)).toBe(status)
      expect(story.state().openCounters.get(counter1)?.ticketId ?? null).toBeNull()
    }
    const story = steered()
    const ticketId = story.takes(cash)
    story.callsNext(counter1)
    story.does({ type: 'ReturnTicket', ticketId }, office)
    expect(story.status(ticketId)).toBe('waiting')
  })
})

describe('a manager over the desk of an agent', () => {
  const desk = callerOrigin(counter1)

  test('steers by her own name while the counter stays open with whoever is in front of it, and gives it back', () => {
    const story = staffed()
    const ticketId = story.takes(cash)
    story.callsNext(counter1)
    story.acts('StartService', counter1, ticketId)
    expect(story.refuses(stop, desk)).toBe('NotAManager')
    story.does(signIn, desk)
    expect(story.does(stop, desk)).toMatchObject([{ type: 'IntakeStopped', actor: { kind: 'agent', id: djeneba } }])
    expect(story.state().openCounters.get(counter1)).toMatchObject({ agentId: amadou, ticketId })
    expect(story.does(signOut, desk)).toMatchObject([{ type: 'ManagerSignedOut', agentId: djeneba }])
    const completed = story.does({ type: 'CompleteTicket', ticketId, outcome: null }, desk)
    expect(completed).toMatchObject([{ type: 'TicketCompleted', actor: { kind: 'agent', id: amadou } }])
    expect(story.refuses({ type: 'ResumeIntake' }, desk)).toBe('NotAManager')
  })

  test('calls and serves nobody there, but frees the counter like every other', () => {
    const story = staffed()
    const ticketId = story.takes(cash)
    story.does(signIn, desk)
    const counterId = counter1
    const commands: readonly Command[] = [
      { type: 'CallNext', counterId },
      { type: 'CallTicket', counterId, ticketId },
      { type: 'StartBreak', counterId, reason: null },
    ]
    for (const command of commands) expect(story.refuses(command, desk)).toBe('ManagerIsHere')
    story.does(signOut, desk)
    story.callsNext(counter1)
    story.does(signIn, desk)
    expect(story.refuses({ type: 'StartService', ticketId }, desk)).toBe('ManagerIsHere')
    const closed = story.does({ type: 'CloseCounter', counterId }, desk)
    expect(closed).toMatchObject([{ type: 'TicketReturned' }, { type: 'CounterClosed', reason: 'manager' }])
    story.does(stop, desk)
  })

  test('stays when the agent takes her counter along to another device', () => {
    const story = staffed()
    story.does(signIn, desk)
    story.does({ type: 'OpenCounter', counterId: counter1, agentId: amadou }, office)
    story.does(stop, desk)
    expect(story.refuses({ type: 'CallNext', counterId: counter1 }, office)).toBe('QueueEmpty')
  })
})
