import { fork } from 'node:child_process'

/** No task of a round takes nearly as long: it waits for something that will not come. */
const TASK_MS_MAX = 60_000

/** What a helper process can be asked, by name. */
export type Tasks = { readonly [name: string]: (argument: never) => Promise<unknown> | unknown }

/** A process of its own that does one thing, so that it shares no event loop with what is measured. */
export interface Helper<Offered extends Tasks> {
  ask<Name extends keyof Offered>(
    name: Name,
    argument: Parameters<Offered[Name]>[0],
  ): Promise<Awaited<ReturnType<Offered[Name]>>>
  end(): void
}

interface Waiting {
  readonly resolve: (result: never) => void
  readonly reject: (error: Error) => void
}

type Answer = { readonly id: number; readonly result?: unknown; readonly error?: string }

/** Starts a file that calls `offer`. */
export function startHelper<Offered extends Tasks>(file: string): Helper<Offered> {
  const child = fork(new URL(file, import.meta.url))
  const waiting = new Map<number, Waiting>()
  let lastId = 0
  child.on('message', ({ id, result, error }: Answer) => {
    const found = waiting.get(id)
    waiting.delete(id)
    if (error === undefined) found?.resolve(result as never)
    else found?.reject(new Error(`${file}: ${error}`))
  })
  child.on('exit', () => {
    for (const { reject } of waiting.values()) reject(new Error(`${file} ended`))
  })
  return {
    ask: (name, argument) =>
      new Promise((resolve, reject) => {
        lastId += 1
        const late = setTimeout(() => reject(new Error(`${file}: ${String(name)} takes too long`)), TASK_MS_MAX)
        waiting.set(lastId, {
          resolve: (result) => {
            clearTimeout(late)
            resolve(result)
          },
          reject,
        })
        child.send({ id: lastId, name, argument })
      }),
    end: () => void child.kill(),
  }
}

/** Answers what the parent asks, one task at a time; ends with the parent. */
export function offer(tasks: Tasks): void {
  process.on('message', async ({ id, name, argument }: { id: number; name: string; argument: never }) => {
    try {
      process.send?.({ id, result: await tasks[name]?.(argument) })
    } catch (error) {
      process.send?.({ id, error: error instanceof Error ? (error.stack ?? error.message) : String(error) })
    }
  })
  process.on('disconnect', () => process.exit(0))
}
