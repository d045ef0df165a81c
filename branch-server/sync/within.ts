/** Waits; ends early, and well, when the signal says so. */
export type Pause = (ms: number, signal: AbortSignal) => Promise<void>

/**
 * Does what can be aborted, and aborts it when it takes too long or the whole is to end.
 * Not `AbortSignal.any`: with it a sleeper was once not woken here. Why was not proven; this way has nothing to lose.
 */
export async function within<Result>(
  limitMs: number,
  { pause, ending }: { readonly pause: Pause; readonly ending: AbortSignal },
  work: (signal: AbortSignal) => Promise<Result>,
): Promise<Result> {
  const own = new AbortController()
  const over = new AbortController()
  const abort = (): void => own.abort()
  void pause(limitMs, over.signal).then(() => {
    if (!over.signal.aborted) abort()
  })
  ending.addEventListener('abort', abort)
  if (ending.aborted) abort()
  try {
    return await work(own.signal)
  } finally {
    over.abort()
    ending.removeEventListener('abort', abort)
  }
}
