import { copyFileSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import type { Sqlite } from '#shared/disk/open.ts'
import type { Catalogue } from '#shared/domain/catalogue.ts'
import type { Command, Origin, PaperMark, PrintedAlone } from '#shared/domain/commands.ts'
import type { LogEvent } from '#shared/domain/events.ts'
import type { BusinessDate, Epoch, Sha256, TicketId } from '#shared/domain/ids.ts'
import type { BranchState } from '#shared/domain/state.ts'
import { emptyState } from '#shared/domain/state-json.ts'
import { BRANCH_ORIGIN, step } from '#shared/domain/step.ts'
import { bank, callerAt } from '#shared/domain/testing/bank.ts'
import { type FakeClock, fakeClock } from '#shared/domain/testing/fake-clock.ts'
import { editCatalogue } from '#shared/domain/testing/simulation/catalogue-edits.ts'
import type { Cast, Turn } from '#shared/domain/testing/simulation/random-parts.ts'
import { turnOf } from '#shared/domain/testing/simulation/random-turn.ts'
import { isLiving, type Ticket } from '#shared/domain/ticket.ts'
import { type Head, hashOf } from '../store/event-log.ts'
import { openStore, type Store } from '../store/store.ts'
import { beginEpoch, type Draft } from '../waist/settle.ts'

/** A branch without its server: commands are decided, and committed to a real file, on a clock that is turned by hand. */
export interface StoredStory extends Disposable {
  readonly clock: FakeClock
  readonly store: Store
  readonly file: string
  readonly state: BranchState
  /** Every ticket there ever was, as its last event left it. */
  readonly tickets: ReadonlyMap<TicketId, Ticket>
  readonly events: readonly LogEvent[]
  ask(command: Command, origin?: Origin): readonly LogEvent[]
  apply(catalogue: Catalogue): void
  /** Commits what was asked since the last time as one batch. */
  commit(): void
  restart(): void
  beginEpoch(): void
  /** A backup of the present, and the branch put back to it: what came after is lost, and a new epoch begins. */
  backup(): Backup
  putBack(backup: Backup): void
  /** Goes on from the file of another story, as a copy of its disk does. */
  takeOver(backup: Backup): void
  play(turn: Turn): void
  turn(cast: Cast): Turn
  /** A connection of one's own to the same file, as the worker has it. */
  read<Result>(work: (db: Sqlite) => Result): Result
}

interface Backup {
  readonly file: string
  readonly tickets: ReadonlyMap<TicketId, Ticket>
  readonly printed: ReadonlyMap<string, TicketId>
}

const COPY_NAMES_FROM = 1_000_000
const START = Date.UTC(2026, 10, 29, 9)

function putAll<Key, Value>(map: Map<Key, Value>, from: ReadonlyMap<Key, Value>): void {
  map.clear()
  for (const [key, value] of from) map.set(key, value)
}
const installer: Origin = { kind: 'installer', deviceId: 'installer' as never }

function openStoredStory(startMs: number = START): StoredStory {
  const folder = mkdtempSync(join(tmpdir(), 'smartqueue-story-'))
  const file = join(folder, 'branch.db')
  const clock = fakeClock(startMs)
  let store = openStore(file)
  const { wallMs, steadyMs } = clock.read()
  const newDraft = (state: BranchState): Draft => ({
    ...{ state, events: [], tickets: new Map(), answers: new Map(), writes: [] },
  })
  let before = emptyState({ atMs: wallMs, steadyMs })
  let draft = newDraft(before)
  let head: Head | null = null
  let catalogue: Catalogue | null = null
  let counted = 0
  const tickets = new Map<TicketId, Ticket>()
  const events: LogEvent[] = []
  const printed = new Map<string, TicketId>()

  function begin(reason: 'first-boot' | 'rewound'): void {
    counted += 1
    beginEpoch(draft, reason, head, [], clock.read(), `epoch-${counted}` as Epoch, store)
    events.push(...draft.events)
  }
  function lookedUp(paper: PrintedAlone): PrintedAlone {
    const holder = printed.get(`${paper.number} ${paper.businessDate}`)
    const isKnown = holder === paper.ticketId || tickets.has(paper.ticketId)
    return { ...paper, isKnown, isNumberTaken: holder !== undefined && holder !== paper.ticketId }
  }
  function former(mark: PaperMark): PaperMark {
    const { ticketId } = mark
    const found = ticketId === null || draft.state.tickets.has(ticketId) ? undefined : tickets.get(ticketId)
    const isNumberTaken = printed.has(`${mark.number} ${mark.businessDate}`)
    return { ...mark, isNumberTaken, former: found === undefined || isLiving(found) ? null : found }
  }
  function ask(command: Command, origin: Origin = BRANCH_ORIGIN): readonly LogEvent[] {
    const taken = (number: string): boolean => printed.has(`${number} ${draft.state.day?.date ?? ('' as BusinessDate)}`)
    const asked =
      command.type === 'AdoptTickets'
        ? { ...command, tickets: command.tickets.map(lookedUp) }
        : command.type === 'AdoptNumber'
          ? { ...command, isNumberTaken: taken(command.number) }
          : command.type === 'RecordTicket'
            ? { ...command, mark: former(command.mark) }
            : command
    const stepped = step(draft.state, asked, origin, clock.read(), store.catalogues.shelf)
    draft.state = stepped.state
    draft.events.push(...stepped.events)
    events.push(...stepped.events)
    for (const [ticketId, ticket] of stepped.tickets) {
      draft.tickets.set(ticketId, ticket)
      tickets.set(ticketId, ticket)
      printed.set(`${ticket.facts.number} ${ticket.facts.businessDate}`, ticketId)
    }
    return stepped.answer.ok ? stepped.answer.value : []
  }
  function load(backup: Backup): void {
    story.commit()
    store.close()
    for (const end of ['', '-wal', '-shm']) rmSync(file + end, { force: true })
    copyFileSync(backup.file, file)
    store = openStore(file)
    const loaded = store.load()
    if (loaded === null) throw new Error('Nothing was backed up')
    putAll(tickets, backup.tickets)
    putAll(printed, backup.printed)
    before = loaded.state
    head = loaded.head
    draft = newDraft(before)
    clock.restart(loaded.state.now)
  }
  const story: StoredStory = {
    clock,
    file,
    tickets,
    events,
    ask,
    get store() {
      return store
    },
    get state() {
      return draft.state
    },
    apply(next) {
      catalogue = next
      counted += 1
      const version = counted
      const body = JSON.stringify(next)
      store.catalogues.stage(version, next)
      draft.writes.push((target) => target.catalogues.put(version, hashOf(body), body, new Map()))
      ask({ type: 'ApplyCatalogue', version, hash: hashOf(body) as Sha256 }, installer)
      story.commit()
    },
    commit() {
      if (draft.events.length === 0) return
      head = store.commit(head, { ...draft, before, answers: [] }).head
      before = draft.state
      draft = newDraft(draft.state)
    },
    restart() {
      story.commit()
      store.close()
      store = openStore(file)
      const loaded = store.load()
      if (loaded === null) throw new Error('Nothing was written')
      before = loaded.state
      draft = newDraft(before)
      clock.restart(loaded.state.now)
    },
    beginEpoch() {
      story.commit()
      begin('rewound')
      story.commit()
    },
    backup() {
      story.commit()
      counted += 1
      const copy = join(folder, `backup-${counted}.db`)
      story.read((db) => db.prepare('vacuum into ?').run(copy))
      return { file: copy, tickets: new Map(tickets), printed: new Map(printed) }
    },
    putBack(backup) {
      load(backup)
      begin('rewound')
      story.commit()
    },
    takeOver(backup) {
      load(backup)
      // No name that it gives is one of the other's.
      counted += COPY_NAMES_FROM
    },
    turn: (cast) => {
      const newId = (): TicketId => {
        counted += 1
        return `t${counted}` as TicketId
      }
      const sight = { state: draft.state, everyone: [...tickets.keys()], steadyMs: clock.read().steadyMs, newId }
      return turnOf(sight, cast)
    },
    play(turn) {
      if (turn.type === 'ask') ask(turn.command, turn.origin)
      else if (turn.type === 'edit')
        story.apply(turn.edits.reduce((body, [kind, choice]) => editCatalogue(body, kind, choice), catalogue ?? bank))
      else if (turn.type === 'restart') story.restart()
      else if (turn.type === 'rewind') story.beginEpoch()
      else {
        clock[turn.type](turn.ms)
        ask({ type: 'KeepTime' })
      }
    },
    read(work) {
      const db = new Database(file)
      try {
        return work(db)
      } finally {
        db.close()
      }
    },
    [Symbol.dispose]() {
      store.close()
      rmSync(folder, { recursive: true, force: true })
    },
  }
  begin('first-boot')
  story.commit()
  return story
}

/** The bank of the tests, with somebody at each counter. */
export function openBankStory(startMs?: number, catalogue: Catalogue = bank): StoredStory {
  const story = openStoredStory(startMs)
  story.apply(catalogue)
  for (const [index, { id }] of catalogue.counters.entries()) {
    const agent = catalogue.agents[index]
    if (agent === undefined) continue
    const origin: Origin = { kind: 'caller', deviceId: callerAt(id) }
    story.ask({ type: 'OpenCounter', counterId: id, agentId: agent.id }, origin)
  }
  story.commit()
  return story
}
