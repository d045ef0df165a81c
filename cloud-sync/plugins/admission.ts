import type { FastifyReply, FastifyRequest } from 'fastify'
import { problem } from '#shared/wire/problem.ts'
import { UPLOAD_EVENTS_MAX } from '#shared/wire/sync.ts'
import { createPlaces } from '../admission/places.ts'
import { createTurns } from '../admission/turns.ts'
import { createWaitingRoom, type WaitingRoom } from '../admission/waiting-room.ts'
import type { App, Lane, Parts } from '../parts.ts'

// When thousands come back at once, head office wants to see each of them before it sees the past of one. So whoever asks
// comes in one of three lanes, and the more others wait for the database, the fewer lanes are open: last of all that of
// the present. Whoever is turned away is told when to come again, before anything was done for it.

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Left out: whoever asks is let in. */
    lane?: Lane
  }
  interface FastifyRequest {
    /** It has a place among those who bring their history. */
    hasPlace: boolean
    /** It works at it now. */
    hasTurn: boolean
    /**
     * Settles when it may ask the database; what can be done without is done before. As one of so many, and behind the one
     * of its branch that came before: where nobody else waits, as soon as that one holds the branch, to be there when it
     * lets go. How long that takes at most say the limits of the database.
     */
    itsTurn(): Promise<void>
  }
}

export interface AdmissionLimits {
  /** Branches whose uploads are on their way or being worked at. */
  readonly historyPlaces: number
  /** Of these in the database at once: the other connections are for whoever else asks. */
  readonly historyAtOnce: number
  /** Who may wait for the database already, for one more of a lane to be let in; of the history its places are the bound. */
  readonly waitingMax: Readonly<Record<Lane, number>>
}

const LIMITS: AdmissionLimits = {
  historyPlaces: 32,
  historyAtOnce: 5,
  // The longest wait for a connection is 5 s; so many are through in a second, on two cores.
  waitingMax: { now: 400, beside: 40, history: 400 },
}
/** Longer than a line takes for there and back. */
const LINGER_MS = 1_500
const TURN_MS = 30_000

const ROOMS = {
  now: { againPerSecond: 200, againSecondsMin: 1, againSecondsMax: 60 },
  beside: { againPerSecond: 50, againSecondsMin: 5, againSecondsMax: 120 },
  history: { againPerSecond: 50, againSecondsMin: 5, againSecondsMax: 300 },
} as const satisfies Record<Lane, object>

/** Who says to ask; not proven yet, and so worth no more than a number in a line. */
const claimedIn = ({ headers: { authorization = '' } }: FastifyRequest): string =>
  /^SmartQueue [^.]{1,64}\.([^.]{1,64})\./.exec(authorization)?.[1] ?? ''

/** An upload that is full is followed by another; so is the first, that asks how far the cloud is and is told by a gap. */
function hasMore({ body }: FastifyRequest, { statusCode }: FastifyReply): boolean {
  const events = typeof body === 'object' && body !== null && 'events' in body ? body.events : null
  return statusCode === 409 || (Array.isArray(events) && events.length >= UPLOAD_EVENTS_MAX)
}

/** What a cloud tells of its lanes. */
export interface Admission {
  /** Turned away since the start, by lane. */
  readonly turnedAwayCounts: Readonly<Record<Lane, number>>
  /** Branches that wait to bring their history. */
  waitingCount(): number
  /** Branches that bring it now. */
  placeCount(): number
}

/** Before the doors: whoever is turned away costs a look at its headers. */
export function registerAdmission(app: App, { database, nowMs }: Parts, limits: AdmissionLimits = LIMITS): Admission {
  const places = createPlaces({ placesMax: limits.historyPlaces, lingerMs: LINGER_MS, turnMs: TURN_MS })
  const turns = createTurns(limits.historyAtOnce)
  const rooms: Readonly<Record<Lane, WaitingRoom>> = {
    now: createWaitingRoom(ROOMS.now),
    beside: createWaitingRoom(ROOMS.beside),
    history: createWaitingRoom(ROOMS.history),
  }
  const turnedAwayCounts = { now: 0, beside: 0, history: 0 }
  app.decorateRequest('hasPlace', false)
  app.decorateRequest('hasTurn', false)

  function turnAway(lane: Lane, who: string, reply: FastifyReply): FastifyReply {
    turnedAwayCounts[lane] += 1
    return reply
      .code(503)
      .headers({ 'retry-after': rooms[lane].turnAway(who, nowMs()), 'cache-control': 'no-store' })
      .send(problem('TooBusy'))
  }

  app.addHook('onRequest', async (request, reply): Promise<FastifyReply | undefined> => {
    const { lane } = request.routeOptions.config
    if (lane === undefined) return undefined
    const who = claimedIn(request)
    const isCrowded = database.waitingCount() > limits.waitingMax[lane]
    if (isCrowded || (lane === 'history' && !places.hasRoom(who, nowMs()))) return turnAway(lane, who, reply)
    rooms[lane].letIn(who)
    return undefined
  })
  // Its body has not been read yet, and by now it is proven who it is.
  app.addHook('preParsing', async (request, reply): Promise<FastifyReply | undefined> => {
    const { branch } = request
    if (request.routeOptions.config.lane !== 'history' || branch === null) return undefined
    if (!places.enter(branch.branchId, nowMs())) return turnAway('history', branch.branchId, reply)
    request.hasPlace = true
    return undefined
  })
  app.decorateRequest('itsTurn', async function (this: FastifyRequest): Promise<void> {
    const before = this.turn?.before
    await before?.hasBegun
    if (!this.hasPlace) return
    this.hasTurn = turns.takeNow()
    if (this.hasTurn) return
    await before?.isOver
    await turns.take()
    this.hasTurn = true
  })
  app.addHook('onSend', async (request, reply, payload) => {
    if (request.hasTurn) turns.give()
    request.hasTurn = false
    if (request.hasPlace && request.branch !== null) {
      places.leave(request.branch.branchId, nowMs(), hasMore(request, reply))
    }
    request.hasPlace = false
    return payload
  })
  return {
    turnedAwayCounts,
    waitingCount: () => rooms.history.count(nowMs()),
    placeCount: places.count,
  }
}
