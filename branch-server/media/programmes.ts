import { hash } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { writeWhole } from '#shared/disk/write-whole.ts'
import type { Catalogue, PlaylistEntry } from '#shared/domain/catalogue.ts'
import { displaySettingsOf, withProgramme } from '#shared/domain/catalogue-defaults.ts'
import { type Programme, playlistOf } from '#shared/wire/media.ts'

/** Beside the files that it plays; a backup keeps it with them. */
export const PROGRAMMES_NAME = 'programmes.json'

/** What a manager has put on a display, and what the catalogue said then. */
interface Put {
  readonly playlist: readonly PlaylistEntry[]
  readonly instead: string
}

/**
 * What each display plays. A manager's choice stands in for the catalogue's until a catalogue comes that says something
 * else for that display: whoever sets the branch up has the last word. It is no event, as the files it names are none.
 */
export interface Programmes {
  /** null: as the catalogue says. */
  own(catalogue: Catalogue, name: string): readonly PlaylistEntry[] | null
  /** Every display by name. @param paired - the names of those that are paired; some the catalogue may not know */
  all(catalogue: Catalogue, paired: readonly string[]): readonly Programme[]
  /** @param playlist - null: as the catalogue says again. @throws Error of the file system */
  put(catalogue: Catalogue, name: string, playlist: readonly PlaylistEntry[] | null): void
}

const saidOf = (catalogue: Catalogue, name: string): string =>
  hash('sha256', JSON.stringify(displaySettingsOf(catalogue, name).playlist))

function readPut(file: string): Map<string, Put> {
  const puts = new Map<string, Put>()
  try {
    const json: unknown = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : {}
    for (const [name, put] of Object.entries((json ?? {}) as Record<string, Partial<Record<keyof Put, unknown>>>)) {
      const playlist = playlistOf(put?.playlist)
      if (playlist !== null && typeof put?.instead === 'string') puts.set(name, { playlist, instead: put.instead })
    }
  } catch {
    // Damaged, or brought by a stick: the catalogue's own programmes are played.
  }
  return puts
}

export function openProgrammes(file: string): Programmes {
  let puts: ReadonlyMap<string, Put> = readPut(file)
  const own: Programmes['own'] = (catalogue, name) => {
    const put = puts.get(name)
    return put !== undefined && put.instead === saidOf(catalogue, name) ? put.playlist : null
  }
  function programmeOf(catalogue: Catalogue, name: string): Programme {
    const chosen = own(catalogue, name)
    const { playlist, layout } = withProgramme(displaySettingsOf(catalogue, name), chosen)
    return { name, playlist, isOwn: chosen !== null, hasRoom: layout.side !== 'none' }
  }
  return {
    own,
    all: (catalogue, paired) =>
      [...new Set([...(catalogue.displays ?? []).map(({ name }) => name), ...paired])]
        .toSorted()
        .map((name) => programmeOf(catalogue, name)),
    put(catalogue, name, playlist) {
      // What a later catalogue has overruled is not kept for ever.
      const next = new Map([...puts].filter(([known]) => known !== name && own(catalogue, known) !== null))
      if (playlist !== null) next.set(name, { playlist, instead: saidOf(catalogue, name) })
      writeWhole(file, JSON.stringify(Object.fromEntries(next)))
      puts = next
    },
  }
}
