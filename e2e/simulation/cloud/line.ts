import { zstdDecompressSync } from 'node:zlib'
import type { Luck } from './luck.ts'
import type { Timeline } from './timeline.ts'

/** A request on its way to the cloud. */
export interface Sent {
  readonly path: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: Buffer
}

export interface Answered {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

/** How bad a line is. Each is one time in all. */
export interface Weather {
  readonly isUp: boolean
  readonly travelMsMax: number
  readonly lossOdds: number
  readonly duplicateOdds: number
  /** It comes twice at one moment, as from two programs of one box. */
  readonly twinOdds: number
  /** The request is cut at any of its bytes. */
  readonly cutOdds: number
  /** It arrives long after everybody has given it up. */
  readonly lateOdds: number
}

export const CALM: Weather = {
  isUp: true,
  travelMsMax: 80,
  lossOdds: 0,
  duplicateOdds: 0,
  twinOdds: 0,
  cutOdds: 0,
  lateOdds: 0,
}
export const CUT: Weather = { ...CALM, isUp: false }
export const STORM: Weather = {
  isUp: true,
  travelMsMax: 8_000,
  lossOdds: 0.15,
  duplicateOdds: 0.2,
  twinOdds: 0.2,
  cutOdds: 0.05,
  lateOdds: 0.05,
}

const LATE_MS_MAX = 30 * 60_000
/** After so long a broken connection says that it is broken, half of the time. */
const BREAK_MS_MAX = 5_000
/** After so long nobody on the way remembers a connection: it never says anything again. */
const FORGOTTEN_MS = 65_000

/** The line between one branch and the cloud: what is sent may be lost, cut, doubled, late, or answered in vain. */
export interface Line {
  readonly fetch: typeof globalThis.fetch
  setWeather(weather: Weather): void
}

interface LineParts {
  readonly name: string
  readonly timeline: Timeline
  readonly luck: Luck
  /** @returns null when the cloud is not there, or goes down under it */
  readonly serve: (sent: Sent, times: number) => Promise<Answered | null>
}

function readSent(input: Parameters<typeof globalThis.fetch>[0], init: RequestInit | undefined): Sent {
  const { pathname, search } = new URL(String(input))
  const path = pathname + search
  const body = init?.body
  if (!(body instanceof Uint8Array)) throw new Error('The line bears bytes')
  return { path, headers: init?.headers as Record<string, string>, body: Buffer.from(body) }
}

/** @returns null when it is torn */
export function uploadIn({
  headers,
  body,
}: Sent): { readonly epoch: string; readonly events: readonly string[] } | null {
  try {
    const text = headers['content-encoding'] === 'zstd' ? zstdDecompressSync(body) : body
    const { epoch = '', events = [] } = JSON.parse(text.toString()) as { epoch?: string; events?: readonly string[] }
    return { epoch, events }
  } catch {
    return null
  }
}

/** What a note says of a request: never its signature, which differs from run to run. */
function saidOf(sent: Sent): string {
  const upload = uploadIn(sent)
  if (upload === null) return `${sent.path} torn`
  const [first, last] = [upload.events[0], upload.events.at(-1)].map((it) => (it === undefined ? null : seqOf(it)))
  return `${sent.path} ${upload.epoch} ${first}–${last}`
}

const seqOf = (event: string): number => (JSON.parse(event) as { seq: number }).seq

export function openLine({ name, timeline, luck, serve }: LineParts): Line {
  let weather = CALM
  /** Requests that nobody will answer; they break when the line is mended. */
  const hanging = new Set<() => void>()

  async function arrive(sent: Sent, times = 1): Promise<Answered | null> {
    if (times > 1) timeline.note(name, 'is heard twice at once')
    const answered = await timeline.during(serve(sent, times))
    const [code] = /"code":"\w+"/.exec(answered?.body ?? '') ?? ['']
    const [seq] = /"(?:acked|expected)Seq":\d+/.exec(answered?.body ?? '') ?? ['']
    timeline.note(name, `is answered ${answered?.status ?? 'by nobody'} ${code}`, `${saidOf(sent)} ${seq}`)
    return answered
  }

  function send(sent: Sent, resolve: (answer: Answered) => void, reject: (error: Error) => void): void {
    const { travelMsMax, lossOdds, duplicateOdds, twinOdds, cutOdds, lateOdds } = weather
    const lose = (): void => {
      const end = (): void => {
        hanging.delete(end)
        reject(new Error('The line is broken'))
      }
      hanging.add(end)
      timeline.after(FORGOTTEN_MS, () => hanging.delete(end))
      if (luck.happens(0.5)) timeline.after(luck.between(1, BREAK_MS_MAX), end)
    }
    if (luck.happens(duplicateOdds)) timeline.after(luck.between(0, LATE_MS_MAX), () => arrive(sent))
    if (luck.happens(lateOdds)) {
      timeline.after(luck.between(travelMsMax, LATE_MS_MAX), () => arrive(sent))
      lose()
      return
    }
    const times = luck.happens(twinOdds) ? 2 : 1
    const isLost = luck.happens(lossOdds)
    const cutAt = luck.happens(cutOdds) ? luck.between(0, sent.body.length) : null
    timeline.after(luck.between(1, travelMsMax), async () => {
      if (!weather.isUp || isLost) return lose()
      const answered = await arrive(cutAt === null ? sent : { ...sent, body: sent.body.subarray(0, cutAt) }, times)
      const isAnswerLost = answered === null || cutAt !== null || luck.happens(lossOdds)
      timeline.after(luck.between(1, travelMsMax), () => {
        if (!weather.isUp || isAnswerLost || answered === null) return lose()
        resolve(answered)
      })
    })
  }

  return {
    fetch: (input, init) =>
      new Promise((resolve, reject) => {
        const { signal } = init ?? {}
        const give = ({ status, headers, body }: Answered): void => resolve(new Response(body, { status, headers }))
        signal?.addEventListener('abort', () => reject(new Error('Given up')), { once: true })
        if (signal?.aborted === true) return reject(new Error('Given up'))
        send(readSent(input, init), give, reject)
      }),
    setWeather(next) {
      weather = next
      // A line that is mended tells the connections of before that they are gone.
      if (next.isUp) for (const end of [...hanging]) end()
    },
  }
}
