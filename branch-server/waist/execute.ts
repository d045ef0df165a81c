import type { ClockReading } from '#shared/domain/clock.ts'
import type { LogEvent } from '#shared/domain/events.ts'
import type { Epoch } from '#shared/domain/ids.ts'
import type { BranchState } from '#shared/domain/state.ts'
import { problem } from '#shared/wire/problem.ts'
import type { Log } from '../log.ts'
import type { Frame, Head } from '../store/event-log.ts'
import { storageFault } from '../store/storage-fault.ts'
import type { Batch, Store } from '../store/store.ts'
import { type Ask, type Draft, type Presented, problemReply, type Reply, settle, settlePresented } from './settle.ts'

/** Commands that share one durable commit. */
export const BATCH_MAX = 128
/** Commands that wait for their turn; more are told to come back. */
const QUEUE_MAX = 2_048

/** The branch as it is committed: what every reader sees. */
export interface Branch {
  readonly store: Store
  readonly state: BranchState
  readonly head: Head
}

/** What the waist needs from outside. */
export interface WaistParts {
  readonly branch: Branch
  readonly readClock: () => ClockReading
  readonly newEpoch: () => Epoch
  readonly log: Log
  /** Opens the file again and reads what is really on the disk; salvages it when it is damaged. */
  readonly reopen: (damaged: boolean) => Branch
  /** How a batch becomes true; a test may plant a fault here. */
  readonly commit?: (store: Store, head: Head, batch: Batch) => { frames: readonly Frame[]; head: Head }
}

/** @param frames - none when the file was opened again: anything may have changed */
export type CommitListener = (frames: readonly Frame[], events: readonly LogEvent[]) => void

/**
 * The only way to change a branch. Commands that arrive together are decided on a draft, one after the other, written
 * in one durable commit, and only then does the draft become the state, are answers sent and readers woken.
 */
export interface Waist {
  execute(ask: Ask): Promise<Reply>
  /** Settles where a reader stands against this log; the log may begin a new epoch before its next ticket. */
  present(presented: Presented): Promise<Reply>
  /** Committed truth only. */
  branch(): Branch
  /** Called after each commit with what it added, stored and as it was decided. @returns stops listening */
  onCommit(listener: CommitListener): () => void
  /** Sets the file aside and salvages it before the next command. */
  heal(): Promise<Reply>
  /** Waits for what was accepted, then takes nothing more. */
  close(): Promise<void>
}

type Job = { readonly resolve: (reply: Reply) => void } & (
  | { readonly kind: 'ask'; readonly ask: Ask }
  | { readonly kind: 'present'; readonly presented: Presented }
  | { readonly kind: 'heal' }
)

const emptyDraft = (state: BranchState): Draft => ({
  state,
  events: [],
  tickets: new Map(),
  answers: new Map(),
  writes: [],
})

const DONE: Reply = { status: 200, body: '{}' }

export function createWaist(parts: WaistParts): Waist {
  const { readClock, newEpoch, log } = parts
  const commit = parts.commit ?? ((store, head, batch) => store.commit(head, batch))
  let branch = parts.branch
  /** Set when the disk may hold more, or less, than memory: nothing is decided before it was read again. */
  let doubt: 'none' | 'unknown' | 'damaged' = 'none'
  let isClosed = false
  let isScheduled = false
  const queue: Job[] = []
  const listeners = new Set<CommitListener>()
  let idle: (() => void) | null = null

  /** The next jobs that can share a commit: any number of asks, or one job of another kind alone. */
  function nextJobs(): readonly Job[] {
    const stop = queue.findIndex((job) => job.kind !== 'ask')
    const count = stop === 0 ? 1 : stop === -1 ? queue.length : stop
    return queue.splice(0, Math.min(count, BATCH_MAX))
  }

  function settleJob(draft: Draft, job: Job): Reply {
    const { store, head } = branch
    try {
      if (job.kind === 'ask') return settle(draft, job.ask, store, head, readClock())
      if (job.kind === 'present') return settlePresented(draft, job.presented, store, head, readClock(), newEpoch)
      doubt = 'damaged'
      return DONE
    } catch (error) {
      // A disk that cannot be read is the batch's failure; anything else is a bug, and this one command's.
      if (storageFault(error) !== null) throw error
      log.error({ err: error }, 'a command threw')
      return problemReply(problem('InternalError'))
    }
  }

  /** What is committed stays committed, whatever a reader makes of the news. */
  function wake(frames: readonly Frame[], decided: readonly LogEvent[]): void {
    for (const listener of listeners)
      try {
        listener(frames, decided)
      } catch (error) {
        log.error({ err: error }, 'a reader of the log threw')
      }
  }

  function publish(draft: Draft): void {
    const isNothing = draft.events.length === 0 && draft.answers.size === 0 && draft.writes.length === 0
    if (isNothing) return
    const { state, events, tickets, writes } = draft
    const batch: Batch = { before: branch.state, state, events, tickets, writes, answers: draft.answers.values() }
    const { frames, head } = commit(branch.store, branch.head, batch)
    branch = { store: branch.store, state, head }
    if (frames.length > 0) wake(frames, events)
  }

  /** A file that was found to lie stays suspected until it is healed, whatever else goes wrong meanwhile. */
  function raiseDoubt(to: 'unknown' | 'damaged'): void {
    if (doubt !== 'damaged') doubt = to
  }

  /** The whole batch failed: nothing of it was published, and nobody is told that it was done. */
  function fail(error: unknown): Reply {
    const fault = storageFault(error)
    if (fault === null) {
      log.error({ err: error }, 'a batch threw')
      raiseDoubt('unknown')
      return problemReply(problem('InternalError'))
    }
    log.error({ err: error, fault }, 'the disk does not take the change')
    if (fault !== 'refused') raiseDoubt(fault)
    return problemReply(problem('StorageUnavailable', { detail: hintFor(error) }))
  }

  function runBatch(): void {
    isScheduled = false
    const jobs = nextJobs()
    const replies: Reply[] = []
    try {
      if (doubt !== 'none') reopen()
      const draft = emptyDraft(branch.state)
      branch.store.reading(() => {
        for (const job of jobs) replies.push(settleJob(draft, job))
      })
      publish(draft)
      if (doubt === 'damaged') reopen()
    } catch (error) {
      replies.length = 0
      const reply = fail(error)
      for (const _ of jobs) replies.push(reply)
    }
    for (const [index, job] of jobs.entries()) job.resolve(replies[index] ?? DONE)
    if (queue.length > 0) schedule()
    else idle?.()
  }

  function reopen(): void {
    branch = parts.reopen(doubt === 'damaged')
    doubt = 'none'
    wake([], [])
  }

  function schedule(): void {
    if (isScheduled) return
    isScheduled = true
    setImmediate(runBatch)
  }

  function enqueue(job: (resolve: (reply: Reply) => void) => Job): Promise<Reply> {
    if (isClosed || queue.length >= QUEUE_MAX) return Promise.resolve(problemReply(problem('TooBusy')))
    return new Promise((resolve) => {
      queue.push(job(resolve))
      schedule()
    })
  }

  return {
    execute: (ask) => enqueue((resolve) => ({ kind: 'ask', ask, resolve })),
    present: (presented) => enqueue((resolve) => ({ kind: 'present', presented, resolve })),
    heal: () => enqueue((resolve) => ({ kind: 'heal', resolve })),
    branch: () => branch,
    onCommit(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    async close() {
      isClosed = true
      if (queue.length > 0) await new Promise<void>((resolve) => (idle = resolve))
    },
  }
}

/** What the person on site can do about a disk that refuses. */
function hintFor(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  if (code.startsWith('SQLITE_FULL')) return 'The disk is full: free some space; the branch goes on by itself.'
  if (code.startsWith('SQLITE_READONLY')) return 'The disk is read-only: check it; the branch goes on by itself.'
  return 'The disk did not take the change: check it; the branch tries again with each command.'
}
