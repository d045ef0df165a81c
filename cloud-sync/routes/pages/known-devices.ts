import { randomUUID } from 'node:crypto'
import type { FastifyReply, FastifyRequest } from 'fastify'
import ipaddr from 'ipaddr.js'
import type { Identity } from '../../identity/open-identity.ts'
import { findPerson, type Person } from '../../identity/people/people.ts'
import type { TrySource } from '../../identity/people/tries.ts'
import { isSignedOut, signInSecond } from '../../identity/provider/signed-out.ts'
import { createSealedCookie } from './sealed-cookie.ts'

/** Whoever signs in at all does so within so long. */
const KNOWN_MS = 180 * 24 * 3_600_000
/** People of one browser; of more the one who was there longest ago is a stranger again. */
const PEOPLE_MAX = 8

/** What a browser brings that somebody has signed in with. It signs nobody in: it only counts tries by itself. */
interface Device {
  readonly deviceId: string
  /** Who has, and in which second: what was before she signed out of everything counts no more. */
  readonly people: readonly (readonly [personId: string, atS: number])[]
}

export interface KnownDevices {
  /** @param person - whose address is tried; null: nobody has it */
  sourceOf(request: FastifyRequest, person: Person | null): TrySource
  /** She has proved all that she must. */
  remember(request: FastifyRequest, reply: FastifyReply, person: Person): void
  /**
   * The same of whoever has just chosen a password here, which has made all her devices strange: whoever uses up the tries
   * of strangers would else keep her out of what she has opened.
   */
  rememberAnew(request: FastifyRequest, reply: FastifyReply, personId: string): Promise<void>
}

/** Of IPv6 a line has a whole /64, and may choose among it at will. */
export function lineOf(address: string): string {
  if (!ipaddr.isValid(address)) return address
  const parsed = ipaddr.process(address)
  if (parsed.kind() === 'ipv4') return parsed.toString()
  return parsed.toByteArray().slice(0, 8).join('.')
}

export function createKnownDevices(identity: Identity, nowMs: () => number): KnownDevices {
  const cookie = createSealedCookie<Device>(identity, { name: 'smartqueue_device', ageMsMax: KNOWN_MS, nowMs })
  function remember(request: FastifyRequest, reply: FastifyReply, person: Person): void {
    const { personId } = person
    const { deviceId, people } = cookie.read(request) ?? { deviceId: randomUUID(), people: [] }
    const others = people.filter(([id]) => id !== personId)
    const hers = [personId, signInSecond(person, nowMs())] as const
    cookie.keep(reply, '/', { deviceId, people: [hers, ...others].slice(0, PEOPLE_MAX) })
  }

  return {
    remember,
    sourceOf(request, person) {
      const device = cookie.read(request)
      const since = device?.people.find(([personId]) => personId === person?.personId)?.[1]
      const isHers = person !== null && since !== undefined && !isSignedOut(person, since)
      return { isHers, name: isHers ? `device ${device?.deviceId}` : `line ${lineOf(request.ip)}` }
    },
    async rememberAnew(request, reply, personId) {
      // As she is now: what is noted here must count after her leaving.
      const person = await findPerson(identity.store, personId)
      if (person !== null) remember(request, reply, person)
    },
  }
}
