import { Alert, Button, Skeleton } from '@mantine/core'
import type { ReactNode } from 'react'
import { codeOf } from '../ask.ts'
import { useWords } from '../here.tsx'

/** A title, what may be done here, and the page's content. */
export function Page(props: {
  readonly title: string
  readonly help?: string
  readonly acts?: ReactNode
  readonly children: ReactNode
}) {
  return (
    <>
      <header className="page-head">
        <h1>{props.title}</h1>
        {props.acts !== undefined && <div className="page-acts">{props.acts}</div>}
      </header>
      {props.help !== undefined && <p className="page-help">{props.help}</p>}
      {props.children}
    </>
  )
}

/** Nothing is here: what to do now. */
export function EmptyState(props: { readonly title: string; readonly text: string; readonly children?: ReactNode }) {
  return (
    <section className="empty-state">
      <h2>{props.title}</h2>
      <p>{props.text}</p>
      {props.children}
    </section>
  )
}

/** A list without a row: what to do now, and the way to the form that does it. */
export function NothingYet(props: { readonly text: string; readonly act: string; readonly fieldId: string }) {
  return (
    <section className="empty-state">
      <p>{props.text}</p>
      <Button variant="default" onClick={() => document.getElementById(props.fieldId)?.focus()}>
        {props.act}
      </Button>
    </section>
  )
}

/** The shape of what is on its way. */
export function Waiting({ error }: { readonly error?: unknown }) {
  const words = useWords()
  if (error !== undefined && error !== null) return <Trouble error={error} />
  return (
    <div className="waiting" role="status">
      <span className="only-heard">{words.say('dash.loading')}</span>
      {[1, 2, 3, 4].map((line) => (
        <Skeleton key={line} height={44} radius="md" />
      ))}
    </div>
  )
}

export function Trouble({ error }: { readonly error: unknown }) {
  const words = useWords()
  if (error === undefined || error === null) return null
  return (
    <Alert color="red" role="alert">
      {words.sayProblem(codeOf(error))}
    </Alert>
  )
}

/** What has just happened, said once. */
export function Done({ children }: { readonly children: string }) {
  return (
    <div className="done" role="status">
      {children}
    </div>
  )
}

interface TableProps {
  readonly label: string
  readonly heads: readonly {
    readonly text: string
    readonly isNumber?: boolean
    /** What stands there says it already. */
    readonly isOnlyHeard?: boolean
  }[]
  readonly rows: readonly { readonly key: string; readonly cells: readonly ReactNode[] }[]
}

/** Sticky heads, figures at the end of their column; on a phone each row is a card whose lines name their column. */
export function Table({ label, heads, rows }: TableProps) {
  return (
    <table className="table" aria-label={label}>
      <thead>
        <tr>
          {heads.map(({ text, isNumber = false, isOnlyHeard = false }) => (
            <th key={text} scope="col" className={isNumber ? 'is-number' : ''}>
              {isOnlyHeard ? <span className="only-heard">{text}</span> : text}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map(({ key, cells }) => (
          <tr key={key}>
            {heads.map(({ text, isNumber = false, isOnlyHeard = false }, at) => (
              <td key={text} data-head={isOnlyHeard ? '' : text} className={isNumber ? 'is-number' : ''}>
                {cells[at]}
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  )
}
