import { useCallback, useMemo, useRef, useState } from 'react'
import { v7 as newKey } from 'uuid'
import { type SendCommand, unread } from '#shared/client/send-command.ts'
import { usePolled } from '#shared/client/use-polled.ts'
import type { RecordedStatus } from '#shared/domain/events.ts'

const MARKS_POLL_MS = 2_000

/** One thing that was noted, as the host has it; `making`: it is not on the disk yet. */
export interface Mark {
  readonly key: string
  readonly ticketId: string | null
  readonly number: string
  readonly status: RecordedStatus
  readonly state: 'making' | 'kept' | 'sending' | 'entered' | 'refused' | 'seen'
  readonly code: string | null
  readonly atMs: number | null
}

/** What is noted: of whom, and what became of her. */
export interface Noting {
  readonly ticketId: string | null
  readonly serviceId: string | null
  readonly number: string
  readonly status: RecordedStatus
  /** Staff were asked whether they mean a number that no kiosk seems to have printed; left out: they were not. */
  readonly isConfirmed?: boolean
}

export interface Marks {
  /** Newest first. */
  readonly list: readonly Mark[]
  /** Why the last one was not kept; null when it was. */
  readonly problem: string | null
  readonly note: (noting: Noting) => void
  readonly withdraw: (key: string) => void
  /** Staff have read which were refused. */
  readonly seen: () => void
}

export const isOpen = ({ state }: Mark): boolean => state === 'making' || state === 'kept' || state === 'sending'

const isFields = (json: unknown): json is Record<string, unknown> => typeof json === 'object' && json !== null

function readMark(json: unknown): readonly Mark[] {
  if (!isFields(json) || !isFields(json['body'])) return []
  const { body, key, state, code, atMs } = json as { body: Record<string, unknown> } & Omit<Mark, 'number' | 'status'>
  const ticketId = typeof body['ticketId'] === 'string' ? body['ticketId'] : null
  return [
    { key, state, code, atMs, ticketId, number: String(body['number']), status: body['status'] as Mark['status'] },
  ]
}

function readMarks(json: unknown): readonly Mark[] | null {
  return isFields(json) && Array.isArray(json['marks']) ? json['marks'].flatMap(readMark) : null
}

/**
 * What this device's host has noted. A press is shown at once, and goes to the host in the order in which it was made.
 * @param isNow - it happens now; false: it is read from a sheet
 */
export function useMarks(send: SendCommand, isNow: boolean): Marks {
  const polled = usePolled('/local/v1/marks', MARKS_POLL_MS, readMarks)
  const [answered, setAnswered] = useState<readonly Mark[] | null>(null)
  const [making, setMaking] = useState<readonly Mark[]>([])
  const [taken, setTaken] = useState<readonly string[]>([])
  const [problem, setProblem] = useState<string | null>(null)
  const line = useRef(Promise.resolve())

  const ask = useCallback(
    (path: string, body: object, key: string | null, then: () => void = () => {}) => {
      line.current = line.current.then(async () => {
        const answer = await send(path, body, readMarks)
        setProblem(answer.ok ? null : answer.code)
        if (answer.ok) setAnswered(answer.value)
        setMaking((before) => before.filter((mark) => mark.key !== key))
        then()
      })
    },
    [send],
  )
  const note = useCallback(
    (noting: Noting) => {
      const key = newKey()
      const { ticketId, number, status } = noting
      setMaking((before) => [{ key, ticketId, number, status, state: 'making', code: null, atMs: null }, ...before])
      ask('/local/v1/marks', { marks: [{ ...noting, key, isNow }] }, key)
    },
    [ask, isNow],
  )
  const withdraw = useCallback(
    (key: string) => {
      // Behind the mark itself, if that is still on its way to the host.
      setTaken((before) => [...before, key])
      ask(`/local/v1/marks/${key}/withdraw`, {}, null, () => setTaken((before) => before.filter((it) => it !== key)))
    },
    [ask],
  )
  const seen = useCallback(() => ask('/local/v1/marks/seen', {}, null), [ask])
  const [lastPolled, setLastPolled] = useState(polled)
  // Whichever came last is what the host has.
  if (polled !== lastPolled) {
    setLastPolled(polled)
    setAnswered(polled)
  }
  return useMemo(() => {
    const known = answered ?? []
    const fresh = making.filter(({ key }) => known.every((mark) => mark.key !== key))
    const list = [...fresh, ...known].filter(({ key }) => !taken.includes(key))
    return { list, problem, note, withdraw, seen }
  }, [answered, making, taken, problem, note, withdraw, seen])
}

/** Nothing is noted: where a screen is drawn without a host. */
export const NO_MARKS: Marks = {
  list: [],
  problem: null,
  note: unread,
  withdraw: unread,
  seen: unread,
}
