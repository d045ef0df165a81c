import { hash } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { writeWhole } from '#shared/disk/write-whole.ts'
import type { Catalogue } from '#shared/domain/catalogue.ts'
import { voiceSettingsOf } from '#shared/domain/catalogue-defaults.ts'
import type { BranchState } from '#shared/domain/state.ts'
import type { DeviceHost } from '#shared/host/device-host.ts'
import type { HostLog } from '#shared/host/host-log.ts'
import { UnreachableError } from '#shared/host/unreachable.ts'
import type { ClipShelf } from '#shared/speech/clip-shelf.ts'
import { callPieces, furtherVoices, screenPieces, voicesFor } from '#shared/voice/call-pieces.ts'
import type { ProblemCode } from '#shared/wire/problem.ts'
import type { VoiceState } from '#shared/wire/voice.ts'
import { voiceStateOf } from '#shared/wire/voice-packs.ts'

/** Tickets come in bursts: what they need is looked for once. */
const LOOK_MS = 300
/** What the branch could not make just now is asked for again. */
const AGAIN_MS = 10_000
const ANSWER_MS_MAX = 4_000
/** Numbers of a lobby beyond this are fetched when they are called. */
const NUMBERS_AHEAD_MAX = 400
const NO_PACKS: VoiceState = { version: '', packs: [] }
const EXAMPLE = 'A001'

export type SoundRefusal = Extract<ProblemCode, 'BranchUnreachable' | 'ClipUnknown' | 'SpeechUnavailable'>

/** The sounds of a lobby on this display's own disk, before they are needed. */
export interface FetchAhead {
  /** @param path - below `/v1/voice/`, as `callPieces` says it */
  sound(path: string): Promise<Buffer | SoundRefusal>
  /** @param version - that the page has heard of; another than what is here is fetched first */
  packs(version?: string): Promise<VoiceState>
  close(): void
}

export interface FetchParts {
  readonly host: Pick<DeviceHost, 'ask' | 'onNews' | 'pairing' | 'status' | 'store'>
  readonly shelf: ClipShelf
  /** Where the packs are written down, for a cold boot without the branch. */
  readonly file: string
  readonly log: HostLog
}

const nameOf = (path: string): string =>
  path.startsWith('clips/') ? path.slice('clips/'.length) : hash('sha256', path)

/** Everything that may be called soon: each waiting number and each counter, in each language it is called in. */
export function pathsAhead({ tickets, catalogue }: BranchState, stock: VoiceState): ReadonlySet<string> {
  const body: Catalogue | undefined = catalogue?.body
  if (body === undefined || !voiceSettingsOf(body).speaks) return new Set()
  const furtherLanguages = furtherVoices(voiceSettingsOf(body).furtherLanguages, stock)
  const [anyCounter] = body.counters
  const paths = new Set<string>()
  const add = (number: string, counterId: string, voices: readonly string[]): void => {
    for (const voice of voices)
      for (const { path } of callPieces({ number, counterId }, voice, stock, body)) paths.add(path)
  }
  const everyVoice = [...new Set([...body.branch.languages, ...furtherLanguages])]
  for (const counter of body.counters) add(EXAMPLE, counter.id, everyVoice)
  for (const voice of everyVoice) for (const { path } of screenPieces(voice, stock, body)) paths.add(path)
  let numberCount = 0
  for (const { facts, phase } of tickets.values()) {
    if (phase.status !== 'waiting' && phase.status !== 'called') continue
    if (anyCounter === undefined || numberCount >= NUMBERS_AHEAD_MAX) break
    numberCount += 1
    add(facts.number, anyCounter.id, voicesFor(facts.language, furtherLanguages))
  }
  return paths
}

function packsOf(text: string): VoiceState | null {
  try {
    return voiceStateOf(JSON.parse(text))
  } catch {
    return null
  }
}

/** None yet, or damaged: the branch has them. */
const readPacks = (file: string): VoiceState =>
  (existsSync(file) ? packsOf(readFileSync(file, 'utf8')) : null) ?? NO_PACKS

export function fetchAhead({ host, shelf, file, log }: FetchParts): FetchAhead {
  let packs = readPacks(file)
  let isFetching = false
  let isDue = false
  let isClosed = false
  let timer: ReturnType<typeof setTimeout> | undefined
  /** Page and look-ahead may want the same at the same instant. */
  const underWay = new Map<string, Promise<Buffer | SoundRefusal>>()

  async function askFor(path: string): Promise<Buffer | SoundRefusal> {
    try {
      const { status, file: sound } = await host.ask({ method: 'GET', path, timeoutMs: ANSWER_MS_MAX })
      if (status === 200 && sound !== undefined) return sound.bytes
      return status >= 500 || status === 429 ? 'SpeechUnavailable' : 'ClipUnknown'
    } catch (error) {
      if (error instanceof UnreachableError) return 'BranchUnreachable'
      throw error
    }
  }

  async function fetchSound(path: string): Promise<Buffer | SoundRefusal> {
    const kept = await shelf.get(nameOf(path))
    if (kept !== null) return kept
    const sound = await askFor(`/api/v1/voice/${path}`)
    if (typeof sound !== 'string') await shelf.put(nameOf(path), sound)
    return sound
  }

  function sound(path: string): Promise<Buffer | SoundRefusal> {
    const fetching = underWay.get(path) ?? fetchSound(path).finally(() => underWay.delete(path))
    underWay.set(path, fetching)
    return fetching
  }

  async function refreshPacks(): Promise<void> {
    try {
      const { status, body } = await host.ask({ method: 'GET', path: '/api/v1/voice/packs' })
      if (status !== 200) return
      const told = packsOf(body)
      if (told === null) log.warn({}, 'what the branch says of its recorded voices is none')
      if (told === null || told.version === packs.version) return
      packs = told
      writeWhole(file, body)
    } catch (error) {
      if (!(error instanceof UnreachableError)) log.warn({ err: error }, 'the recorded voices could not be read')
    }
  }

  /** One after the other: what is called meanwhile goes first by itself. */
  async function fetchAll(): Promise<void> {
    isDue = false
    const state = host.store.seen()?.state
    if (state === undefined) return
    for (const path of pathsAhead(state, packs)) {
      if (isClosed || host.status().link !== 'up') return
      if (shelf.has(nameOf(path))) continue
      const got = await sound(path)
      if (got === 'SpeechUnavailable') return lookAfter(AGAIN_MS)
    }
  }

  function look(): void {
    if (isFetching || isClosed || host.pairing() === null) return
    isFetching = true
    fetchAll()
      .catch((error: unknown) => log.error({ err: error }, 'fetching what may be said threw'))
      .finally(() => {
        isFetching = false
        if (isDue) lookAfter(LOOK_MS)
      })
  }

  function lookAfter(ms: number): void {
    isDue = true
    if (isFetching || isClosed) return
    clearTimeout(timer)
    timer = setTimeout(look, ms)
  }

  const stop = host.onNews((news) => {
    const isNewNumber = news.type === 'event' && /^(TicketIssued|TicketAdopted|CatalogueApplied)$/.test(news.event.type)
    if (isNewNumber || news.type === 'restart') lookAfter(LOOK_MS)
    if (news.type === 'link' && news.link === 'up') void refreshPacks().then(() => lookAfter(LOOK_MS))
  })
  return {
    sound,
    async packs(version) {
      if (version !== undefined && version !== packs.version && host.status().link === 'up') {
        await refreshPacks()
        lookAfter(LOOK_MS)
      }
      return packs
    },
    close() {
      isClosed = true
      clearTimeout(timer)
      stop()
    },
  }
}
