import { setTimeout as wait } from 'node:timers/promises'
import type { IdentityStore } from '../identity-store.ts'
import { createSealing, lookupHash } from '../sealing.ts'

/**
 * A refresh token is good once. Its answer may be lost on the way, and four tabs of one browser may ask at once: whoever
 * asks again with the same token within this time, from the same program, is given the same answer and no second
 * successor. Anything else that brings a used token is theft, and ends the whole family (RFC 9700, 4.14.2).
 */
export const AGAIN_MS = 30_000
const [POLL_MS, POLLS_MAX] = [50, 100]

export interface TokenAnswer {
  readonly status: number
  readonly body: string
}

export interface RefreshRequest {
  readonly token: string
  /** What the same program says of itself each time. */
  readonly asker: string
}

interface Row {
  readonly [column: string]: unknown
  readonly asker_hash: Buffer
  readonly asked_at: Date
  readonly sealed: Buffer | null
}

/** One at a time judges a token; whoever died over it is followed by another. */
const CLAIM = `insert into refresh_answer (token_hash, asker_hash, asked_at) values ($1, $2, $3)
  on conflict (token_hash) do update set asker_hash = $2, asked_at = $3
    where refresh_answer.sealed is null and refresh_answer.asked_at < $4 returning 1`

/**
 * @param judge - what the token is answered when it has not been answered yet: by the sign-in itself
 * @returns null when whoever asked first was not answered in time
 */
export async function refreshOnce(
  store: IdentityStore,
  { token, asker }: RefreshRequest,
  nowMs: () => number,
  judge: () => Promise<TokenAnswer>,
): Promise<TokenAnswer | null> {
  const [hash, askerHash] = [lookupHash(token), lookupHash(asker)]
  // By the token itself: a copy of the table tells nobody the successor.
  const sealing = createSealing([token], 'refresh')
  const claim = (atMs: number): Promise<boolean> =>
    store.work(async (db) => {
      const values = [hash, askerHash, new Date(atMs), new Date(atMs - AGAIN_MS)]
      return (await db.query(CLAIM, values)).length === 1
    })
  for (let polls = 0; polls < POLLS_MAX; polls += 1) {
    const claimedAtMs = nowMs()
    if (await claim(claimedAtMs)) return judgeFirst({ store, hash, claimedAtMs, seal: sealing.seal, nowMs }, judge)
    const [row] = await store.work((db) =>
      db.query<Row>('select asker_hash, asked_at, sealed from refresh_answer where token_hash = $1', [hash]),
    )
    if (row !== undefined && row.sealed !== null) {
      const isAgain = row.asker_hash.equals(askerHash) && nowMs() - row.asked_at.getTime() <= AGAIN_MS
      const answer = isAgain ? sealing.open(row.sealed) : null
      return answer === null ? judge() : (JSON.parse(answer) as TokenAnswer)
    }
    await wait(POLL_MS)
  }
  return null
}

interface First {
  readonly store: IdentityStore
  readonly hash: Buffer
  /** By it a claim is told from the one that followed on it. */
  readonly claimedAtMs: number
  readonly seal: (text: string) => Buffer
  readonly nowMs: () => number
}

/**
 * The token is used up in the transaction that keeps its answer: a cloud that dies before leaves it as good as it was.
 * @returns null: it took so long that another judges meanwhile; of two successors only the kept one is told to anybody
 */
async function judgeFirst(
  { store, hash, claimedAtMs, seal, nowMs }: First,
  judge: () => Promise<TokenAnswer>,
): Promise<TokenAnswer | null> {
  const mine = [hash, new Date(claimedAtMs)]
  const forget = (): Promise<unknown> =>
    store.work((db) => db.query('delete from refresh_answer where token_hash = $1 and asked_at = $2', mine))
  let answer: TokenAnswer
  try {
    answer = await judge()
  } catch (error) {
    await forget()
    throw error
  }
  if (answer.status !== 200) {
    await forget()
    return answer
  }
  return store.work(async (db) => {
    const kept = await db.query(
      'update refresh_answer set sealed = $3 where token_hash = $1 and asked_at = $2 returning 1',
      [...mine, seal(JSON.stringify(answer))],
    )
    if (kept.length === 0) return null
    await db.query("update artifact set consumed_at = $2 where kind = 'RefreshToken' and id_hash = $1", [
      ...[hash, new Date(nowMs())],
    ])
    return answer
  })
}
