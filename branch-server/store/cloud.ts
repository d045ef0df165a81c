import type { Sqlite } from '#shared/disk/open.ts'
import { RECEIPTS_MAX, type Receipt } from '#shared/wire/down.ts'

export type ShapeName = 'catalogue' | 'inbox'

/** How far this branch is in a shape, and where to go on asking. */
export interface ShapeStand {
  /** The version applied, or the number done last; 0: none. */
  readonly place: number
  /** null: from the start. */
  readonly handle: string | null
  readonly offset: string | null
}

/** What this branch knows of its cloud; each change inside the caller's transaction. */
export interface CloudStore {
  stand(shape: ShapeName, cloudBranchId: string): ShapeStand
  /** Something of the shape has been done up to here. */
  move(shape: ShapeName, cloudBranchId: string, place: number): void
  /** Everything up to this offset is done. */
  goOnFrom(shape: ShapeName, cloudBranchId: string, handle: string, offset: string): void
  addReceipt(receipt: Receipt): void
  /** The oldest that the cloud does not know of, as many as it takes at once. */
  receipts(): readonly Receipt[]
  dropReceipts(upToNumber: number): void
}

const NOWHERE: ShapeStand = { place: 0, handle: null, offset: null }

export function createCloudStore(db: Sqlite): CloudStore {
  const get = db.prepare<[string, string], ShapeStand>(
    'select place, handle, shape_offset as offset from cloud_shape where shape = ? and cloud_branch_id = ?',
  )
  const set = db.prepare('insert or replace into cloud_shape values (?, ?, ?, ?, ?)')
  const add = db.prepare('insert or ignore into cloud_receipt values (?, ?)')
  const list = db.prepare<[], Receipt>(
    `select number, outcome from cloud_receipt order by number limit ${RECEIPTS_MAX}`,
  )
  const drop = db.prepare('delete from cloud_receipt where number <= ?')
  const stand: CloudStore['stand'] = (shape, cloudBranchId) => get.get(shape, cloudBranchId) ?? NOWHERE
  return {
    stand,
    move(shape, cloudBranchId, place) {
      const { handle, offset } = stand(shape, cloudBranchId)
      set.run(shape, cloudBranchId, place, handle, offset)
    },
    goOnFrom(shape, cloudBranchId, handle, offset) {
      set.run(shape, cloudBranchId, stand(shape, cloudBranchId).place, handle, offset)
    },
    addReceipt: ({ number, outcome }) => void add.run(number, outcome),
    receipts: () => list.all(),
    dropReceipts: (upToNumber) => void drop.run(upToNumber),
  }
}
