import type { Epoch, TicketId } from '#shared/domain/ids.ts'
import { type SideData, sealSide } from '#shared/network/sealed-side.ts'
import { HELD_MAX, SIDE_ROWS_MAX, type SideBody } from '#shared/wire/side.ts'
import type { Log } from '../log.ts'
import type { SideVisit } from '../store/side-travel.ts'
import type { Store } from '../store/store.ts'
import type { CloudDoor } from './cloud-door.ts'
import { comeAgainMs, type TurnedAway } from './turned-away.ts'
import { backOffMs, REFUSED_AGAIN_MS } from './uploader.ts'

// What lies beside the log goes to the cloud beside the log: sealed, under a key that is made for each sending and kept
// nowhere here. What is erased here is erased there, and what is asked for there is erased here.

export interface CourierParts {
  readonly door: CloudDoor
  readonly log: Log
  readonly store: () => Store
  /** Of the log that grows now. */
  readonly epoch: () => Epoch
  /** Another number once the cloud was seen to be put back to an older copy. */
  readonly cloudLife: () => number
  /** Rows in a commit of their own. @returns whether they were committed */
  readonly write: (writes: (store: Store) => void) => Promise<boolean>
  readonly random: () => number
  readonly pause: (ms: number, signal: AbortSignal) => Promise<void>
}

export interface Courier {
  close(): Promise<void>
}

const PATH = '/api/v1/sync/side'
/** Changes are looked for this often: what comes together travels together. */
export const LOOK_MS = 2_000
/** The cloud is asked this often what to erase, when there is nothing to tell. */
const ASK_MS = 60_000

type Outcome = 'done' | 'more' | 'away' | 'refused' | TurnedAway

/** All that is held of the visits whose names come after one, and up to another; null: up to their end. */
interface Stretch {
  readonly after: string
  readonly upTo: TicketId | null
  readonly held: readonly SideVisit[]
}

const heldIn = (stretch: Stretch | null): Pick<SideBody, 'held' | 'stretch'> => {
  if (stretch === null) return { held: [] }
  const { after, upTo, held } = stretch
  const versions = held.map(({ version }) => version)
  return { held: held.map(({ ticketId }) => ticketId), stretch: { after, upTo, versions } }
}

/** @returns null when nothing is left of it here */
function sideOf({ notes, details }: Store, ticketId: TicketId): SideData | null {
  const [note, said] = [notes.find(ticketId), details.find(ticketId)]
  if (note === null && said === null) return null
  return {
    note,
    details:
      said === null
        ? null
        : {
            name: said.name,
            phone: said.phone,
            consentedAtMs: said.consentedAtMs,
            consentVersion: said.consent.version,
            consentLanguage: said.consent.language,
          },
  }
}

class Round {
  readonly #parts: CourierParts
  /**
   * Up to here what is held was compared with the cloud's: a backup that was put back, here or there, may bring what was
   * erased, or lack what was told.
   */
  #askedUpTo: string | null = ''
  /** That it is another copy is seen only after the start, when a device shows how far it was: then a new epoch begins. */
  #askedIn = ''

  constructor(parts: CourierParts) {
    this.#parts = parts
  }

  hasNews(): boolean {
    return this.#mustAsk() || this.#parts.store().side.untold(1).length > 0
  }

  #mustAsk(): boolean {
    const lives = `${this.#parts.epoch()} ${this.#parts.cloudLife()}`
    if (this.#askedIn !== lives) this.#askedUpTo = ''
    this.#askedIn = lives
    return this.#askedUpTo !== null
  }

  /** Before anything else is sent, all that is held is asked about: what was erased meanwhile must not come back. */
  async step(): Promise<Outcome> {
    const { store } = this.#parts
    if (this.#mustAsk()) {
      const after = this.#askedUpTo ?? ''
      const held = store().side.held(after, HELD_MAX)
      const upTo = held.length < HELD_MAX ? null : (held.at(-1)?.ticketId ?? null)
      const outcome = await this.#send([], [], { after, upTo, held })
      if (outcome !== 'done') return outcome
      this.#askedUpTo = upTo
      return 'more'
    }
    const changes = store().side.untold(SIDE_ROWS_MAX)
    const found = changes.map((change) => ({ ...change, data: sideOf(store(), change.ticketId) }))
    const kept = found.flatMap(({ data, ...change }) => (data === null ? [] : [{ ...change, data }]))
    const gone = found.flatMap(({ data, ...change }) => (data === null ? [change] : []))
    const isNoted =
      kept.length === 0 || (await this.#parts.write(({ side }) => side.goOut(kept.map(({ ticketId }) => ticketId))))
    if (!isNoted) return 'away'
    const outcome = await this.#send(kept, gone, null)
    return outcome === 'done' && changes.length > 0 ? 'more' : outcome
  }

  async #send(
    kept: readonly (SideVisit & { readonly data: SideData })[],
    gone: readonly SideVisit[],
    stretch: Stretch | null,
  ): Promise<Outcome> {
    const { door, epoch, log, write } = this.#parts
    const rows = kept.map(({ ticketId, version, data }) => ({ ticketId, version, ...sealSide(ticketId, data) }))
    const erased = gone.map(({ ticketId, version }) => ({ ticketId, version }))
    const sent = { epoch: epoch(), rows, erased, ...heldIn(stretch) }
    const { status, body, turnedAway } = await door.post(PATH, sent)
    if (turnedAway !== null) return turnedAway
    // 409: the cloud holds another history of this branch, and takes nothing more from this one.
    if (status === 401 || status === 403 || status === 409) return 'refused'
    const asked = body?.['erased']
    if (status !== 200 || !Array.isArray(asked)) {
      log.warn({ status, code: body?.['code'] }, 'the cloud does not take what lies beside the log; it is tried again')
      return 'away'
    }
    const toErase = asked.map((it) => String(it) as TicketId)
    const missing = Array.isArray(body?.['missing']) ? body['missing'].map((it) => String(it) as TicketId) : []
    if (kept.length + gone.length + toErase.length + missing.length === 0) return 'done'
    const isWritten = await write(({ side, notes, details }) => {
      side.told([...kept, ...gone])
      side.tellAgain(missing)
      for (const ticketId of toErase) {
        notes.erase(ticketId)
        details.erase(ticketId)
        side.tellErased(ticketId)
      }
    })
    if (toErase.length > 0)
      log.info({ count: toErase.length }, 'the cloud asked that what lies beside visits be erased')
    return isWritten ? 'done' : 'away'
  }
}

/** For ever, whatever happens to the line. */
export function startCourier(parts: CourierParts): Courier {
  const round = new Round(parts)
  const closing = new AbortController()
  const { signal } = closing

  async function untilNews(): Promise<void> {
    for (let waitedMs = 0; waitedMs < ASK_MS && !signal.aborted; waitedMs += LOOK_MS) {
      await parts.pause(LOOK_MS, signal)
      if (round.hasNews()) return
    }
  }

  async function run(): Promise<void> {
    for (let failures = 0; !signal.aborted; ) {
      const outcome = await round.step().catch((error: unknown): Outcome => {
        if (!signal.aborted)
          parts.log.info({ err: error }, 'what lies beside the log could not be told; it is tried again')
        return 'away'
      })
      failures = outcome === 'away' ? failures + 1 : 0
      if (outcome === 'done') await untilNews()
      if (outcome === 'away') await parts.pause(backOffMs(failures, parts.random), signal)
      if (outcome === 'refused') await parts.pause(REFUSED_AGAIN_MS, signal)
      if (typeof outcome === 'object') await parts.pause(comeAgainMs(outcome, parts.random), signal)
    }
  }

  const running = run()
  return {
    async close() {
      closing.abort()
      await running
    },
  }
}
