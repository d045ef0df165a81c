import { Worker as Thread } from 'node:worker_threads'
import type { Task } from './tasks.ts'

/** Tasks that may wait for one thread. */
const WAITING_MAX = 16
/** The thread outlives its last task by this. */
const IDLE_MS = 20_000

/** The thread ended, or the task failed; the work was not done. `code` is what the disk or SQLite said, if it did. */
class WorkError extends Error {
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

/** One thread and the tasks that wait for it, one after the other. */
export interface Lane {
  run<Result>(task: Task): Promise<Result>
  close(): Promise<void>
}

interface Waiting {
  readonly task: Task
  readonly resolve: (result: unknown) => void
  readonly reject: (error: Error) => void
}

export function createLane(): Lane {
  /** The first is under way. */
  const waiting: Waiting[] = []
  let thread: Thread | null = null
  let sentId = 0
  let idle: NodeJS.Timeout | null = null

  function ended(which: Thread, error: Error): void {
    if (which !== thread) return
    for (const { reject } of waiting.splice(0)) reject(error)
    thread = null
  }

  /** With nothing to do for a while the thread goes, and with it the memory that a check of many years has taken. */
  function rest(): void {
    if (waiting.length > 0) return
    void thread?.terminate()
    thread = null
  }

  function answered({ id, result, error }: TaskAnswer): void {
    if (id !== sentId) return
    const found = waiting.shift()
    if (error === undefined) found?.resolve(result)
    else found?.reject(new WorkError(error.message, error.code))
    if (waiting.length > 0) send()
    idle ??= setTimeout(rest, IDLE_MS).unref()
    idle.refresh()
  }

  /** Started with a task when there is none, also should it ever end by itself. */
  function running(): Thread {
    if (thread !== null) return thread
    const made = new Thread(new URL('./thread.ts', import.meta.url))
    made.unref()
    made.on('message', answered)
    made.on('error', (error) => ended(made, error instanceof Error ? error : new WorkError(String(error))))
    made.on('exit', () => ended(made, new WorkError('the worker thread ended')))
    thread = made
    return made
  }

  function send(): void {
    sentId += 1
    running().postMessage({ id: sentId, task: waiting[0]?.task })
  }

  return {
    run<Result>(task: Task) {
      if (waiting.length >= WAITING_MAX) return Promise.reject(new WorkerBusyError())
      return new Promise<Result>((resolve, reject) => {
        waiting.push({ task, resolve: (result) => resolve(result as Result), reject })
        if (waiting.length === 1) send()
      })
    },
    async close() {
      if (idle !== null) clearTimeout(idle)
      await thread?.terminate()
    },
  }
}
