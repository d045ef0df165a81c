import type { Happening } from '#shared/audit/entry.ts'
import type { Transaction } from '../store/transactions.ts'
import { appendAudit, PLATFORM } from './entries.ts'

/** Whoever stands at the machine, or has the database, and types a command. */
export const BY_HAND = { kind: 'system', id: 'command' } as const

/** A connection as the owner of the tables has it. */
interface Client {
  query(text: string, values?: unknown[]): Promise<{ readonly rows: readonly unknown[] }>
}

/** What a command does to the cloud itself stands in the platform's chain, in the transaction of the act. */
export async function appendByHand(client: Client, what: Omit<Happening, 'actor'>, nowMs: number): Promise<void> {
  await client.query("select set_config('app.tenant_id', $1, true)", [PLATFORM])
  const db = {
    query: async (text, values = []) => (await client.query(text, [...values])).rows,
  } as Transaction
  await appendAudit(db, PLATFORM, { actor: BY_HAND, ...what }, nowMs)
}
