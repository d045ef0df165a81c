import type { FastifyReply } from 'fastify'
import { type AuditCode, NOT_AUDITED } from '#shared/audit/operations.ts'
import { phraseText } from '#shared/voice/call-pieces.ts'
import { type ProblemCode, problem } from '#shared/wire/problem.ts'
import {
  ClipBody,
  ClipParams,
  HashParams,
  PackBody,
  PackParams,
  PhraseParams,
  PhraseQuery,
  TurnBody,
  type TurnReply,
  type VoiceState,
} from '#shared/wire/voice.ts'
import type { App, Parts } from '../parts.ts'
import { paceOfDevice } from '../plugins/device-pace.ts'
import { originOf } from '../plugins/doors.ts'
import { managersOnly } from './management.ts'

/** While it has something to say a page asks three times a second, and a device may show several. */
const TURNS_PER_MINUTE_MAX = 1_200
/** A lobby that comes back fetches all it may need. */
const SOUNDS_PER_MINUTE_MAX = 3_000

const DISPLAYS = { doors: ['display'], rateLimit: paceOfDevice(SOUNDS_PER_MINUTE_MAX) } as const
const MANAGEMENT = { doors: ['caller', 'installer'] } as const

function refuse(reply: FastifyReply, code: ProblemCode, about: string): FastifyReply {
  const body = problem(code, { about })
  return reply.code(body.status).send(body)
}

/** A host passes on as a file what says so. */
const sendSound = (reply: FastifyReply, sound: Buffer): FastifyReply =>
  reply.type('audio/wav').header('content-disposition', 'inline; filename="clip.wav"').send(sound)

/** How the lobby is heard: for displays, and for whoever records a voice. */
export function registerVoiceRoutes(app: App, parts: Parts): void {
  const { voice, waist } = parts

  // Never logged one by one: three a second while a lobby is called in.
  app.post(
    '/api/v1/voice/turn',
    {
      config: { doors: ['display'], audit: NOT_AUDITED.upkeep, rateLimit: paceOfDevice(TURNS_PER_MINUTE_MAX) },
      schema: { body: TurnBody },
      logLevel: 'warn',
    },
    (request): TurnReply => ({
      ...voice.turns.ask(originOf(request).deviceId, request.body),
      version: voice.packs.version(),
    }),
  )
  app.get('/api/v1/voice/packs', { config: { doors: ['display', 'caller', 'installer'] } }, (request): VoiceState => {
    const packs = voice.packs.all()
    // What is still being recorded is nothing for a lobby.
    const isDisplay = originOf(request).kind === 'display'
    return { version: voice.packs.version(), packs: isDisplay ? packs.filter((pack) => pack.isPublished) : packs }
  })
  app.get(
    '/api/v1/voice/clips/:hash',
    {
      config: { ...DISPLAYS, doors: ['display', 'caller', 'installer'] },
      schema: { params: HashParams },
      logLevel: 'warn',
    },
    async (request, reply) => {
      const sound = await voice.packs.clip(request.params.hash)
      return sound === null ? refuse(reply, 'ClipUnknown', request.params.hash) : sendSound(reply, sound)
    },
  )
  app.get(
    '/api/v1/voice/phrases/:language/:kind/:value',
    { config: DISPLAYS, schema: { params: PhraseParams, querystring: PhraseQuery }, logLevel: 'warn' },
    async (request, reply) => {
      const { language, kind, value } = request.params
      const catalogue = waist.branch().state.catalogue?.body
      const text = catalogue === undefined ? null : phraseText(kind, value, language, catalogue)
      // Nobody has the branch say what it would not say itself.
      if (text === null || text !== request.query.text) return refuse(reply, 'ClipUnknown', value)
      const sound = await voice.say(text, language)
      return typeof sound === 'string' ? refuse(reply, sound, value) : sendSound(reply, sound)
    },
  )
  app.get('/api/v1/voice/displays', { config: MANAGEMENT }, () => ({
    speech: voice.state(),
    displays: voice.turns.displays(),
    counts: voice.turns.counts(),
  }))
  registerPackRoutes(app, parts)
}

/** A manager or the installer records a voice, clip by clip. */
function registerPackRoutes(app: App, parts: Parts): void {
  const { packs } = parts.voice
  const management = (audit: AuditCode) => ({ config: { ...MANAGEMENT, audit }, preHandler: managersOnly(parts) })

  app.put(
    '/api/v1/voice/packs/:tag',
    { ...management('VoicePackSet'), schema: { params: PackParams, body: PackBody } },
    (request, reply) => {
      const { tag } = request.params
      const made = packs.set(tag, request.body)
      return typeof made === 'string' ? refuse(reply, made, tag) : reply.code(200).send(made)
    },
  )
  app.delete(
    '/api/v1/voice/packs/:tag',
    { ...management('VoicePackDeleted'), schema: { params: PackParams } },
    (request, reply) => {
      const { tag } = request.params
      const refused = packs.remove(tag)
      return refused === null ? reply.code(200).send({ tag }) : refuse(reply, refused, tag)
    },
  )
  app.put(
    '/api/v1/voice/packs/:tag/clips/:clipId',
    { ...management('VoiceClipSet'), schema: { params: ClipParams, body: ClipBody } },
    (request, reply) => {
      const { tag, clipId } = request.params
      const kept = packs.putClip(tag, clipId, Buffer.from(request.body.wav, 'base64'))
      return typeof kept === 'string' ? refuse(reply, kept, clipId) : reply.code(200).send(kept)
    },
  )
  app.delete(
    '/api/v1/voice/packs/:tag/clips/:clipId',
    { ...management('VoiceClipDeleted'), schema: { params: ClipParams } },
    (request, reply) => {
      const { tag, clipId } = request.params
      const refused = packs.removeClip(tag, clipId)
      return refused === null ? reply.code(200).send({ clipId }) : refuse(reply, refused, clipId)
    },
  )
}
