import { existsSync, readFileSync } from 'node:fs'
import { writeWhole } from '#shared/disk/write-whole.ts'
import type { PlaylistEntry } from '#shared/domain/catalogue.ts'
import type { DeviceHost } from '#shared/host/device-host.ts'
import type { HostLog } from '#shared/host/host-log.ts'
import { UnreachableError } from '#shared/host/unreachable.ts'
import { playlistOf } from '#shared/wire/media.ts'

const ANSWER_MS_MAX = 4_000
const PATH = '/api/v1/displays/self/playlist'

/** What a manager has put on this display, on its own disk for a cold boot without the branch. */
export interface ProgrammeKeeper {
  /** null: it plays what the catalogue says. */
  own(): readonly PlaylistEntry[] | null
  /** Asks the branch; without it everything stays. @returns whether it is another now */
  refresh(): Promise<boolean>
}

/** @returns null: the catalogue's own, as also where the text is damaged */
function programmeIn(text: string): readonly PlaylistEntry[] | null {
  try {
    const json: unknown = JSON.parse(text)
    return playlistOf(typeof json === 'object' && json !== null && 'playlist' in json ? json.playlist : null)
  } catch {
    return null
  }
}

/** @param file - where it is written down */
export function keepProgramme(
  host: Pick<DeviceHost, 'ask' | 'pairing' | 'status'>,
  file: string,
  log: HostLog,
): ProgrammeKeeper {
  let kept = existsSync(file) ? readFileSync(file, 'utf8') : ''
  let programme = programmeIn(kept)
  async function ask(): Promise<boolean> {
    const { status, body } = await host.ask({ method: 'GET', path: PATH, timeoutMs: ANSWER_MS_MAX })
    if (status !== 200 || body === kept) return false
    programme = programmeIn(body)
    writeWhole(file, body)
    kept = body
    return true
  }
  return {
    own: () => programme,
    async refresh() {
      if (host.pairing() === null || host.status().link !== 'up') return false
      try {
        return await ask()
      } catch (error) {
        if (!(error instanceof UnreachableError)) log.warn({ err: error }, 'the programme could not be kept')
        return false
      }
    },
  }
}
