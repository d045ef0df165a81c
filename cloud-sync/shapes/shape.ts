/** The two shapes that a branch may follow: what of which table it gets. */

export interface Shape {
  readonly table: 'catalogue' | 'inbox'
  /** Of a branch's rows: they come in its order. */
  readonly key: string
  readonly keyType: string
  /** Rows that one answer brings at most; a catalogue may be long. */
  readonly chunkRows: number
  /** Entries of its log that are kept at least, for branches that were away; whoever lacks more begins anew. */
  readonly logKept: number
}

const SHAPES: readonly Shape[] = [
  { table: 'catalogue', key: 'version', keyType: 'int4', chunkRows: 4, logKept: 64 },
  { table: 'inbox', key: 'number', keyType: 'int8', chunkRows: 200, logKept: 2_000 },
]

export const shapeOf = (table: unknown): Shape | null => SHAPES.find((shape) => shape.table === table) ?? null

/** In which schema our tables lie; a client of Electric sees it in the keys. */
export const SHAPE_SCHEMA = 'smartqueue'

/** All that leaves of a row. Its key goes with it, as Electric will have it. */
export const columnsOf = ({ key }: Shape): readonly string[] => ['tenant_id', 'branch_id', key, 'document', 'signature']

/** As a client of Electric reads values by. */
export function schemaOf({ key, keyType }: Shape): string {
  const text = { type: 'text', not_null: true }
  return JSON.stringify({
    tenant_id: { type: 'uuid', not_null: true, pk_index: 0 },
    branch_id: { type: 'uuid', not_null: true, pk_index: 1 },
    [key]: { type: keyType, not_null: true, pk_index: 2 },
    document: text,
    signature: text,
  })
}
