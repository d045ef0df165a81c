import { personAsker } from '../../asker.ts'
import { tellRightsChanged } from '../../live/rights-changed.ts'
import type { Transaction } from '../../store/transactions.ts'
import type { IdentityStore } from '../identity-store.ts'
import { CLIENTS_MAX } from './clients.ts'
import { secondOf } from './signed-out.ts'

/** The leave that somebody has given programs of others to act for her. */

/** Longer than any token lives that was given before. */
const REMEMBERED_MS = 3_600_000

/** A program that may act for her, as she knows it. */
export interface ProgramWithLeave {
  readonly clientId: string
  readonly name: string
}

/** Those of before the programs of grants were noted are not told; they end within fourteen days. */
export const programsWithLeave = (
  store: IdentityStore,
  personId: string,
  nowMs: number,
): Promise<readonly ProgramWithLeave[]> =>
  store.work(async (db) => {
    const rows = await db.query<{ client_id: string; name: string }>(
      `select client_id, name from client where exists
         (select from artifact where artifact.client_id = client.client_id and person_id = $1 and kind = 'Grant' and expires_at > $2)
       order by name, client_id limit ${CLIENTS_MAX}`,
      [personId, new Date(nowMs)],
    )
    return rows.map(({ client_id: clientId, name }) => ({ clientId, name }))
  })

/** All that the program holds of hers ends, the tokens that are out among it. Other people's stays. */
export async function takeBackLeave(db: Transaction, personId: string, clientId: string, nowMs: number): Promise<void> {
  await db.query(
    `insert into leave_ended values ($1, $2, $3) on conflict (person_id, client_id) do update set ended_at = excluded.ended_at`,
    [personId, clientId, new Date(nowMs)],
  )
  await db.query('delete from artifact where person_id = $1 and client_id = $2', [personId, clientId])
  await tellRightsChanged(db, personAsker(personId))
}

/** Whether a program that was named on the machine is still named, and still has her leave for a token of that second. */
export const hasLeave = (
  store: IdentityStore,
  {
    clientId,
    personId,
    issuedAtS,
  }: { readonly clientId: string; readonly personId: string; readonly issuedAtS: number },
): Promise<boolean> =>
  store.work(async (db) => {
    const [client] = await db.query<{ ended_at: Date | null }>(
      `select ended_at from client left join leave_ended
         on leave_ended.client_id = client.client_id and leave_ended.person_id = $2 where client.client_id = $1`,
      [clientId, personId],
    )
    if (client === undefined) return false
    return client.ended_at === null || issuedAtS > secondOf(client.ended_at.getTime())
  })

/** As old as no token that it ends. */
export const forgetLeaveEnded = (db: Transaction, nowMs: number): Promise<unknown> =>
  db.query('delete from leave_ended where ended_at <= $1', [new Date(nowMs - REMEMBERED_MS)])
