import type { Transaction } from './transactions.ts'

// Who is mailed stands in rules and subscriptions, and ends with her right to read it. Whoever writes mails reads the
// addresses in the same transaction, and whoever takes some out waits for it, and then finds the mails that are to end.

/** By tenant, as the two roles that work on it see no rows of each other. */
const LOCK = "(hashtextextended('mailed:' || $1, 0))"

/** Before addresses are taken out. */
export const holdAddresses = (db: Transaction, tenantId: string): Promise<unknown> =>
  db.query(`select pg_advisory_xact_lock${LOCK}`, [tenantId])

/** Before the addresses of mails are read that are written in this transaction. */
export const leanOnAddresses = (db: Transaction, tenantId: string): Promise<unknown> =>
  db.query(`select pg_advisory_xact_lock_shared${LOCK}`, [tenantId])
