import { join } from 'node:path'
import { Worker as Thread } from 'node:worker_threads'
import type { DayFigures } from '#shared/project/day-report.ts'
import type { BackupResult, CheckResult, Task } from './tasks.ts'

/** Tasks that may wait for the one thread. */
const WAITING_MAX = 16

/** Reports, backups and checks, beside the main thread. */
export interface Worker {
  report(span: { readonly from: string; readonly to: string }): Promise<readonly DayFigures[]>
  backup(): Promise<BackupResult>
  check(): Promise<CheckResult>
  close(): Promise<void>
}

/** The thread ended, or the task failed; the work was not done. `code` is what the disk or SQLite said, if it did. */
export class WorkError extends Error {
  override readonly name = 'WorkError'
  readonly code: string

  constructor(message: string, code = '') {
    super(message)
    this.code = code
  }
}

/** WAITING_MAX tasks wait already; this one was not taken. */
export class WorkerBusyError extends Error {
  override readonly name = 'WorkerBusyError'
}

/** What the thread posts back. */
export interface TaskAnswer {
  readonly id: number
  readonly result?: unknown
  readonly error?: { readonly message: string; readonly code: string }
}

interface Waiting {
  readonly resolve: (result: unknown) => void
  readonly reject: (error: Error) => void
}

/** The thread outlives its last task by this. */
const IDLE_MS = 20_000

export function startWorker(file: string, backupFolder: string, wallMs: () => number): Worker {
  const waiting = new Map<number, Waiting>()
  let thread: Thread | null = null
  let nextId = 1
  let idle: NodeJS.Timeout | null = null

  function ended(which: Thread, error: Error): void {
    if (which !== thread) return
    for (const { reject } of waiting.values()) reject(error)
    waiting.clear()
    thread = null
  }

  /** With nothing to do for a while the thread goes, and with it the memory that a check of many years has taken. */
  function rest(): void {
    if (waiting.size > 0) return
    void thread?.terminate()
    thread = null
  }

  /** Started with a task when there is none, also should it ever end by itself. */
  function running(): Thread {
    if (thread !== null) return thread
    const made = new Thread(new URL('./thread.ts', import.meta.url))
    made.unref()
    made.on('message', ({ id, result, error }: TaskAnswer) => {
      const found = waiting.get(id)
      waiting.delete(id)
      if (error === undefined) found?.resolve(result)
      else found?.reject(new WorkError(error.message, error.code))
      idle ??= setTimeout(rest, IDLE_MS).unref()
      idle.refresh()
    })
    made.on('error', (error) => ended(made, error instanceof Error ? error : new WorkError(String(error))))
    made.on('exit', () => ended(made, new WorkError('the worker thread ended')))
    thread = made
    return made
  }

  function run<Result>(task: Task): Promise<Result> {
    if (waiting.size >= WAITING_MAX) return Promise.reject(new WorkerBusyError())
    const id = nextId
    nextId += 1
    return new Promise<Result>((resolve, reject) => {
      waiting.set(id, { resolve: (result) => resolve(result as Result), reject })
      running().postMessage({ id, task })
    })
  }

  return {
    report: (span) => run({ kind: 'report', file, ...span }),
    backup() {
      const name = `branch-${new Date(wallMs()).toISOString().replaceAll(/[:.]/g, '-')}.db`
      return run({ kind: 'backup', file, folder: backupFolder, name: join('.', name) })
    },
    check: () => run({ kind: 'check', file }),
    async close() {
      if (idle !== null) clearTimeout(idle)
      await thread?.terminate()
    },
  }
}
