import type { Piece } from '#shared/voice/call-pieces.ts'

/** The host has it on its own disk; longer than this nobody waits for a clip. */
export const CLIP_WAIT_MS = 700
const KEPT_MAX = 160
/** Of a phrase that was not heard yet, as measured of each language. */
const FIRST_MS = 200
const CHARACTER_MS = 55
const FIGURE_MS = 250
const RECORDED_MS = 700

function reckonedMs({ path, says }: Piece): number {
  if (path.startsWith('clips/')) return RECORDED_MS
  const figures = says.match(/\d/g)?.length ?? 0
  return FIRST_MS + figures * FIGURE_MS + (says.length - figures) * CHARACTER_MS
}

/** Sounds of the lobby, decoded and kept while they are called. */
export interface Clips {
  /** @returns the sounds in their order; null when one of them is not there in time */
  load(pieces: readonly Piece[], waitMs?: number): Promise<readonly AudioBuffer[] | null>
  /** How long they take, as far as is known. */
  lengthMs(pieces: readonly Piece[]): number
}

export interface ClipTools {
  readonly fetchBytes: (path: string) => Promise<ArrayBuffer | null>
  readonly decode: (bytes: ArrayBuffer) => Promise<AudioBuffer | null>
  readonly wait: (ms: number) => Promise<void>
}

export function createClips({ fetchBytes, decode, wait }: ClipTools): Clips {
  /** By path, the one that was not wanted for longest first. */
  const kept = new Map<string, AudioBuffer>()
  const underWay = new Map<string, Promise<AudioBuffer | null>>()

  function keep(path: string, sound: AudioBuffer): void {
    kept.delete(path)
    kept.set(path, sound)
    for (const old of kept.keys()) {
      if (kept.size <= KEPT_MAX) return
      kept.delete(old)
    }
  }

  async function fetchOne(path: string): Promise<AudioBuffer | null> {
    const bytes = await fetchBytes(path)
    const sound = bytes === null ? null : await decode(bytes)
    if (sound !== null) keep(path, sound)
    return sound
  }

  function one(path: string): Promise<AudioBuffer | null> {
    const known = kept.get(path)
    if (known !== undefined) {
      keep(path, known)
      return Promise.resolve(known)
    }
    const fetching = underWay.get(path) ?? fetchOne(path).finally(() => underWay.delete(path))
    underWay.set(path, fetching)
    return fetching
  }

  return {
    async load(pieces, waitMs = CLIP_WAIT_MS) {
      const late = wait(waitMs).then(() => null)
      const sounds = await Promise.race([Promise.all(pieces.map(({ path }) => one(path))), late])
      return sounds?.every((sound) => sound !== null) === true ? sounds : null
    },
    lengthMs: (pieces) =>
      pieces.reduce((sum, piece) => {
        const known = kept.get(piece.path)
        return sum + (known === undefined ? reckonedMs(piece) : known.duration * 1_000)
      }, 0),
  }
}

/** From the display's own host. */
export async function fetchClip(path: string): Promise<ArrayBuffer | null> {
  try {
    const answer = await fetch(`/local/v1/voice/${path}`, { signal: AbortSignal.timeout(5_000) })
    return answer.ok ? await answer.arrayBuffer() : null
  } catch {
    // The host is away or slow: the chime alone is heard, and that is counted.
    return null
  }
}
