import { parentPort } from 'node:worker_threads'
import { runTask, type Task } from './tasks.ts'

// The worker thread: one task at a time, its result or its error as text.
parentPort?.on('message', ({ id, task }: { id: number; task: Task }) => {
  try {
    parentPort?.postMessage({ id, result: runTask(task) })
  } catch (error) {
    parentPort?.postMessage({ id, error: error instanceof Error ? error.message : String(error) })
  }
})
