import { once } from 'node:events'
import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { DiskFault } from '../disk/disk-fault.ts'
import { LANGUAGES } from '../domain/ids.ts'
import { problem } from '../wire/problem.ts'
import type { DeviceKind } from '../wire/requests.ts'
import { CALM_TEXTS } from '../words/calm-page.ts'

/** The page asks this often whether the device is there. */
const LOOK_MS = 3_000
const REQUEST_MS_MAX = 5_000
const CONNECTIONS_MAX = 64

const SCRIPT = `setInterval(async () => {
  try {
    const state = await (await fetch('/local/v1/state', { cache: 'no-store' })).json()
    if (state.calm === undefined) location.replace('/')
  } catch { /* Between the two there is a moment without any. */ }
}, ${LOOK_MS})`

const STYLE = `html { color-scheme: light dark }
body { margin: 0; min-height: 100vh; display: flex; flex-direction: column; justify-content: center; gap: 6vh;
  box-sizing: border-box; padding: 6vh 8vw; background: #f6f3ee; color: #23201c;
  font-family: 'Noto Sans', 'Noto Sans Arabic', 'DejaVu Sans', system-ui, sans-serif }
h1 { margin: 0 0 0.4em; font-size: clamp(22px, 4.4vmin, 52px); font-weight: 650; line-height: 1.25 }
p { margin: 0; font-size: clamp(17px, 3.6vmin, 40px); line-height: 1.4 }
@media (prefers-color-scheme: dark) { body { background: #1b1917; color: #f1ede6 } }`

function page(kind: DeviceKind): string {
  const part = (language: (typeof LANGUAGES)[number]): string => {
    const { title, advice } = CALM_TEXTS[kind][language]
    return `<section lang="${language}" dir="${language === 'ar' ? 'rtl' : 'ltr'}"><h1>${title}</h1><p>${advice}</p></section>`
  }
  return `<!doctype html><html lang="fr"><head><meta charset="utf-8"><title>SmartQueue</title>
<meta name="viewport" content="width=device-width, initial-scale=1"><link rel="stylesheet" href="/calm.css">
<script src="/calm.js" defer></script></head><body role="status">${LANGUAGES.map(part).join('')}</body></html>`
}

export interface CalmPage {
  readonly port: number
  close(): Promise<void>
}

/**
 * Serves what a device shows while its disk does not let it start: all of it from memory. The page becomes the real one
 * by itself. @throws Error of the network, as when the port is taken
 */
export async function serveCalmPage(kind: DeviceKind, port: number, fault: () => DiskFault): Promise<CalmPage> {
  const text = page(kind)
  const send = (response: ServerResponse, status: number, type: string, body: string): void => {
    response
      .writeHead(status, {
        'content-type': `${type}; charset=utf-8`,
        'content-security-policy': "default-src 'self'; object-src 'none'; frame-ancestors 'none'; base-uri 'none'",
        'x-content-type-options': 'nosniff',
        'cache-control': 'no-store',
      })
      .end(body)
  }
  const server = createServer(
    { requestTimeout: REQUEST_MS_MAX, headersTimeout: REQUEST_MS_MAX },
    (request, response) => {
      const [path = ''] = (request.url ?? '').split('?')
      if (path === '/' || path === '/index.html') return send(response, 200, 'text/html', text)
      if (path === '/calm.js') return send(response, 200, 'text/javascript', SCRIPT)
      if (path === '/calm.css') return send(response, 200, 'text/css', STYLE)
      if (path === '/local/v1/state')
        return send(response, 200, 'application/json', JSON.stringify({ device: null, link: 'down', calm: fault() }))
      if (path === '/favicon.ico') return void response.writeHead(204).end()
      const refused = problem('StorageUnavailable')
      return send(response, refused.status, 'application/problem+json', JSON.stringify(refused))
    },
  )
  server.maxConnections = CONNECTIONS_MAX
  server.listen(port, '127.0.0.1')
  await once(server, 'listening')
  return {
    port: (server.address() as AddressInfo).port,
    async close() {
      const closed = once(server, 'close')
      server.close()
      server.closeAllConnections()
      await closed
    },
  }
}
