import type { ReactNode } from 'react'
import { TimeText } from '#shared/ui/parts.tsx'
import { formatDuration } from '#shared/words/format.ts'

/** A figure, or a dash where there is nothing to measure. */
export function Duration({ ms }: { readonly ms: number | null }) {
  return <TimeText>{ms === null ? '–' : formatDuration(ms)}</TimeText>
}

export function Share({ share }: { readonly share: number | null }) {
  return <TimeText>{share === null ? '–' : String(Math.round(share * 100))}</TimeText>
}

export interface Column {
  readonly key: string
  readonly text: string
  /** Stands small under the name. */
  readonly unit?: string
}

interface NumberTableProps {
  readonly caption: string
  /** Above the names. */
  readonly corner: string
  readonly columns: readonly Column[]
  readonly children: ReactNode
}

/** Names, then numbers under each other at the end of their columns. The head stays while the rows move. */
export function NumberTable({ caption, corner, columns, children }: NumberTableProps) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a table that scrolls must be reachable without a mouse
    <div className="table-frame" data-scrolls="" tabIndex={0}>
      <table className="table">
        <caption className="only-heard">{caption}</caption>
        <thead>
          <tr>
            {corner === '' ? <td /> : <th scope="col">{corner}</th>}
            {columns.map(({ key, text, unit }) => (
              <th key={key} scope="col" className="figure">
                {text}
                {unit !== undefined && <small>{unit}</small>}
              </th>
            ))}
          </tr>
        </thead>
        {children}
      </table>
    </div>
  )
}
