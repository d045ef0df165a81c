import type { Sqlite } from '#shared/disk/open.ts'
import { type KeptOrder, type OrderResult, RESULTS_MAX } from '#shared/wire/orders.ts'

/** An order that was taken and is not done yet. */
export interface OpenOrder {
  readonly number: number
  readonly message: KeptOrder
  /** By the cloud's clock. */
  readonly expiresAtMs: number
  /** Its device was told, and may have done it. */
  readonly isTold: boolean
}

/** What head office has this branch or its devices do; each change inside the caller's transaction. */
export interface OrderStore {
  take(cloudBranchId: string, order: Omit<OpenOrder, 'isTold'>): void
  /** In the order of their numbers. */
  open(cloudBranchId: string): readonly OpenOrder[]
  /** Before its device is told. */
  markTold(cloudBranchId: string, number: number): void
  /** The first word stays. */
  settle(cloudBranchId: string, number: number, outcome: string): void
  /** What the cloud does not know of yet. */
  results(cloudBranchId: string): readonly OrderResult[]
  /** The cloud knows. */
  drop(cloudBranchId: string, numbers: readonly number[]): void
}

interface Row {
  readonly number: number
  readonly message: string
  readonly expires_at_ms: number
  readonly is_told: number
}

export function createOrderStore(db: Sqlite): OrderStore {
  // One that is there is the same, told again by a cloud that reads its inbox anew.
  const take = db.prepare(
    `insert or ignore into cloud_order (cloud_branch_id, number, order_id, message, expires_at_ms)
     values ($cloudBranchId, $number, $orderId, $message, $expiresAtMs)`,
  )
  const open = db.prepare<[string], Row>(
    `select number, message, expires_at_ms, is_told from cloud_order
     where cloud_branch_id = ? and outcome is null order by number`,
  )
  const tell = db.prepare('update cloud_order set is_told = 1 where cloud_branch_id = ? and number = ?')
  const settle = db.prepare(
    'update cloud_order set outcome = ? where cloud_branch_id = ? and number = ? and outcome is null',
  )
  const results = db.prepare<[string], OrderResult>(
    `select number, outcome from cloud_order where cloud_branch_id = ? and outcome is not null
     order by number limit ${RESULTS_MAX}`,
  )
  const drop = db.prepare('delete from cloud_order where cloud_branch_id = ? and number = ?')
  return {
    take(cloudBranchId, { number, message, expiresAtMs }) {
      const { orderId } = message
      take.run({ cloudBranchId, number, orderId, message: JSON.stringify(message), expiresAtMs })
    },
    open: (cloudBranchId) =>
      open.all(cloudBranchId).map(({ number, message, expires_at_ms: expiresAtMs, is_told: isTold }) => ({
        ...{ number, expiresAtMs, isTold: isTold === 1 },
        message: JSON.parse(message) as KeptOrder,
      })),
    markTold: (cloudBranchId, number) => void tell.run(cloudBranchId, number),
    settle: (cloudBranchId, number, outcome) => void settle.run(outcome, cloudBranchId, number),
    results: (cloudBranchId) => results.all(cloudBranchId),
    drop(cloudBranchId, numbers) {
      for (const number of numbers) drop.run(cloudBranchId, number)
    },
  }
}
