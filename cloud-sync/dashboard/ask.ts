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

/** @throws RefusedError */
async function request(session: Session, method: string, path: string, sent?: object): Promise<Response> {
  const key = crypto.randomUUID()
  const send = async (): Promise<Response> => {
    const headers: Record<string, string> = { authorization: `Bearer ${await session.token()}` }
    if (method === 'POST') headers['idempotency-key'] = key
    if (sent !== undefined) headers['content-type'] = 'application/json'
    const body = sent === undefined ? null : JSON.stringify(sent)
    const base = session.slug === '' ? '/api/v1' : `/api/v1/tenants/${session.slug}`
    return fetch(`${base}${path}`, { method, headers, body })
  }
  let answer = await send()
  if (answer.status === UNAUTHORIZED) {
    await session.renew()
    answer = await send()
  }
  if (!answer.ok) throw new RefusedError(((await readJson(answer)) ?? {}) as Partial<RefusedError>)
  return answer
}

async function readJson(answer: Response): Promise<unknown> {
  const text = await answer.text()
  return text === '' ? null : JSON.parse(text)
}

/** What is no answer of the cloud is told as a line that is cut. */
const reached = <Read>(reading: Promise<Read>): Promise<Read> =>
  reading.catch((error: unknown) => {
    throw error instanceof RefusedError ? error : new RefusedError({ code: 'Unreachable' })
  })

/** Asks the cloud within the tenant, or of the platform. @throws RefusedError */
export function ask<Body>(session: Session, method: string, path: string, sent?: object): Promise<Reply<Body>> {
  return reached(
    request(session, method, path, sent).then(async (answer) => ({
      body: (await readJson(answer)) as Body,
      nowMs: Number(answer.headers.get('x-smartqueue-now')),
    })),
  )
}

/** A file, under the name that the cloud gives it. @throws RefusedError */
export function askFile(session: Session, path: string): Promise<{ readonly file: Blob; readonly name: string }> {
  return reached(
    request(session, 'GET', path).then(async (answer) => ({
      file: await answer.blob(),
      name: /filename="([^"]+)"/.exec(answer.headers.get('content-disposition') ?? '')?.[1] ?? 'smartqueue',
    })),
  )
}

/** The code of what went wrong, to be said in words. */
export const codeOf = (error: unknown): string => (error instanceof RefusedError ? error.code : 'other')
