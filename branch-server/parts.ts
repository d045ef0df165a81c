import type { IncomingMessage, ServerResponse } from 'node:http'
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox'
import type { FastifyBaseLogger, FastifyInstance, RawServerDefault } from 'fastify'
import type { ClockReading, Clocks } from '#shared/domain/clock.ts'
import type { Pace } from '#shared/http/pace.ts'
import type { BranchKeys } from './access/keys.ts'
import type { Pairings } from './access/pairings.ts'
import type { PinTries } from './access/pin-tries.ts'
import type { Rights } from './access/rights.ts'
import type { Roster } from './access/roster.ts'
import type { Nightly } from './background/nightly.ts'
import type { Worker } from './background/worker.ts'
import type { AbsenceBook } from './books/absence-book.ts'
import type { ClockWitness } from './books/clock-witness.ts'
import type { InstanceBook } from './books/instance-book.ts'
import type { JumpBook } from './books/jump-book.ts'
import type { PrinterBook } from './books/printer-book.ts'
import type { Feed } from './feed.ts'
import type { DisplayBook } from './media/display-book.ts'
import type { MediaShelf } from './media/media-shelf.ts'
import type { Programmes } from './media/programmes.ts'
import type { Sync } from './sync/open-sync.ts'
import type { Voice } from './voice/open-voice.ts'
import type { Waist } from './waist/execute.ts'
import type { WaitBook } from './waits/waits.ts'

/** Everything the routes stand on; made once in start-branch.ts. */
export interface Parts {
  readonly waist: Waist
  readonly feed: Feed
  readonly roster: Roster
  readonly printers: PrinterBook
  readonly pairings: Pairings
  readonly media: MediaShelf
  readonly displayMedia: DisplayBook
  readonly programmes: Programmes
  readonly pinTries: PinTries
  readonly rights: Rights
  readonly keys: BranchKeys
  readonly clocks: Clocks
  /** How much each device may ask for, and each address at the open doors. */
  readonly pace: Pace
  readonly readClock: () => ClockReading
  readonly witness: ClockWitness
  readonly absences: AbsenceBook
  readonly jumps: JumpBook
  readonly instances: InstanceBook
  readonly worker: Worker
  /** null: no second folder is given. */
  readonly nightly: Nightly | null
  readonly waits: WaitBook
  readonly voice: Voice
  /** The line to the cloud. */
  readonly sync: Sync
  /** Writes the second copy of what was set up by hand. */
  readonly keepSettings: () => void
  /** The same, once the devices that are stored now are the ones that are known. */
  readonly keepDevices: () => void
  readonly version: string
}

/** The HTTP server, its schemas' types included. */
export type App = FastifyInstance<
  RawServerDefault,
  IncomingMessage,
  ServerResponse<IncomingMessage>,
  FastifyBaseLogger,
  TypeBoxTypeProvider
>
