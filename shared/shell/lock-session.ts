import type { HostLog } from '../host/host-log.ts'
import type { Session } from './electron-parts.ts'

/** Where nothing says what a page may load, it may load nothing. */
const NO_POLICY = "default-src 'none'"

export interface SessionWish {
  /** The only origin there is: that of the device's own host. */
  readonly origin: string
  /** Its page may listen to a microphone, as where the voice of a branch is recorded. */
  readonly mayListen: boolean
  readonly log: HostLog
}

/** A page asks its own host alone; its feed is a WebSocket of the same host. */
const isOwn = (url: string, origin: string): boolean => {
  if (!URL.canParse(url)) return false
  const { protocol, host } = new URL(url)
  const own = new URL(origin)
  return host === own.host && (protocol === own.protocol || protocol === 'ws:')
}

/** Things a page made itself, of what it was given by its host. */
const isMadeHere = (url: string, origin: string): boolean => url.startsWith(`blob:${origin}/`) || /^data:/.test(url)

/** Closes every way out of a session: other addresses, downloads, permissions, devices. */
export function lockSession(session: Session, { origin, mayListen, log }: SessionWish): void {
  session.webRequest.onBeforeRequest((details, answer) => {
    const isRefused =
      !isOwn(details.url, origin) && (details.resourceType === 'mainFrame' || !isMadeHere(details.url, origin))
    if (isRefused) log.warn({ kind: details.resourceType }, 'a request to somewhere else was refused')
    answer({ cancel: isRefused })
  })
  session.webRequest.onHeadersReceived((details, answer) => {
    const headers = details.responseHeaders ?? {}
    const hasPolicy = Object.keys(headers).some((name) => name.toLowerCase() === 'content-security-policy')
    answer({ responseHeaders: hasPolicy ? headers : { ...headers, 'Content-Security-Policy': [NO_POLICY] } })
  })
  session.on('will-download', (event) => {
    event.preventDefault()
    log.warn({}, 'a download was refused')
  })
  const isAllowed = (permission: string, askedBy: string, kinds: readonly string[]): boolean =>
    mayListen &&
    permission === 'media' &&
    URL.canParse(askedBy) &&
    new URL(askedBy).origin === origin &&
    kinds.length > 0 &&
    kinds.every((kind) => kind === 'audio')
  // Unasked, Electron says yes to everything.
  session.setPermissionRequestHandler((_page, permission, answer, details) => {
    const kinds = 'mediaTypes' in details ? (details.mediaTypes ?? []) : []
    answer(isAllowed(permission, details.requestingUrl, kinds))
  })
  session.setPermissionCheckHandler((_page, permission, askedBy, details) =>
    isAllowed(permission, askedBy, [details.mediaType ?? 'unknown']),
  )
  session.setDevicePermissionHandler(() => false)
  session.setSpellCheckerEnabled(false)
}
