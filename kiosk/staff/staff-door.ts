import { randomBytes, timingSafeEqual } from 'node:crypto'
import type { AgentId } from '#shared/domain/ids.ts'
import { parsed } from '#shared/host/branch-client.ts'
import type { DeviceHost } from '#shared/host/device-host.ts'
import { UnreachableError } from '#shared/host/unreachable.ts'
import { type Problem, problem } from '#shared/wire/problem.ts'
import type { StaffAnswer } from '#shared/wire/staff.ts'

/** Nobody has touched the menu for so long: whoever comes next must prove herself. */
const SESSION_IDLE_MS = 120_000
/** A kiosk stands among strangers: the branch's own limit is for each name, this one is for the place. */
const WRONG_MAX = 5
const LOCKED_MS = 600_000
const WRONG: ReadonlySet<string> = new Set(['PinWrong', 'PinLocked'])

/** Who is at the staff menu. */
export interface StaffSession extends StaffAnswer {
  readonly token: string
}

/** The way into the staff menu. One session at a time; nothing of it is kept on the disk. */
export interface StaffDoor {
  signIn(agentId: AgentId, pin: string): Promise<StaffSession | Problem>
  /** Whose session this is, prolonged by being asked for; null = nobody's. */
  find(token: string): StaffSession | null
  leave(): void
}

const isSame = (left: string, right: string): boolean =>
  Buffer.byteLength(left) === Buffer.byteLength(right) && timingSafeEqual(Buffer.from(left), Buffer.from(right))

/** The branch proves the PIN: no copy of any lies on a machine that stands in a public hall. */
export function createStaffDoor(host: Pick<DeviceHost, 'ask' | 'pairing'>, monotonicMs: () => number): StaffDoor {
  let session: StaffSession | null = null
  let endsAtMs = 0
  let wrongCount = 0
  let lockedUntilMs = Number.NEGATIVE_INFINITY

  /** No PIN was wrong: nobody looked at it. */
  function forgive(): void {
    wrongCount = lockedUntilMs > monotonicMs() ? WRONG_MAX - 1 : Math.max(0, wrongCount - 1)
    lockedUntilMs = Number.NEGATIVE_INFINITY
  }

  async function signIn(agentId: AgentId, pin: string): Promise<StaffSession | Problem> {
    if (host.pairing() === null) return problem('NotPaired')
    if (monotonicMs() < lockedUntilMs) return problem('PinLocked')
    // Counted before it is proved, so that tries made at once are counted like tries made in turn.
    wrongCount += 1
    if (wrongCount >= WRONG_MAX) {
      wrongCount = 0
      lockedUntilMs = monotonicMs() + LOCKED_MS
    }
    const body = JSON.stringify({ agentId, pin })
    const answer = await host.ask({ method: 'POST', path: '/api/v1/staff/prove', body })
    if (answer.status !== 200) {
      const refused = parsed<Problem>(answer.body)
      if (!WRONG.has(refused.code)) forgive()
      return refused
    }
    wrongCount = 0
    lockedUntilMs = Number.NEGATIVE_INFINITY
    session = { ...parsed<StaffAnswer>(answer.body), token: randomBytes(24).toString('base64url') }
    endsAtMs = monotonicMs() + SESSION_IDLE_MS
    return session
  }

  return {
    signIn: (agentId, pin) =>
      signIn(agentId, pin).catch((error: unknown) => {
        if (!(error instanceof UnreachableError)) throw error
        forgive()
        return problem('BranchUnreachable')
      }),
    find(token) {
      if (session === null || monotonicMs() >= endsAtMs || !isSame(session.token, token)) return null
      endsAtMs = monotonicMs() + SESSION_IDLE_MS
      return session
    },
    leave() {
      session = null
    },
  }
}
