import { parentPort } from 'node:worker_threads'
import { restingPace } from './backup.ts'
import type { TaskAnswer } from './lane.ts'
import { goLast } from './low-priority.ts'
import { runTask, type Task } from './tasks.ts'

function errorOf(error: unknown): TaskAnswer['error'] & {} {
  if (!(error instanceof Error)) return { message: String(error), code: '' }
  return { message: error.message, code: 'code' in error ? String(error.code) : '' }
}

goLast()
const pace = restingPace(() => performance.now())

// A worker thread: its lane sends one task at a time; its result goes back, or its error.
parentPort?.on('message', async ({ id, task }: { id: number; task: Task }) => {
  let answer: TaskAnswer
  try {
    answer = { id, result: await runTask(task, pace) }
  } catch (error) {
    answer = { id, error: errorOf(error) }
  }
  // Bytes change hands without being copied.
  const { result } = answer
  parentPort?.postMessage(answer, result instanceof Uint8Array ? [result.buffer as ArrayBuffer] : [])
})
