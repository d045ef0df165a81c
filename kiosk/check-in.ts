import type { FastifyInstance } from 'fastify'
import type { Language } from '#shared/domain/ids.ts'
import type { BranchAnswer } from '#shared/host/branch-client.ts'
import type { TicketJson } from '#shared/project/ticket-json.ts'
import { CheckInBody } from '#shared/wire/appointments.ts'
import { type Problem, problem } from '#shared/wire/problem.ts'
import {
  askBranch,
  askInDoubt,
  isBesideThePoint,
  type KioskParts,
  problemAnswer,
  promise,
  type Taken,
  type TapAnswer,
} from './take-ticket.ts'
import { tapKeyOf } from './tap-key.ts'

/** An answer that was lost is asked for again with the same key: else the customer would hear that she has come already. */
const TRIES_MAX = 3

/** That too many codes were tried is an answer, too: asking again would only count as more. */
const isClear = (answer: BranchAnswer): boolean => answer.status === 429 || !isBesideThePoint(answer)

interface CheckIn {
  readonly key: string
  /** As it was typed or scanned. */
  readonly code: string
  readonly language: Language | null
}

/**
 * Gives whoever is expected her ticket, on paper. Who is expected the branch alone knows: without it there is no
 * ticket of an appointment, and the customer is told so.
 */
export async function checkIn(parts: KioskParts, { key, code, language }: CheckIn): Promise<TapAnswer> {
  const first = parts.store.answerTo(key)
  if (first !== null) return { status: 201, body: JSON.parse(first) as Taken }
  if (parts.host.pairing() === null) return problemAnswer('NotPaired')
  if (parts.withdrawals.isGivenUp(key)) return problemAnswer('TapWithdrawn')
  const answer = await askInDoubt(parts, key, async () => {
    let heard: Awaited<ReturnType<typeof askBranch>> = null
    for (let tries = 0; tries < TRIES_MAX && heard === null; tries += 1)
      heard = await askBranch(parts, '/api/v1/check-ins', { code, language }, key, isClear)
    return heard
  })
  if (answer === null) {
    parts.withdrawals.gaveNothing(key)
    return problemAnswer('BranchUnreachable')
  }
  if (answer.status !== 201) return { status: answer.status, body: answer.body as Problem }
  return promise(parts, { key }, answer.body as TicketJson, null)
}

export function registerCheckIn(app: FastifyInstance, parts: KioskParts): void {
  /** A code that is sent twice while the first is under way waits for it. */
  const underWay = new Map<string, Promise<TapAnswer>>()
  app.post('/local/v1/check-ins', { schema: { body: CheckInBody } }, async (request, reply) => {
    const key = tapKeyOf(request)
    if (key === null) return reply.code(400).send(problem('RequestInvalid'))
    const { code, language = null } = request.body as CheckInBody
    const asking = underWay.get(key) ?? checkIn(parts, { key, code, language }).finally(() => underWay.delete(key))
    underWay.set(key, asking)
    const { status, body } = await asking
    return reply.code(status).send(body)
  })
}
