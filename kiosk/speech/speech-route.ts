import type { FastifyInstance } from 'fastify'
import { Type } from 'typebox'
import { SPOKEN_LENGTH_MAX, type Speech } from '#shared/speech/espeak.ts'
import { problem } from '#shared/wire/problem.ts'
import { language } from '#shared/wire/requests.ts'
import { type ParsedBy, strict } from '#shared/wire/schema.ts'

const SpeechBody = Type.Object(
  { text: Type.String({ minLength: 1, maxLength: SPOKEN_LENGTH_MAX, pattern: '\\S' }), language },
  strict,
)

/** The page's sentences as sound. In a body, never in an address: what is spoken may be somebody's own. */
export function registerSpeech(app: FastifyInstance, speech: Speech): void {
  app.post('/local/v1/speech', { schema: { body: SpeechBody } }, async (request, reply) => {
    const body = request.body as ParsedBy<typeof SpeechBody>
    const spoken = await speech.say(body.text, body.language)
    if (typeof spoken !== 'string') return reply.header('cache-control', 'no-store').type('audio/wav').send(spoken)
    const refused = problem(spoken)
    return reply.code(refused.status).send(refused)
  })
}
