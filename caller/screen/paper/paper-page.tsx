import { useEffect, useRef, useState } from 'react'
import { RECORDED_STATUSES, type RecordedStatus } from '#shared/domain/events.ts'
import type { PaperQueue, PaperRow } from '#shared/project/paper-list.ts'
import { Button, NumberText, StatusLine } from '#shared/ui/parts.tsx'
import { useWords } from '#shared/ui/words-context.tsx'
import { formatTime } from '#shared/words/format.ts'
import { listenForKeys } from '../../devices/hot-keys.ts'
import { PAGE_KEYS } from '../../keys.ts'
import { type PaperKey, paperKeyOf, STATUS_OF_KEY } from '../../paper-keys.ts'
import { isOpen } from '../../use-marks.ts'
import type { CallerScreenProps } from '../caller-props.ts'
import { Noted, STATUS_WORDS } from './noted.tsx'
import { TypedNumber } from './typed-number.tsx'

const KIND_WORDS = { called: 'paper.atCounters', later: 'paper.afterSheet' } as const

interface RowProps {
  readonly row: PaperRow
  readonly isChosen: boolean
  readonly onNote: (status: RecordedStatus) => void
  readonly onChoose: () => void
}

function Row({ row, isChosen, onNote, onChoose }: RowProps) {
  const words = useWords()
  const place = useRef<HTMLLIElement>(null)
  useEffect(() => {
    if (isChosen) place.current?.scrollIntoView({ block: 'nearest' })
  }, [isChosen])
  return (
    <li
      ref={place}
      className={isChosen ? 'paper-row paper-chosen' : 'paper-row'}
      data-number={row.number}
      aria-current={isChosen}
      onPointerDown={onChoose}
    >
      <NumberText className="row-number" number={row.number} />
      <span className="row-what">
        <span className="row-service">{words.read(row.serviceName)}</span>
        {row.isPriority && <span className="row-note">{words.say('caller.priority')}</span>}
      </span>
      <span className="paper-acts">
        {RECORDED_STATUSES.map((status, index) => (
          <Button
            key={status}
            kind={status === 'completed' && isChosen ? 'primary' : 'plain'}
            {...(isChosen && { keyName: String(index + 1) })}
            onPress={() => onNote(status)}
          >
            {words.say(STATUS_WORDS[status])}
          </Button>
        ))}
      </span>
    </li>
  )
}

/** Whoever is chosen stays chosen; when she has been noted, the one who has come to her place is. */
function useChosen(rows: readonly PaperRow[]) {
  const [chosen, setChosen] = useState<{ readonly ticketId: string; readonly index: number } | null>(null)
  const found = rows.findIndex(({ ticketId }) => ticketId === chosen?.ticketId)
  const index = found >= 0 ? found : Math.min(chosen?.index ?? 0, rows.length - 1)
  const choose = (wanted: number): void => {
    const row = rows[Math.max(0, Math.min(rows.length - 1, wanted))]
    if (row !== undefined) setChosen({ ticketId: row.ticketId, index: rows.indexOf(row) })
  }
  return { index, choose }
}

function usePaperKeys(act: (key: PaperKey) => void): void {
  const latest = useRef(act)
  latest.current = act
  useEffect(() => listenForKeys(document, paperKeyOf, (key) => latest.current(key)), [])
}

/** The list to call from, or the sheet that was called from: one press for each, all of it by keyboard. */
export function PaperPage(props: CallerScreenProps & { readonly queues: readonly PaperQueue[] }) {
  const { queues, marks, isCut, desk, onKeyAct, onTyped, onScan, language } = props
  const sheetAtMs = desk?.sheetAtMs ?? null
  const words = useWords()
  const timezone = desk?.branch?.timezone ?? 'UTC'
  const done = new Set(marks.list.filter((mark) => isOpen(mark) || mark.state === 'entered').map((it) => it.ticketId))
  const shown = queues
    .map((queue) => ({ ...queue, rows: queue.rows.filter(({ ticketId }) => !done.has(ticketId)) }))
    .filter(({ rows }) => rows.length > 0)
  const rows = shown.flatMap((queue) => queue.rows)
  const { index, choose } = useChosen(rows)
  const note = (row: PaperRow | undefined, status: RecordedStatus): void => {
    if (row === undefined) return
    choose(rows.indexOf(row) + 1)
    marks.note({ ticketId: row.ticketId, serviceId: row.serviceId, number: row.number, status })
  }
  usePaperKeys((key) => {
    if (key === 'up' || key === 'down') choose(index + (key === 'down' ? 1 : -1))
    else if (key === 'undo') {
      // The last one, and no other: what has been sent is no longer to be taken back.
      const [last] = marks.list
      if (last?.state === 'kept' || last?.state === 'making') marks.withdraw(last.key)
    } else note(rows[index], STATUS_OF_KEY[key])
  })
  return (
    <main className="paper">
      <div className="paper-head">
        <Button kind="quiet" icon="back" keyName={PAGE_KEYS.desk} onPress={() => onKeyAct('desk')}>
          {words.say('common.back')}
        </Button>
        <h1>{words.say('paper.title')}</h1>
        {sheetAtMs !== null && <p>{words.say('paper.sheetAt', { time: formatTime(sheetAtMs, language, timezone) })}</p>}
      </div>
      <p className="paper-help">{words.say(isCut ? 'paper.helpAway' : 'paper.helpBack')}</p>
      {marks.problem !== null && (
        <StatusLine icon="octagon" tone="warn">
          {words.sayProblem(marks.problem)}
        </StatusLine>
      )}
      <section className="paper-list list">
        {rows.length === 0 && <p className="list-empty">{words.say('paper.nobody')}</p>}
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a list that scrolls must be reachable without a mouse */}
        <div className="paper-scroll" tabIndex={0}>
          {shown.map((queue) => (
            <section key={queue.queueId ?? queue.kind}>
              <h2>
                {queue.kind === 'queue' ? words.read(queue.name) : words.say(KIND_WORDS[queue.kind])}
                <span className="list-count">{queue.rows.length}</span>
              </h2>
              <ul>
                {queue.rows.map((row) => (
                  <Row
                    key={row.ticketId}
                    row={row}
                    isChosen={rows[index] === row}
                    onNote={(status) => note(row, status)}
                    onChoose={() => choose(rows.indexOf(row))}
                  />
                ))}
              </ul>
            </section>
          ))}
        </div>
        <p className="paper-keys">{words.say('paper.keys')}</p>
      </section>
      <TypedNumber isDoubted={props.isNumberDoubted} onNote={onTyped} onScan={onScan} />
      <Noted marks={marks} timezone={timezone} />
    </main>
  )
}
