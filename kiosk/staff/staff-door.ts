import { randomBytes, timingSafeEqual } from 'node:crypto'
import type { AgentId } from '#shared/domain/ids.ts'
import { parsed } from '#shared/host/branch-client.ts'
import type { DeviceHost } from '#shared/host/device-host.ts'
import { UnreachableError } from '#shared/host/unreachable.ts'
import { type Problem, problem } from '#shared/wire/problem.ts'
import type { StaffAnswer } from '#shared/wire/staff.ts'
import { createPinTries } from './pin-tries.ts'

/** Nobody has done anything in the menu for so long: whoever comes next must prove herself. */
const SESSION_IDLE_MS = 120_000
/** However much is done: whoever finds the menu open does not keep it open. */
const SESSION_MS_MAX = 600_000

/** Who is at the staff menu. */
export interface StaffSession extends StaffAnswer {
  readonly token: string
}

/** The way into the staff menu. One session at a time; nothing of it is kept on the disk. */
export interface StaffDoor {
  signIn(agentId: AgentId, pin: string): Promise<StaffSession | Problem>
  /** Whose session this is; null = nobody's, or it is over. Prolongs nothing: a page asks by itself. */
  find(token: string): StaffSession | null
  /** The same for what a person does, which keeps the menu open. */
  act(token: string): StaffSession | null
  leave(): void
}

/** What the door needs of the device's host. */
export interface DoorHost extends Pick<DeviceHost, 'ask' | 'pairing'> {
  readonly store: Pick<DeviceHost['store'], 'seen'>
}

interface Kept {
  readonly session: StaffSession
  readonly grounds: string
  readonly beganMs: number
  readonly touchedMs: number
}

const isSame = (left: string, right: string): boolean =>
  Buffer.byteLength(left) === Buffer.byteLength(right) && timingSafeEqual(Buffer.from(left), Buffer.from(right))

/**
 * What a PIN was proved on. Another pairing, or another catalogue, may know nobody of that name, or another PIN for her:
 * PINs never come to a kiosk, so it cannot tell which catalogue changed whose.
 */
function groundsOf({ pairing, store }: DoorHost): string {
  const seen = store.seen()
  return JSON.stringify([pairing()?.token, seen?.bookmark.epoch, seen?.state.catalogue?.version])
}

/** The branch proves the PIN: no copy of any lies on a machine that stands in a public hall. */
export function createStaffDoor(host: DoorHost, monotonicMs: () => number): StaffDoor {
  const tries = createPinTries(monotonicMs)
  let kept: Kept | null = null

  async function signIn(agentId: AgentId, pin: string): Promise<StaffSession | Problem> {
    if (host.pairing() === null) return problem('NotPaired')
    if (!tries.mayTry(agentId)) return problem('StaffMenuLocked')
    const grounds = groundsOf(host)
    const body = JSON.stringify({ agentId, pin })
    const answer = await host.ask({ method: 'POST', path: '/api/v1/staff/prove', body }).catch((error: unknown) => {
      if (!(error instanceof UnreachableError)) throw error
      return null
    })
    if (answer?.status !== 200) {
      const refused = answer === null ? problem('BranchUnreachable') : parsed<Problem>(answer.body)
      if (refused.code !== 'PinWrong') tries.takeBack(agentId)
      return refused
    }
    tries.forgive(agentId)
    const session = { ...parsed<StaffAnswer>(answer.body), token: randomBytes(24).toString('base64url') }
    kept = { session, grounds, beganMs: monotonicMs(), touchedMs: monotonicMs() }
    return session
  }

  function find(token: string): StaffSession | null {
    if (kept === null) return null
    const { session, grounds, beganMs, touchedMs } = kept
    const nowMs = monotonicMs()
    const isOver = nowMs >= touchedMs + SESSION_IDLE_MS || nowMs >= beganMs + SESSION_MS_MAX
    const isSuspended = host.store.seen()?.state.suspended.has(session.agentId) === true
    if (isOver || isSuspended || grounds !== groundsOf(host)) {
      kept = null
      return null
    }
    return isSame(session.token, token) ? session : null
  }

  return {
    signIn,
    find,
    act(token) {
      const session = find(token)
      if (session !== null && kept !== null) kept = { ...kept, touchedMs: monotonicMs() }
      return session
    },
    leave() {
      kept = null
    },
  }
}
