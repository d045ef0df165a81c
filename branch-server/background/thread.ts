import { parentPort } from 'node:worker_threads'
import { goLast } from './low-priority.ts'
import { runTask, type Task } from './tasks.ts'
import type { TaskAnswer } from './worker.ts'

function errorOf(error: unknown): TaskAnswer['error'] & {} {
  if (!(error instanceof Error)) return { message: String(error), code: '' }
  return { message: error.message, code: 'code' in error ? String(error.code) : '' }
}

goLast()

// The worker thread: one task at a time, its result or its error.
parentPort?.on('message', ({ id, task }: { id: number; task: Task }) => {
  let answer: TaskAnswer
  try {
    answer = { id, result: runTask(task) }
  } catch (error) {
    answer = { id, error: errorOf(error) }
  }
  parentPort?.postMessage(answer)
})
