import { Type } from 'typebox'
import type { CatalogueBody } from './catalogue-body.ts'
import { type ParsedBy, strict } from './schema.ts'

/** What head office is about to publish for a branch, and what it says of it. */

const LIST_MAX = 400
const entries = Type.Array(Type.Object({}, { additionalProperties: true }), { maxItems: LIST_MAX })
const more = Type.Optional(entries)

/** The frame of a catalogue alone: what a draft lacks is told beside it, and holds up only its publication. */
export const DraftCatalogue = Type.Object(
  {
    branch: Type.Object({}, { additionalProperties: true }),
    ...{ services: entries, queues: entries, counters: entries, agents: entries },
    ...{ priorityClasses: more, reasons: more, breakReasons: more, outcomes: more, workProfiles: more },
    ...{ messages: more, holidays: more, displays: more },
  },
  strict,
)

const version = Type.Integer({ minimum: 0, maximum: 2_147_483_647 })
/** The draft as its writer last saw it, and what it is to be. */
export const DraftChange = Type.Object({ version, body: DraftCatalogue }, strict)
export const DraftChoice = Type.Object({ version }, strict)
/** When it publishes itself, as it is by then; null: not by itself any more. */
export const DraftSchedule = Type.Object(
  { version, atMs: Type.Union([Type.Integer({ minimum: 0 }), Type.Null()]) },
  strict,
)
export type DraftChange = ParsedBy<typeof DraftChange>

/** What is to be mended. `path` is a JSON pointer; `keyword` the rule of the schema, or the catalogue's own, as `UsedTwice`. */
export interface DraftFault {
  readonly path: string
  readonly keyword: string
  readonly message: string
}

/** A branch's draft as it is told. */
export interface DraftAnswer {
  /** To be named by whoever changes it; 0: nobody has begun one. */
  readonly version: number
  /** Without PINs; as published last where there is no draft; null: neither. */
  readonly body: CatalogueBody | null
  readonly isDraft: boolean
  readonly basedOn: number
  readonly changedAtMs: number | null
  /** When it publishes itself; null: somebody does. */
  readonly publishAtMs: number | null
  /** A name; null: nobody, or a program. */
  readonly changedBy: string | null
  /** Agents who have a PIN, there or to be. */
  readonly pinsOf: readonly string[]
  readonly faults: readonly DraftFault[]
  readonly doubts: readonly DraftFault[]
  /** What was published last; null: nothing. Version 0: what the branch brought when it joined. */
  readonly latest: {
    readonly version: number
    readonly publishedAtMs: number | null
    readonly body: CatalogueBody
  } | null
}

/** A published version of a branch's catalogue. */
export interface PublishedVersion {
  readonly version: number
  readonly publishedAtMs: number
}

/** What was published, the newest first, and what the branch says that it has. */
export interface PublishedVersions {
  readonly versions: readonly PublishedVersion[]
  /** Since when the branch says that it has it, where that was kept; null: it has never said. */
  readonly inForce: { readonly version: number; readonly sinceMs: number | null; readonly saidAtMs: number } | null
}

/** One branch in the list of the fleet. */
export interface FleetBranch {
  readonly branchId: string
  readonly name: Readonly<Record<string, string>>
  readonly timeZone: string
  readonly isEnrolled: boolean
  /** 0: nothing was published. */
  readonly publishedVersion: number
  /** How it was when it was heard last; null: it never was. */
  readonly heard: {
    readonly atMs: number
    readonly catalogueVersion: number
    /** Events of its log that have not come up; null: nothing of this life of its log has. */
    readonly unsentCount: number | null
    readonly waitingCount: number
    readonly longestWaitMs: number | null
    /** Open: serving and on a break among them. */
    readonly counters: {
      readonly open: number
      readonly serving: number
      readonly onBreak: number
      readonly all: number
    }
    readonly devices: { readonly inContact: number; readonly all: number }
    readonly isClockDoubted: boolean
  } | null
}
