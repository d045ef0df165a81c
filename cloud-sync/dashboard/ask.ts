import type { DraftAnswer, DraftFault } from '#shared/wire/draft.ts'
import type { Session } from './session.ts'

/** What the cloud refused, or `Unreachable`. */
export class RefusedError extends Error {
  readonly code: string
  readonly faults: readonly DraftFault[]
  /** As somebody else has made it meanwhile; null: it was about something else. */
  readonly draft: DraftAnswer | null

  constructor({ code = 'other', faults = [], draft = null }: Partial<Pick<RefusedError, 'code' | 'faults' | 'draft'>>) {
    super(code)
    this.code = code
    this.faults = faults
    this.draft = draft
  }
}

export interface Reply<Body> {
  readonly body: Body
  /** The cloud's clock as it answered: how old something is does not hang on the clock here. */
  readonly nowMs: number
}

const UNAUTHORIZED = 401

/** Asks the cloud within the tenant. @throws RefusedError */
export async function ask<Body>(session: Session, method: string, path: string, sent?: object): Promise<Reply<Body>> {
  const key = crypto.randomUUID()
  const send = async (): Promise<Response> => {
    const headers: Record<string, string> = { authorization: `Bearer ${await session.token()}` }
    if (method === 'POST') headers['idempotency-key'] = key
    if (sent !== undefined) headers['content-type'] = 'application/json'
    const body = sent === undefined ? null : JSON.stringify(sent)
    return fetch(`/api/v1/tenants/${session.slug}${path}`, { method, headers, body })
  }
  try {
    let answer = await send()
    if (answer.status === UNAUTHORIZED) {
      await session.renew()
      answer = await send()
    }
    const text = await answer.text()
    const body: unknown = text === '' ? null : JSON.parse(text)
    if (!answer.ok) throw new RefusedError((body ?? {}) as Partial<RefusedError>)
    return { body: body as Body, nowMs: Number(answer.headers.get('x-smartqueue-now')) }
  } catch (error) {
    throw error instanceof RefusedError ? error : new RefusedError({ code: 'Unreachable' })
  }
}

/** The code of what went wrong, to be said in words. */
export const codeOf = (error: unknown): string => (error instanceof RefusedError ? error.code : 'other')
