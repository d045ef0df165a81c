/**
 * Does what can be aborted, and aborts it when it takes too long or the whole is to end.
 * Not `AbortSignal.any`: with it a sleeper was once not woken here. Why was not proven; this way has nothing to lose.
 */
export async function within<Result>(
  limitMs: number,
  ending: AbortSignal,
  work: (signal: AbortSignal) => Promise<Result>,
): Promise<Result> {
  const own = new AbortController()
  const abort = (): void => own.abort()
  const timer = setTimeout(abort, limitMs)
  ending.addEventListener('abort', abort)
  if (ending.aborted) abort()
  try {
    return await work(own.signal)
  } finally {
    clearTimeout(timer)
    ending.removeEventListener('abort', abort)
  }
}
