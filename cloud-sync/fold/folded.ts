import type { Catalogue, CatalogueShelf } from '#shared/domain/catalogue.ts'
import type { EpochMs, SteadyMs, TicketId } from '#shared/domain/ids.ts'
import type { BranchState } from '#shared/domain/state.ts'
import { emptyState } from '#shared/domain/state-json.ts'
import type { Ticket } from '#shared/domain/ticket.ts'
import type { TicketRow } from '#shared/project/figures.ts'
import type { Shift } from '#shared/project/shifts.ts'

/** A ticket's row of figures, and its places along the line. */
export interface KeptRow {
  readonly row: TicketRow
  readonly bornOrd: number
}

/** What was passed over so far; the first of it is where the log is read again from, once that can be understood. */
export interface Trouble {
  readonly ord: number | null
  /** How many events of each type that is not known. */
  readonly types: Readonly<Record<string, number>>
  /** Catalogues that have not come, by hash, or by version where no hash is known. */
  readonly catalogues: readonly string[]
}

/** What the log of a branch tells up to a place of it: bounded by the day's work, as the branch's own state is. */
export interface Folded {
  /** Events read, along the line. */
  readonly ord: number
  readonly state: BranchState
  /** Those that go on, by counter. */
  readonly shifts: ReadonlyMap<string, Shift>
  /** Of the tickets of the state. */
  readonly rows: ReadonlyMap<TicketId, KeptRow>
  readonly hashByVersion: ReadonlyMap<number, string>
  readonly trouble: Trouble
  /**
   * The last mark. Tickets leave the state where one is made, and are set aside; else they only join it. So the state's
   * are the mark's and those born since. Null: from a head that did not say so yet.
   */
  readonly sinceOrd: number | null
}

export const nothingFolded = (): Folded => ({
  ord: 0,
  state: emptyState({ atMs: 0 as EpochMs, steadyMs: 0 as SteadyMs }),
  shifts: new Map(),
  rows: new Map(),
  hashByVersion: new Map(),
  trouble: { ord: null, types: {}, catalogues: [] },
  sinceOrd: 0,
})

/** Catalogue bodies that the branch has sent. */
export interface Library {
  byHash(hash: string): Catalogue | null
  /** The one that came last as this version: a restored branch may have given the same number twice. */
  byVersion(version: number): Catalogue | null
}

/** The branch has not sent this body, yet. */
export class CatalogueMissingError extends Error {
  override readonly name = 'CatalogueMissingError'
  readonly missing: string

  constructor(missing: string) {
    super(`The body of catalogue ${missing} is not here`)
    this.missing = missing
  }
}

/** @throws CatalogueMissingError, when the shelf is asked for what is not here */
export const shelfOf =
  (hashByVersion: ReadonlyMap<number, string>, library: Library): CatalogueShelf =>
  (version) => {
    const hash = hashByVersion.get(version)
    const body = hash === undefined ? library.byVersion(version) : library.byHash(hash)
    if (body === null) throw new CatalogueMissingError(hash ?? String(version))
    return body
  }

/** A ticket of an earlier day, which the state has let go of. */
export interface Former extends KeptRow {
  readonly ticket: Ticket
}
