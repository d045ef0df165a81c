import type { Server } from 'node:http'
import type { WebSocket } from 'ws'

/** How long a peer may take to say goodbye; one whose line hangs half open never does. */
const GOODBYE_MS_MAX = 2_000

interface ClosingApp {
  readonly server: Server
  readonly websocketServer: { readonly clients: ReadonlySet<WebSocket> }
  close(): PromiseLike<unknown>
}

/** Closes an HTTP server and its sockets, politely for a moment, then without asking. */
export async function closeApp(app: ClosingApp): Promise<void> {
  const cut = setTimeout(() => {
    for (const socket of app.websocketServer.clients) socket.terminate()
    app.server.closeAllConnections()
  }, GOODBYE_MS_MAX)
  try {
    await app.close()
  } finally {
    clearTimeout(cut)
  }
}
