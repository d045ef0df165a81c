import type { BranchIdentity } from '../store/inbox.ts'
import { columnsOf, SHAPE_SCHEMA, type Shape } from './shape.ts'

/** What Electric answered; its body as it comes. */
export interface ForwardedAnswer {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

export interface Forward {
  /** @throws Error when Electric cannot be reached, answers too late or too much */
  ask(
    branch: BranchIdentity,
    shape: Shape,
    query: Readonly<Record<string, unknown>>,
    gone: AbortSignal,
  ): Promise<ForwardedAnswer>
}

/** Of a client's question, what says where it stands. What it gets, we say. */
const PASSED_ON = ['offset', 'handle', 'live', 'cursor', 'log', 'cache-buster', 'expired_handle']
const HEADER = /^electric-|^(content-type|retry-after)$/
/** Electric holds a live answer for some 20 s. */
const ANSWER_MS_MAX = 50_000
const BODY_BYTES_MAX = 32 * 1024 * 1024

async function textOf(answer: Response): Promise<string> {
  const parts: Uint8Array[] = []
  let bytes = 0
  for await (const part of answer.body ?? []) {
    bytes += part.length
    if (bytes > BODY_BYTES_MAX) throw new Error('Electric answers more than a branch takes')
    parts.push(part)
  }
  return Buffer.concat(parts).toString()
}

/** @param electricUrl - a secret may stand in its query; it never leaves the cloud */
export function createForward(electricUrl: string, fetch: typeof globalThis.fetch): Forward {
  return {
    async ask({ tenantId, branchId }, shape, query, gone) {
      const url = new URL(electricUrl)
      url.pathname = '/v1/shape'
      for (const name of PASSED_ON) {
        const value = query[name]
        if (typeof value === 'string') url.searchParams.set(name, value)
      }
      url.searchParams.set('table', `${SHAPE_SCHEMA}.${shape.table}`)
      url.searchParams.set('columns', columnsOf(shape).join(','))
      url.searchParams.set('where', 'tenant_id = $1 and branch_id = $2')
      url.searchParams.set('params[1]', tenantId)
      url.searchParams.set('params[2]', branchId)
      const asking = new AbortController()
      const abort = (): void => asking.abort()
      const timer = setTimeout(abort, ANSWER_MS_MAX)
      gone.addEventListener('abort', abort, { once: true })
      try {
        const answer = await fetch(url, { signal: asking.signal, redirect: 'error' })
        const headers = [...answer.headers].filter(([name]) => HEADER.test(name))
        return { status: answer.status, headers: Object.fromEntries(headers), body: await textOf(answer) }
      } finally {
        clearTimeout(timer)
        gone.removeEventListener('abort', abort)
      }
    },
  }
}
