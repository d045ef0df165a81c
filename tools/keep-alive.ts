import type { ChildProcess } from 'node:child_process'

const ASK_MS = 5_000
/** One that ends at once is not opened in a storm. */
const AGAIN_MS = 1_000
/** The host loads the page anew first; a page that still draws nothing after so many answers hangs for good. */
const DEAD_MAX = 6

async function isDead(address: string): Promise<boolean> {
  try {
    const response = await fetch(address, { signal: AbortSignal.timeout(ASK_MS) })
    const { screen } = (await response.json()) as { screen: string | null }
    return screen === 'frozen' || screen === 'missing'
  } catch {
    // A host that does not answer ends, and everything with it.
    return false
  }
}

/**
 * Keeps a screen's window open: one that crashed is opened again, and so is one whose page hangs, which no message
 * reaches any more. Whoever closes the window ends the program.
 * @param address - where the host says whether its page draws
 * @param host - ends with the window, and the window with it
 */
export function keepAlive(open: () => ChildProcess, address: string, host: ChildProcess, askMs = ASK_MS): void {
  let deadCount = 0
  let isEnding = false
  let window = watched()

  function watched(): ChildProcess {
    deadCount = 0
    const opened = open()
    opened.once('exit', (code) => {
      if (isEnding) return
      if (code === 0) host.kill('SIGTERM')
      else setTimeout(reopen, AGAIN_MS)
    })
    return opened
  }

  function reopen(): void {
    if (!isEnding) window = watched()
  }

  const timer = setInterval(() => {
    void isDead(address).then((dead) => {
      deadCount = dead ? deadCount + 1 : 0
      // It ends by a signal, and is opened again as one that crashed.
      if (deadCount >= DEAD_MAX) window.kill('SIGKILL')
    })
  }, askMs)
  host.once('exit', () => {
    isEnding = true
    clearInterval(timer)
    window.kill()
  })
}
