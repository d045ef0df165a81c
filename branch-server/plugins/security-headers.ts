import type { ServerResponse } from 'node:http'
import helmet from 'helmet'
import type { App } from '../parts.ts'

/** What helmet says of an answer that is no page. It says the same of every one, so it is asked once. */
function headersOfHelmet(): Readonly<Record<string, string>> {
  const headers: Record<string, string> = {}
  const response: Pick<ServerResponse, 'removeHeader'> & { setHeader(name: string, value: string): void } = {
    setHeader(name, value) {
      headers[name.toLowerCase()] = value
    },
    removeHeader: (name) => void delete headers[name.toLowerCase()],
  }
  helmet({ contentSecurityPolicy: false })({} as never, response as never, (error?: unknown) => {
    if (error !== undefined) throw error
  })
  return headers
}

/** Every answer forbids the browser what our pages never do; /docs included. */
export function registerSecurityHeaders(app: App): void {
  const headers = headersOfHelmet()
  app.addHook('onRequest', (_request, reply, done) => {
    reply.headers(headers)
    done()
  })
}
