import type { ServerResponse } from 'node:http'
import helmet from 'helmet'

/** What is no page of ours loads nothing, is framed by nobody and sends nothing anywhere. */
const POLICY = {
  useDefaults: false,
  directives: {
    'default-src': ["'none'"],
    'base-uri': ["'none'"],
    'form-action': ["'none'"],
    'frame-ancestors': ["'none'"],
  },
}
const YEAR_S = 365 * 24 * 3_600

/**
 * What every answer forbids the browser, as helmet says it. It says the same of each, so it is asked once.
 * @param isHttps - whoever reaches the server so is to come back so: told over plain HTTP it would be no promise
 * @returns by name, in small letters
 */
export function securityHeaders({ isHttps }: { readonly isHttps: boolean }): Readonly<Record<string, string>> {
  const headers: Record<string, string> = {}
  const response: Pick<ServerResponse, 'removeHeader'> & { setHeader(name: string, value: string): void } = {
    setHeader(name, value) {
      headers[name.toLowerCase()] = value
    },
    removeHeader: (name) => void delete headers[name.toLowerCase()],
  }
  const said = helmet({
    contentSecurityPolicy: POLICY,
    xFrameOptions: { action: 'deny' },
    strictTransportSecurity: isHttps ? { maxAge: YEAR_S, includeSubDomains: false } : false,
  })
  said({} as never, response as never, (error?: unknown) => {
    if (error !== undefined) throw error
  })
  return headers
}

export const POLICY_HEADER = 'content-security-policy'

/** The page that describes an interface: its script and style come from the server itself, as its questions go there. */
export const DOCS_POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
