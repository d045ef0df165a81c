/** Where a reader stands in a shape, as its handle and offset tell. Pure. */

/** In the log: everything up to this entry is known; `xid` as Postgres writes it. */
export interface LogPlace {
  readonly kind: 'log'
  readonly xid: string
  readonly seq: number
}

export type Place =
  | { readonly kind: 'start' }
  /** Nothing of what is there is wanted, only what comes. */
  | { readonly kind: 'now' }
  /** Among the rows that were there at the start, after this key. */
  | { readonly kind: 'rows'; readonly afterKey: number }
  | LogPlace

/** Rows that were there at the start have no transaction: no log begins with it. */
const NO_XID = '0'
const OFFSET = /^(\d{1,20})_(\d{1,16})$/

/** @returns null for what is no offset */
export function placeOf(offset: string): Place | null {
  if (offset === '-1') return { kind: 'start' }
  if (offset === 'now') return { kind: 'now' }
  const [, xid = '', second = ''] = OFFSET.exec(offset) ?? []
  const number = Number(second)
  if (xid === '' || !Number.isSafeInteger(number) || BigInt(xid) > 0xffff_ffff_ffff_ffffn) return null
  return xid === NO_XID ? { kind: 'rows', afterKey: number } : { kind: 'log', xid, seq: number }
}

export const offsetOf = (place: LogPlace | { readonly kind: 'rows'; readonly afterKey: number }): string =>
  place.kind === 'rows' ? `${NO_XID}_${place.afterKey}` : `${place.xid}_${place.seq}`

/** Whose shape a handle is of, and from where its log is read once the rows are known. */
export interface Handle {
  /** The same for every handle of one shape of one branch in one life of the database. */
  readonly prefix: string
  readonly horizon: string
}

/** @param nonce - a handle that was given up is never given again */
export const handleText = ({ prefix, horizon }: Handle, nonce: string): string => `${prefix}-${horizon}-${nonce}`

const HANDLE = /^([0-9a-f]{16})-(\d{1,20})-[0-9a-f]{8}$/

/** @returns null for what is no handle of ours */
export function readHandle(text: string): Handle | null {
  const [, prefix = '', horizon = ''] = HANDLE.exec(text) ?? []
  return prefix === '' ? null : { prefix, horizon }
}
