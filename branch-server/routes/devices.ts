import { randomUUID } from 'node:crypto'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { DeviceId, Epoch } from '#shared/domain/ids.ts'
import { isLoopback } from '#shared/http/is-loopback.ts'
import { waitSeconds } from '#shared/http/pace.ts'
import { ownAddresses } from '#shared/network/own-addresses.ts'
import type { DeviceContact } from '#shared/wire/device-contact.ts'
import { problem } from '#shared/wire/problem.ts'
import { ClaimBody, DeviceParams, type FormerDevice, PairingBody } from '#shared/wire/requests.ts'
import { sixWords } from '#shared/words/six-words.ts'
import { hashToken, makeToken, type Pairing } from '../access/pairings.ts'
import { removeDevice } from '../access/remove-device.ts'
import { createSecretAnswers } from '../access/secret-answers.ts'
import type { App, Parts } from '../parts.ts'
import { auditWrites } from '../plugins/audit.ts'
import { originOf } from '../plugins/doors.ts'
import type { Device } from '../store/devices.ts'
import { ask } from './ask.ts'

const INSTALLER = { doors: ['installer'] } as const

const deviceJson = ({ deviceId, kind, name, slot, pairedAtMs }: Device): object => ({
  deviceId,
  kind,
  name,
  slot,
  pairedAtMs,
})

/** Asked for on the branch's own machine, a link must all the same lead there from another one. */
function linkHost({ protocol, host, hostname, port }: FastifyRequest): string {
  const [address] = protocol === 'https' && isLoopback(hostname) ? ownAddresses() : []
  return address === undefined ? host : `${address}:${port}`
}

/** Whether this is the branch that a device was paired with before: the same log, or at least the same name. */
function isFormerBranch({ waist }: Parts, { epoch, branchId }: FormerDevice): boolean {
  const { store, state } = waist.branch()
  return store.log.hasEpoch(epoch as Epoch) || (branchId !== null && state.catalogue?.body.branch.id === branchId)
}

/**
 * Pairs a device: its row becomes true in a commit of the waist, as everything does. One that proves to be known stays
 * who it is; a kiosk that the branch has lost keeps the slot it prints from.
 */
async function pair(
  parts: Parts,
  request: FastifyRequest,
  { kind, name }: Pairing,
  former: FormerDevice | null,
): Promise<{ status: number; body: object }> {
  const { waist, clocks, feed } = parts
  const token = makeToken()
  const fresh = { kind, name, tokenHash: hashToken(token), pairedAtMs: Math.floor(clocks.wallMs()) }
  const isSame = former !== null && isFormerBranch(parts, former)
  const paired: Device[] = []
  const auditing = auditWrites(parts, request, () => ({
    about: paired[0]?.deviceId ?? null,
    after: { kind, slot: paired[0]?.slot ?? null, isKnown: paired[0]?.deviceId === former?.deviceId },
  }))
  const reply = await waist.execute({
    origin: { kind: 'branch', deviceId: 'branch' as DeviceId },
    command: { type: 'KeepTime' },
    answer: () => ({ status: 201, body: {} }),
    idempotency: null,
    bookmark: null,
    // The place is chosen inside the transaction: of two kiosks that claim at once, the second sees the first one's.
    writes: (store) => {
      const known = store.devices.all().find((it) => it.kind === kind && isItself(it, former))
      if (known !== undefined) {
        const { deviceId, slot } = known
        store.devices.renew({ ...fresh, deviceId, slot })
        paired.push({ ...fresh, deviceId, slot })
        auditing?.(store)
        return
      }
      const today = waist.branch().state.day?.date ?? null
      const slot = kind === 'kiosk' ? store.devices.freeSlot(today, isSame ? former : null) : null
      if (kind === 'kiosk' && slot === null) return
      const device = { ...fresh, deviceId: randomUUID() as DeviceId, slot }
      store.devices.add(device)
      paired.push(device)
      auditing?.(store)
    },
  })
  if (reply.status !== 201) return { status: reply.status, body: JSON.parse(reply.body) as object }
  const [device] = paired
  if (device === undefined) return { status: 409, body: problem('KioskSlotsExhausted') }
  parts.keepDevices()
  // Where it was known, whoever still listens with its old token is cut off.
  feed.drop(device.deviceId)
  const isKnown = isSame || device.deviceId === former?.deviceId
  return { status: 201, body: { ...deviceJson(device), token, isSameBranch: isKnown } }
}

const isItself = ({ deviceId, tokenHash }: Device, former: FormerDevice | null): boolean =>
  deviceId === former?.deviceId && tokenHash === former.tokenHash

export function registerDeviceRoutes(app: App, parts: Parts): void {
  const { roster, pairings, feed, clocks, keys } = parts
  const answers = createSecretAnswers(clocks.monotonicMs)
  const words = sixWords(Buffer.from(keys.fingerprint, 'base64url'))
  const send = (reply: FastifyReply, { status, body }: { status: number; body: object }): FastifyReply =>
    reply.code(status).send(body)

  app.post(
    '/api/v1/pairings',
    { config: { ...INSTALLER, audit: 'PairingCodeMade' }, schema: { body: PairingBody } },
    async (request, reply) =>
      send(
        reply,
        await answers.once(request, async () => {
          const made = pairings.make(request.body)
          if (made === null) return { status: 429, body: problem('PairingsTooMany') }
          const link = `${request.protocol}://${linkHost(request)}/#pair=${made.code}&key=${keys.fingerprint}`
          return {
            status: 201,
            body: { code: made.code, link, words, expiresAtMs: Math.floor(clocks.wallMs()) + made.expiresInMs },
          }
        }),
      ),
  )
  app.post(
    '/api/v1/pairings/claim',
    { config: { doors: 'open', audit: 'DevicePaired' }, schema: { body: ClaimBody } },
    async (request, reply) => {
      const { code, kind, former = null } = request.body
      const claimed = pairings.claim(request.ip, (take) =>
        answers.once(request, async () => {
          const pairing = take(code, kind)
          if (pairing === null) return { status: 403, body: problem('PairingCodeInvalid') }
          const answer = await pair(parts, request, pairing, former)
          if (answer.status !== 201) pairing.putBack()
          return answer
        }),
      )
      if ('answer' in claimed) return send(reply, await claimed.answer)
      return reply.code(429).header('retry-after', waitSeconds(claimed.waitMs)).send(problem('TooManyRequests'))
    },
  )
  app.get('/api/v1/devices', { config: INSTALLER }, () => roster.devices().map(deviceJson))
  app.get('/api/v1/devices/contact', { config: { doors: ['caller', 'installer'] } }, (): readonly DeviceContact[] =>
    roster
      .devices()
      .map(({ deviceId, kind, name }) => ({ deviceId, kind, name, isInContact: feed.isInContact(deviceId) })),
  )
  app.delete(
    '/api/v1/devices/:deviceId',
    { config: { ...INSTALLER, audit: 'DeviceRemoved' }, schema: { params: DeviceParams } },
    async (request, reply) => {
      const deviceId = request.params.deviceId as DeviceId
      if (roster.find(deviceId) === undefined)
        return reply.code(404).send(problem('DeviceUnknown', { about: deviceId }))
      return removeDevice({ ...parts, wallMs: clocks.wallMs }, deviceId, (writes) =>
        ask(parts, request, reply, { type: 'RemoveDevice', deviceId }, () => ({ status: 200, body: { deviceId } }), {
          writes,
        }),
      )
    },
  )
  app.get('/api/v1/devices/self', { config: { doors: ['kiosk', 'caller', 'display'] } }, (request) => {
    const device = roster.find(originOf(request).deviceId)
    return device === undefined ? {} : deviceJson(device)
  })
}
