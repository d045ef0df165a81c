import type { LogEvent } from '../domain/events.ts'
import { evolve } from '../domain/evolve.ts'
import type { DeviceId, Epoch, EpochMs, EventSeq, Moment, SteadyMs } from '../domain/ids.ts'
import type { BranchState } from '../domain/state.ts'
import { type Snapshot, stateOfSnapshot } from '../domain/state-json.ts'
import type { PaintOrder } from '../wire/trials.ts'

/** The device this page runs on, as its host knows it. */
export interface DeviceSelf {
  readonly deviceId: DeviceId
  readonly kind: 'kiosk' | 'display' | 'caller'
  readonly name: string
  /** 1 to 9 for a kiosk that may print alone; null otherwise. */
  readonly slot: number | null
}

export interface HostState {
  readonly device: DeviceSelf | null
  readonly link: 'up' | 'down'
  readonly sinceMs: EpochMs
  readonly time: Moment | null
}

/** The installer has this screen paint: what came before, and a code to be read from it. */
export interface TrialMessage {
  readonly type: 'trial'
  readonly trialId: string
  readonly order: PaintOrder
}

/** Head office asks which device this is: it shows what it is called. */
export interface IdentifyMessage {
  readonly type: 'identify'
  readonly orderId: string
  readonly forMs: number
}

export type FeedMessage =
  | { readonly type: 'hello'; readonly epoch: Epoch; readonly seq: EventSeq }
  | { readonly type: 'link'; readonly link: 'up' | 'down'; readonly sinceMs: EpochMs }
  | ({ readonly type: 'time' } & Moment)
  | TrialMessage
  | IdentifyMessage
  | LogEvent

/** The branch's time when it was last told, and the page's own steady clock at that instant. */
export interface ClockAnchor extends Moment {
  readonly takenMs: number
}

/** All that a page knows of its branch. */
export interface BranchView {
  /** `starting`: nothing to show yet, because the host or its first snapshot is missing. */
  readonly phase: 'starting' | 'unpaired' | 'following'
  readonly device: DeviceSelf | null
  readonly link: 'up' | 'down'
  /** Since when the link is as it is, on the page's own steady clock; null when nobody can say. */
  readonly sinceTakenMs: number | null
  readonly state: BranchState | null
  readonly clock: ClockAnchor | null
  /** What the installer tries out on this screen; null: nothing since the page began. */
  readonly trial: TrialMessage | null
  /** null: nobody has asked since the page began. */
  readonly identify: IdentifyMessage | null
}

export const NOTHING_YET: BranchView = {
  phase: 'starting',
  device: null,
  link: 'down',
  sinceTakenMs: null,
  state: null,
  clock: null,
  trial: null,
  identify: null,
}

export type FollowInput =
  | { readonly type: 'host-state'; readonly host: HostState; readonly takenMs: number; readonly wallMs: number }
  | { readonly type: 'host-lost'; readonly takenMs: number }
  | { readonly type: 'snapshot'; readonly snapshot: Snapshot; readonly takenMs: number }
  | { readonly type: 'message'; readonly message: FeedMessage; readonly takenMs: number; readonly wallMs: number }

/** `fresh`: what was folded cannot be trusted or is not enough; only a new snapshot helps. */
export interface FollowStep {
  readonly view: BranchView
  readonly next: 'go-on' | 'fresh'
}

const goOn = (view: BranchView): FollowStep => ({ view, next: 'go-on' })
const fresh = (view: BranchView): FollowStep => ({ view, next: 'fresh' })

/** The branch's time now. @returns null until the branch was heard of */
export function branchMoment(clock: ClockAnchor | null, nowMs: number): Moment | null {
  if (clock === null) return null
  const passedMs = Math.max(0, nowMs - clock.takenMs)
  return { atMs: (clock.atMs + passedMs) as EpochMs, steadyMs: (clock.steadyMs + passedMs) as SteadyMs }
}

/** Catalogues do not travel in the feed: what needs one starts from a snapshot, so no fold may ask the shelf. */
function emptyShelf(version: number): never {
  throw new Error(`Catalogue ${version} is not in the feed`)
}

function foldEvent(view: BranchView, event: LogEvent): FollowStep {
  const { state } = view
  if (state === null || event.epoch !== state.epoch) return fresh(view)
  if (event.seq <= state.seq) return goOn(view)
  if (event.seq !== state.seq + 1) return fresh(view)
  if (event.type === 'CatalogueApplied' || event.type === 'EpochStarted') return fresh(view)
  try {
    return { view: { ...view, state: evolve(state, event, emptyShelf) }, next: 'go-on' }
  } catch {
    // The page's state and the log disagree: the snapshot decides.
    return fresh(view)
  }
}

/** When both clocks of this box were read; the host's `sinceMs` is on the same wall clock. */
interface Taken {
  readonly takenMs: number
  readonly wallMs: number
}

/** A host that has not met its branch since it started has no time to tell. */
const sinceTaken = (sinceMs: EpochMs, { takenMs, wallMs }: Taken): number | null =>
  sinceMs > 0 ? takenMs - (wallMs - sinceMs) : null

/** Since when the link is as it is, in the branch's time: this box's wall clock may be wrong. */
export function linkSince({ clock, sinceTakenMs }: BranchView): EpochMs | null {
  if (clock === null || sinceTakenMs === null) return null
  return (clock.atMs + sinceTakenMs - clock.takenMs) as EpochMs
}

function takeMessage(view: BranchView, message: FeedMessage, taken: Taken): FollowStep {
  switch (message.type) {
    case 'hello': {
      const isSameLog = view.state?.epoch === message.epoch && view.state.seq <= message.seq
      return isSameLog ? goOn(view) : fresh(view)
    }
    case 'link':
      return goOn({ ...view, link: message.link, sinceTakenMs: sinceTaken(message.sinceMs, taken) })
    case 'time':
      return goOn({ ...view, clock: { atMs: message.atMs, steadyMs: message.steadyMs, takenMs: taken.takenMs } })
    case 'trial':
      return goOn({ ...view, trial: message })
    case 'identify':
      return goOn({ ...view, identify: message })
    default:
      return foldEvent(view, message)
  }
}

function takeHostState(view: BranchView, host: HostState, taken: Taken): BranchView {
  const sinceTakenMs = sinceTaken(host.sinceMs, taken)
  if (host.device === null) return { ...NOTHING_YET, phase: 'unpaired', link: host.link, sinceTakenMs }
  return {
    ...view,
    phase: view.state === null ? 'starting' : 'following',
    device: host.device,
    link: host.link,
    sinceTakenMs,
    clock: host.time === null ? view.clock : { ...host.time, takenMs: taken.takenMs },
  }
}

/** The host itself fell silent: the page keeps what it has and says since when. */
function loseHost(view: BranchView, takenMs: number): BranchView {
  if (view.link === 'down') return view
  return { ...view, link: 'down', sinceTakenMs: takenMs }
}

/** One step of following a branch. Pure: (what the page knows, what came) → what it knows now. */
export function follow(view: BranchView, input: FollowInput): FollowStep {
  switch (input.type) {
    case 'host-state':
      return goOn(takeHostState(view, input.host, input))
    case 'host-lost':
      return goOn(loseHost(view, input.takenMs))
    case 'snapshot': {
      const clock = view.clock ?? { ...input.snapshot.now, takenMs: input.takenMs }
      return goOn({ ...view, phase: 'following', state: stateOfSnapshot(input.snapshot), clock })
    }
    case 'message':
      return takeMessage(view, input.message, input)
    default:
      return input satisfies never
  }
}
