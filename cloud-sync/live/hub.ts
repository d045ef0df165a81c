import type { FastifyBaseLogger } from 'fastify'
import type { FleetBranch } from '#shared/wire/draft.ts'
import {
  LIVE_CLOSES,
  LIVE_PACE_MS,
  LIVE_STILL_MS,
  type LiveAlerts,
  type LiveFloor,
  type StatsUpdated,
} from '#shared/wire/live.ts'
import type { BranchIdentity } from '../store/inbox.ts'

/** The few calls of a socket that the hub uses. */
export interface LiveSocket {
  readonly bufferedAmount: number
  send(text: string): void
  ping(): void
  close(code: number, reason: string): void
  terminate(): void
}

/** Who follows a tenant, or one branch of it. */
export interface Follower {
  readonly tenantId: string
  /** null: all of them */
  readonly branchId: string | null
  readonly mayReadTickets: boolean
  /** Whoever asks, as one word. */
  readonly asker: string
  /** When what she came with ends. */
  readonly expiresAtMs: number
  /** What she may now, as the door would say; null: it would not let her in. */
  readonly prove: () => Promise<Pick<Follower, 'mayReadTickets'> | null>
}

/** What there is to be told, each as the tenant. */
export interface LiveReader {
  /** @param branchIds - null: all of them */
  branches(tenantId: string, branchIds: readonly string[] | null): Promise<readonly FleetBranch[]>
  floor(branch: BranchIdentity): Promise<LiveFloor | null>
  alerts(tenantId: string): Promise<LiveAlerts>
}

export interface Hub {
  /** Tells all there is at once, and what changes from then on. */
  follow(socket: LiveSocket, follower: Follower): void
  leave(socket: LiveSocket): void
  /** It answered: the line lives. */
  heard(socket: LiveSocket): void
  /** Something of a branch has changed; null: something else of the tenant has. */
  note(tenantId: string, branchId: string | null): void
  /** Any branch may be otherwise: who follows the tenant, or any at all, is told everything anew. */
  noteAll(tenantId?: string): void
  /** What somebody may do has changed, or anybody: she is asked at her door with the next tick. */
  proveAgain(asker: string | null): void
  /** Tells whoever is due. @returns once they are told */
  tick(): Promise<void>
  count(): number
  close(): void
}

/** Of one cloud. */
const FOLLOWERS_MAX = 2_000
const FOLLOWERS_PER_ASKER_MAX = 20
/** Bytes that somebody has not read; beyond it she is told nothing more until she has. */
const UNREAD_BYTES_MAX = 1024 * 1024
/** Whoever does not read for so long is dropped, and comes back when she can. */
const STALLED_MS_MAX = 30_000
/** She is asked anew at her door this often: a role that was taken away ends here, too. */
const PROOF_MS = 15_000
/** As many at once, so that all are within that time, and the database is for others, too; one that failed waits. */
const PROOFS_AT_ONCE = 40
const PROOF_AGAIN_MS = 2_000
/** A line on which nothing was answered for so long is dead. */
const UNHEARD_MS_MAX = 3 * PROOF_MS
/** Tenants that are read at once, and floors of each: connections to the database are for others, too. */
const ROOMS_AT_ONCE = 3
const FLOORS_AT_ONCE = 2
/** When many come at once, as after a start, they are told together. */
const WELCOME_MS = 1_000

interface Following extends Omit<Follower, 'mayReadTickets'> {
  readonly socket: LiveSocket
  mayReadTickets: boolean
  /** Which change of the tenant she was told last; -1: none. */
  seen: number
  toldAtMs: number
  proveAtMs: number
  heardAtMs: number
  readAtMs: number
  isBeingProven: boolean
}

/** A tenant that somebody follows. */
interface Room {
  readonly followers: Map<LiveSocket, Following>
  readonly changeByBranch: Map<string, number>
  change: number
  /** Since then all of its branches may be otherwise: whoever was told before is told all of them. */
  allChange: number
  beatAtMs: number
  welcomedAtMs: number
  isReading: boolean
}

interface HubParts {
  readonly reader: LiveReader
  readonly nowMs: () => number
  readonly log: FastifyBaseLogger
}

/** Keeps what is sent to a number of followers that are alike. */
const once = <Key, Value>(make: (key: Key) => Value): ((key: Key) => Value) => {
  const made = new Map<Key, Value>()
  return (key) => {
    const known = made.get(key)
    if (known !== undefined) return known
    const value = make(key)
    made.set(key, value)
    return value
  }
}

/** Reads what is to be told to these, each thing once, and tells them. */
async function tell(reader: LiveReader, tenantId: string, room: Room, due: readonly Following[], atMs: number) {
  // As it is before anything is read: what changes meanwhile is told with the next beat, all of it.
  const { change: upTo, allChange } = room
  const changeByBranch = new Map(room.changeByBranch)
  const isWhole = (seen: number): boolean => seen < allChange
  const isNews = (branchId: string, seen: number): boolean =>
    isWhole(seen) || (changeByBranch.get(branchId) ?? 0) > seen
  const since = Math.min(...due.map(({ seen }) => seen))
  const wide = due.filter(({ branchId }) => branchId === null)
  const named = [...new Set(due.flatMap(({ branchId }) => branchId ?? []))].filter((id) => isNews(id, since))
  const wanted = wide.some(({ seen }) => isWhole(seen))
    ? null
    : [...(wide.length > 0 ? changeByBranch.keys() : [])].filter((id) => isNews(id, since))
  const branchIds = wanted === null ? null : [...new Set([...wanted, ...named])]
  const [branches, alerts] = await Promise.all([
    branchIds?.length === 0 ? [] : reader.branches(tenantId, branchIds),
    reader.alerts(tenantId),
  ])
  const floorById = new Map<string, LiveFloor | null>()
  for (let at = 0; at < named.length; at += FLOORS_AT_ONCE)
    await Promise.all(
      named
        .slice(at, at + FLOORS_AT_ONCE)
        .map(async (branchId) => floorById.set(branchId, await reader.floor({ tenantId, branchId }))),
    )
  const whole = { type: 'stats.updated', atMs, alerts } as const
  const textFor = ({ branchId, seen, mayReadTickets }: Following): string => {
    const isOfHers = (id: string): boolean => (branchId === null || branchId === id) && isNews(id, seen)
    const floor = branchId === null || !isOfHers(branchId) ? undefined : (floorById.get(branchId) ?? null)
    const told: StatsUpdated = {
      ...{ ...whole, isWhole: isWhole(seen), branches: branches.filter((it) => isOfHers(it.branchId)) },
      ...(floor !== undefined && { floor: floor === null || mayReadTickets ? floor : { ...floor, tickets: null } }),
    }
    return JSON.stringify(told)
  }
  const byLikeness = new Map(due.map((it) => [`${it.branchId} ${it.seen} ${it.mayReadTickets}`, it]))
  const textOf = once((likeness: string) => textFor(byLikeness.get(likeness) as Following))
  for (const follower of due) {
    // Gone while it was read.
    if (room.followers.get(follower.socket) !== follower) continue
    follower.socket.send(textOf(`${follower.branchId} ${follower.seen} ${follower.mayReadTickets}`))
    follower.seen = upTo
    follower.toldAtMs = atMs
  }
}

/** Who follows which tenant, and when each is told: state, never a queue of messages, so that nobody's line can fill up. */
export function createHub({ reader, nowMs, log }: HubParts): Hub {
  const rooms = new Map<string, Room>()
  const tenantOf = new Map<LiveSocket, string>()
  let [readingCount, provingCount] = [0, 0]

  const leave = (socket: LiveSocket): void => {
    const tenantId = tenantOf.get(socket) ?? ''
    const room = rooms.get(tenantId)
    tenantOf.delete(socket)
    room?.followers.delete(socket)
    if (room?.followers.size === 0) rooms.delete(tenantId)
  }
  const end = (socket: LiveSocket, code: number, reason: string): void => {
    leave(socket)
    socket.close(code, reason)
  }

  function isDue(follower: Following, room: Room, now: number): boolean {
    if (follower.socket.bufferedAmount > UNREAD_BYTES_MAX) return false
    if (follower.toldAtMs < 0) return now - room.welcomedAtMs >= WELCOME_MS
    if (now - room.beatAtMs < LIVE_PACE_MS || now - follower.toldAtMs < LIVE_PACE_MS) return false
    const { branchId, seen } = follower
    const hasNews =
      branchId === null || seen < room.allChange ? room.change > seen : (room.changeByBranch.get(branchId) ?? 0) > seen
    return hasNews || now - follower.toldAtMs >= LIVE_STILL_MS
  }

  async function tellRoom(tenantId: string, room: Room): Promise<void> {
    const now = nowMs()
    const due = [...room.followers.values()].filter((it) => isDue(it, room, now))
    // Whoever finds no place is told with the next tick.
    if (room.isReading || readingCount >= ROOMS_AT_ONCE || due.length === 0) return
    room.isReading = true
    readingCount += 1
    if (due.some(({ toldAtMs }) => toldAtMs < 0)) room.welcomedAtMs = now
    if (due.some(({ toldAtMs }) => toldAtMs >= 0)) room.beatAtMs = now
    try {
      await tell(reader, tenantId, room, due, now)
    } catch (error) {
      // Whoever is not told sees the age of what she has; it is tried again with the next beat.
      log.warn({ err: error, tenantId }, 'the live figures of a tenant could not be read')
    } finally {
      room.isReading = false
      readingCount -= 1
    }
  }

  /** Whoever may no more, does not read or is not there any more, goes. */
  async function look(follower: Following, now: number): Promise<void> {
    const { socket } = follower
    if (socket.bufferedAmount <= UNREAD_BYTES_MAX) follower.readAtMs = now
    if (now - follower.heardAtMs > UNHEARD_MS_MAX) {
      leave(socket)
      socket.terminate()
    } else if (now - follower.readAtMs > STALLED_MS_MAX) end(socket, LIVE_CLOSES.slow, 'what was sent is not read')
    else if (now >= follower.expiresAtMs) end(socket, LIVE_CLOSES.over, 'the token is over')
    else if (now >= follower.proveAtMs && !follower.isBeingProven && provingCount < PROOFS_AT_ONCE) {
      follower.isBeingProven = true
      follower.proveAtMs = now + PROOF_MS // now: what changes while she is asked asks her once more
      provingCount += 1
      socket.ping()
      try {
        const may = await follower.prove()
        if (may === null) end(socket, LIVE_CLOSES.over, 'it may not be followed any more')
        else Object.assign(follower, may)
      } catch (error) {
        follower.proveAtMs = now + PROOF_AGAIN_MS
        log.warn({ err: error }, 'who follows could not be looked at; it is tried again')
      } finally {
        follower.isBeingProven = false
        provingCount -= 1
      }
    }
  }

  return {
    follow(socket, follower) {
      const room: Room = rooms.get(follower.tenantId) ?? {
        ...{ followers: new Map(), changeByBranch: new Map(), change: 0, allChange: 0 },
        ...{ beatAtMs: -Infinity, welcomedAtMs: -Infinity, isReading: false },
      }
      const ofAsker = [...room.followers.values()].filter(({ asker }) => asker === follower.asker).length
      if (tenantOf.size >= FOLLOWERS_MAX || ofAsker >= FOLLOWERS_PER_ASKER_MAX) {
        socket.close(LIVE_CLOSES.busy, 'too many follow')
        return
      }
      const now = nowMs()
      rooms.set(follower.tenantId, room)
      tenantOf.set(socket, follower.tenantId)
      const times = { toldAtMs: -Infinity, proveAtMs: now, heardAtMs: now, readAtMs: now } // now: a right may be gone
      room.followers.set(socket, { ...follower, socket, seen: -1, ...times, isBeingProven: false })
    },
    leave,
    heard(socket) {
      const follower = rooms.get(tenantOf.get(socket) ?? '')?.followers.get(socket)
      if (follower !== undefined) follower.heardAtMs = nowMs()
    },
    note(tenantId, branchId) {
      const room = rooms.get(tenantId)
      if (room === undefined) return
      room.change += 1
      if (branchId !== null) room.changeByBranch.set(branchId, room.change)
    },
    noteAll(tenantId) {
      for (const [id, room] of rooms) {
        if (tenantId !== undefined && id !== tenantId) continue
        room.change += 1
        room.allChange = room.change
      }
    },
    proveAgain(asker) {
      for (const follower of [...rooms.values()].flatMap((room) => [...room.followers.values()]))
        if (asker === null || follower.asker === asker) follower.proveAtMs = -Infinity
    },
    async tick() {
      const now = nowMs()
      const all = [...rooms].flatMap(([, { followers }]) => [...followers.values()])
      await Promise.all(all.map((follower) => look(follower, now)))
      await Promise.all([...rooms].map(([tenantId, room]) => tellRoom(tenantId, room)))
    },
    count: () => tenantOf.size,
    close() {
      for (const socket of [...tenantOf.keys()]) {
        leave(socket)
        socket.terminate()
      }
    },
  }
}
