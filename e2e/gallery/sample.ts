import type { AgentId, CounterId, EpochMs, Language, MessageId, QueueId, TicketId } from '#shared/domain/ids.ts'
import type { BranchState } from '#shared/domain/state.ts'
import {
  called,
  completed,
  held,
  issued,
  keptFor,
  missed,
  opened,
  pausedFrom,
  recalled,
  SAMPLE_DEVICE,
  SAMPLE_START_MS,
  type SampleEvent,
  sampleState,
  started,
} from '#shared/project/sample-branch.ts'

interface Asked {
  readonly screen: string
  readonly language: Language
  /** The kiosk's accessible mode. */
  readonly isAccessible: boolean
  /** The caller's night colours. */
  readonly isNight: boolean
}

/** What the address asks for: `?screen=idle&language=ar&mode=accessible`. */
export function asked(): Asked {
  const query = new URLSearchParams(location.search)
  const language = (query.get('language') ?? 'fr') as Language
  const mode = query.get('mode')
  return {
    screen: query.get('screen') ?? '',
    language,
    isAccessible: mode === 'accessible',
    isNight: mode === 'night',
  }
}

/** 10:42 at the sample branch. */
export const NOW_MS = (SAMPLE_START_MS + 42 * 60_000) as EpochMs
export const NOW_MINUTE = 42

export const MORNING: readonly SampleEvent[] = [
  issued(3, 'A037'),
  issued(4, 'B008'),
  opened(5, 2, 'caller-2' as never, 'moussa'),
  opened(5, 3, 'caller-3' as never, 'ousmane'),
  opened(5, 4, 'caller-4' as never, 'fatou'),
  opened(5, 1),
  called(6, 'A037', 2),
  started(7, 'A037', 2),
  issued(8, 'C017'),
  called(12, 'B008', 3),
  started(13, 'B008', 3),
  issued(14, 'D003'),
  issued(15, 'A039'),
  issued(16, 'A040', 'senior'),
  called(17, 'C017', 1),
  missed(19, 'C017'),
  completed(20, 'A037'),
  called(21, 'A039', 1),
  started(22, 'A039', 1),
  held(26, 'A039', 1, 'papers'),
  issued(27, 'A041'),
  issued(28, 'B009'),
  issued(29, 'A042'),
  called(30, 'D003', 4),
  started(31, 'D003', 4),
  issued(31, 'C018'),
  issued(33, 'C019'),
  issued(34, 'E002'),
  issued(36, 'A043', 'senior'),
  issued(38, 'A044'),
  called(39, 'A040', 2),
  issued(40, 'D004'),
  issued(41, 'B010'),
]

export const BUSY: BranchState = sampleState(MORNING)
export const CALLED: BranchState = sampleState([...MORNING, called(41.8, 'A041', 1), recalled(41.9, 'A041', 1)])
export const SERVING: BranchState = sampleState([...MORNING, called(30, 'A041', 1), started(33.5, 'A041', 1)])
/** A visit of three services, called before somebody else; its neighbours are kept for colleagues. */
const VISIT: readonly SampleEvent[] = [
  issued(27, 'A045', 'senior', ['accounts', 'cards']),
  keptFor(37, 'A044', { kind: 'agent', agentId: 'awa' as AgentId }),
  keptFor(37, 'A042', { kind: 'counter', counterId: 'counter-2' as CounterId }),
]
const visitCall = (minute: number): SampleEvent => {
  const [, call] = called(minute, 'A045', 1)
  return [minute, { ...call, why: { rule: 'priority', runnerUp: 'A041' as TicketId } } as SampleEvent[1]]
}
export const VISITING: BranchState = sampleState([...MORNING, ...VISIT, visitCall(38.5), started(39, 'A045', 1)])
export const VISIT_CALLED: BranchState = sampleState([...MORNING, ...VISIT, visitCall(41), recalled(41.5, 'A045', 1)])
export const ON_BREAK: BranchState = sampleState([...MORNING, pausedFrom(34, 1, 'papers')])
export const IN_TRAINING: BranchState = sampleState([
  issued(3, 'A037'),
  issued(4, 'TEST001'),
  issued(5, 'TEST002'),
  opened(5, 1, SAMPLE_DEVICE, 'awa', true),
  called(38, 'TEST001', 1),
])
const MANAGED: readonly SampleEvent[] = MORNING.map((event): SampleEvent => {
  const [minute, body] = event
  if (body.type !== 'CounterOpened') return event
  if (body.deviceId === SAMPLE_DEVICE) return opened(minute, 1, SAMPLE_DEVICE, 'fatou')
  return body.counterId === 'counter-4' ? opened(minute, 4, body.deviceId, 'awa') : event
})
export const MANAGER: BranchState = sampleState([...MANAGED, called(30, 'A041', 1), started(33.5, 'A041', 1)])
export const PEOPLE: BranchState = sampleState([
  ...MANAGED,
  [40, { type: 'AgentSuspended', agentId: 'ousmane' as AgentId }],
])
export const STOPPED: BranchState = sampleState([
  ...MANAGED,
  [40, { type: 'IntakeStopped' }],
  [41, { type: 'QueuePaused', queueId: 'loans' as QueueId }],
  [41, { type: 'QueueClosed', queueId: 'cards' as QueueId }],
  [41, { type: 'MessageShown', messageId: 'evacuate' as MessageId, minutes: null }],
])
export const EMPTY: BranchState = sampleState([opened(1, 1)])
export const SIGNED_OUT: BranchState = sampleState([issued(3, 'A037'), opened(5, 2, 'caller-2' as never)])
export const PAUSES: readonly SampleEvent[] = [
  [41, { type: 'QueueClosed', queueId: 'loans' as QueueId }],
  [41, { type: 'QueuePaused', queueId: 'accounts' as QueueId }],
]
