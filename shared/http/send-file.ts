import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import type { FastifyReply, FastifyRequest } from 'fastify'

interface Span {
  readonly from: number
  readonly to: number
}

/**
 * The one span that is asked for; several at once are answered with the whole file, as RFC 9110 allows.
 * @returns null: the whole file; `none`: nothing of this file is in it
 */
export function spanOf(range: string | undefined, bytes: number): Span | null | 'none' {
  const match = /^bytes=(\d{0,15})-(\d{0,15})$/.exec(range ?? '')
  if (match === null) return null
  const [, first = '', last = ''] = match
  if (first === '' && last === '') return null
  const from = first === '' ? Math.max(0, bytes - Number(last)) : Number(first)
  const to = first === '' || last === '' ? bytes - 1 : Math.min(bytes - 1, Number(last))
  return from > to ? 'none' : { from, to }
}

/** Sends a file, or the span of it that is asked for. @throws Error of the file system when it is not there */
export async function sendFile(
  request: FastifyRequest,
  reply: FastifyReply,
  file: string,
  type: string,
): Promise<FastifyReply> {
  const { size } = await stat(file)
  const span = spanOf(request.headers.range, size)
  reply.header('accept-ranges', 'bytes').type(type)
  if (span === 'none') return reply.code(416).header('content-range', `bytes */${size}`).send('')
  if (span === null) return reply.header('content-length', size).send(createReadStream(file))
  const { from, to } = span
  return reply
    .code(206)
    .header('content-range', `bytes ${from}-${to}/${size}`)
    .header('content-length', to - from + 1)
    .send(createReadStream(file, { start: from, end: to }))
}
