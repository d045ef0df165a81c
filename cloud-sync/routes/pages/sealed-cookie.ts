import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Identity } from '../../identity/open-identity.ts'

/** What one browser keeps for us for a few minutes: nobody reads it, nobody makes one up. */
export interface SealedCookie<Content> {
  /** @param path - where the browser brings it back */
  keep(reply: FastifyReply, path: string, content: Content): void
  forget(reply: FastifyReply, path: string): void
  /** @returns null: nothing was kept, or too long ago, or not by us */
  read(request: FastifyRequest): Content | null
}

export interface CookieOptions {
  readonly name: string
  readonly ageMsMax: number
  readonly nowMs: () => number
}

export function createSealedCookie<Content>(
  { store, publicUrl }: Identity,
  { name, ageMsMax, nowMs }: CookieOptions,
): SealedCookie<Content> {
  const sealing = store.sealing(`cookie ${name}`)
  const secure = publicUrl.startsWith('https:') ? '; Secure' : ''
  const set = (reply: FastifyReply, path: string, value: string, ageS: number): void =>
    void reply.header('set-cookie', `${name}=${value}; Path=${path}; HttpOnly; SameSite=Lax; Max-Age=${ageS}${secure}`)

  function read({ headers }: FastifyRequest): Content | null {
    const found = new RegExp(`(?:^|; )${name}=([\\w-]+)`).exec(headers.cookie ?? '')?.[1]
    if (found === undefined) return null
    const text = sealing.open(Buffer.from(found, 'base64url'))
    // Not sealed by us: whoever made it up begins anew.
    if (text === null) return null
    const [atMs, content] = JSON.parse(text) as [number, Content]
    return nowMs() - atMs <= ageMsMax ? content : null
  }

  return {
    keep: (reply, path, content) =>
      set(reply, path, sealing.seal(JSON.stringify([nowMs(), content])).toString('base64url'), ageMsMax / 1_000),
    forget: (reply, path) => set(reply, path, '', 0),
    read,
  }
}
