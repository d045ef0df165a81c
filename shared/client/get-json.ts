/** A host that hangs is a host that does not answer. */
const ANSWER_WAIT_MS = 8_000

/** Reads from the device's host. @returns null when there is nothing to be had just now */
export async function getJson(path: string): Promise<unknown> {
  try {
    const response = await window.fetch(path, { cache: 'no-store', signal: AbortSignal.timeout(ANSWER_WAIT_MS) })
    return response.ok ? await response.json() : null
  } catch {
    // The host is restarting, broke off or took too long; whoever asks, asks again.
    return null
  }
}
