/** Reads from the device's host. @returns null when there is nothing to be had just now */
export async function getJson(path: string): Promise<unknown> {
  try {
    const response = await window.fetch(path, { cache: 'no-store' })
    return response.ok ? await response.json() : null
  } catch {
    // The host is restarting or broke off; whoever asks, asks again.
    return null
  }
}
