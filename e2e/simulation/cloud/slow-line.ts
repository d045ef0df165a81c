import type { Answered, Sent } from './line.ts'
import type { Luck } from './luck.ts'
import type { Timeline } from './timeline.ts'

/** A line as there is where only a phone mast reaches. */
export interface SlowLine {
  readonly bitsPerSecond: number
  readonly roundTripMs: number
  /** Of its packets. */
  readonly lossOdds: number
}

export const MAST: SlowLine = { bitsPerSecond: 64_000, roundTripMs: 800, lossOdds: 0.05 }

const PACKET_BYTES = 1_460
/** What comes with each packet, of IP and TCP. */
const PACKET_HEADER_BYTES = 40
/** What TCP may have under way in its first round trip; twice as much in each after it. */
const FIRST_WINDOW_PACKETS = 10
/** The request's line and what HTTP adds of its own to the headers. */
const HTTP_BYTES = 120

const sendingMsOf = ({ bitsPerSecond }: SlowLine, bytes: number): number =>
  ((bytes + Math.ceil(bytes / PACKET_BYTES) * PACKET_HEADER_BYTES) * 8_000) / bitsPerSecond

/**
 * How long so many bytes take, as TCP brings them: packet after packet, its window opening from round trip to round trip,
 * and for each packet that is lost a round trip in which nothing else gets through.
 */
function travelMs(line: SlowLine, bytes: number, luck: Luck): number {
  const { roundTripMs, lossOdds } = line
  const packets = Math.ceil(bytes / PACKET_BYTES)
  const sendingMs = sendingMsOf(line, bytes)
  let waitingMs = 0
  const msEach = sendingMs / packets
  for (let window = FIRST_WINDOW_PACKETS, sent = window; sent < packets; window *= 2, sent += window)
    waitingMs += Math.max(0, roundTripMs - window * msEach)
  for (let packet = 0; packet < packets; packet += 1) while (luck.happens(lossOdds)) waitingMs += roundTripMs
  return roundTripMs / 2 + sendingMs + waitingMs
}

/** @returns the line, and how many bytes it has borne upwards so far, HTTP's and TCP's own among them */
export function openSlowLine(
  line: SlowLine,
  timeline: Timeline,
  luck: Luck,
  serve: (sent: Sent) => Promise<Answered | null>,
): { readonly fetch: typeof globalThis.fetch; readonly bytesUp: () => number } {
  let bytesUp = 0
  /** What is sent upwards at once shares the line: it is sent one after the other. */
  let freeAtMs = 0
  const lengthOf = (headers: Readonly<Record<string, string>>): number =>
    Object.entries(headers).reduce((sum, [name, value]) => sum + name.length + value.length + 4, HTTP_BYTES)
  return {
    bytesUp: () => bytesUp,
    fetch: (input, init) =>
      new Promise((resolve, reject) => {
        const headers = init?.headers as Readonly<Record<string, string>>
        const body = Buffer.from(init?.body as Uint8Array)
        const bytes = body.length + lengthOf(headers)
        bytesUp += bytes + Math.ceil(bytes / PACKET_BYTES) * PACKET_HEADER_BYTES
        init?.signal?.addEventListener('abort', () => reject(new Error('Given up')), { once: true })
        const waitMs = Math.max(0, freeAtMs - timeline.nowMs())
        freeAtMs = timeline.nowMs() + waitMs + sendingMsOf(line, bytes)
        timeline.after(waitMs + travelMs(line, bytes, luck), async () => {
          const { pathname, search } = new URL(String(input))
          const answered = await timeline.during(serve({ path: pathname + search, headers, body }))
          if (answered === null) return reject(new Error('Nobody is there'))
          timeline.after(travelMs(line, lengthOf(answered.headers) + answered.body.length, luck), () =>
            resolve(new Response(answered.body, { status: answered.status, headers: answered.headers })),
          )
        })
      }),
  }
}
