import { useCallback, useEffect, useReducer, useState } from 'react'
import type { SendCommand } from '#shared/client/send-command.ts'
import type { Language } from '#shared/domain/ids.ts'
import type { CounterDesk } from '#shared/project/counter-desk.ts'
import { createWords } from '#shared/words/create-words.ts'
import { type Act, isSoAlready, sendAct } from './acts.ts'
import { isButtonAct } from './devices/buttons.ts'
import { listenForKeys } from './devices/hot-keys.ts'
import { walkRows } from './devices/walk-rows.ts'
import { actOfKey, type KeyAct } from './keys.ts'
import { DONE, meaningOf, numberOf } from './meaning.ts'
import { type CallerEvent, type CallerModel, startCaller, stepCaller } from './model.ts'

/** Said at the field where the PIN is typed. */
const PIN_PROBLEMS: ReadonlySet<string> = new Set(['PinWrong', 'PinLocked'])
const FRAME_MS = 1_000

interface ActsProps {
  readonly send: SendCommand
  readonly desk: CounterDesk | null
  readonly language: Language
  /** No act can reach the branch. */
  readonly isOff: boolean
  /** The page's steady clock. */
  readonly readNowMs: () => number
  /** Hears what is pressed outside of the page. */
  readonly onPress: (listener: (act: string) => void) => () => void
}

const STEPS: ReadonlySet<string> = new Set(['ask', 'page'] satisfies CallerEvent['type'][])

const isStep = (meaning: Act | CallerEvent): meaning is CallerEvent => STEPS.has(meaning.type)

/** Sends one act at a time and tells the model what came of it. */
export function useActs({ send, desk, language, isOff, readNowMs, onPress }: ActsProps) {
  const reduce = useCallback(
    (model: CallerModel, event: CallerEvent): CallerModel => stepCaller(model, event, readNowMs()),
    [readNowMs],
  )
  const [model, tell] = useReducer(reduce, startCaller)
  /** How many acts have been done. */
  const [round, setRound] = useState(0)
  const { isBusy, page } = model
  const act = useCallback(
    async (wanted: Act): Promise<void> => {
      if (isOff || isBusy || desk === null) return
      const words = createWords(language)
      tell({ type: 'sent', isLeaving: wanted.type === 'close' })
      const answer = await sendAct(send, wanted)
      setRound((before) => before + 1)
      if (!answer.ok && isSoAlready(wanted, answer.code)) return tell({ type: 'answered', toast: null, isDone: true })
      if (!answer.ok) {
        if (wanted.type === 'adopt' && answer.code === 'NumberNotPrinted') {
          tell({ type: 'answered', toast: null, isDone: true })
          return tell({ type: 'ask', question: { name: 'doubted-number', number: wanted.number } })
        }
        const text = words.sayProblem(answer.code)
        if (PIN_PROBLEMS.has(answer.code)) return tell({ type: 'pin-refused', text })
        return tell({ type: 'answered', toast: { tone: 'problem', text }, isDone: false })
      }
      const key = DONE[wanted.type]
      const number = numberOf(wanted, answer.value, desk)
      const toast = key === undefined ? null : ({ tone: 'good', text: words.say(key, { number }) } as const)
      tell({ type: 'answered', toast, isDone: true })
    },
    [send, desk, language, isOff, isBusy],
  )
  const keyAct = useCallback(
    (pressed: KeyAct): void => {
      if (desk === null) return
      const meaning = meaningOf(pressed, desk, page)
      if (meaning === null) return
      // Pages can be looked at without contact; acts and their questions wait for it. A question can be read while an act
      // is on its way: the screen may show what came of it before the answer is here.
      if (meaning.type === 'page') tell(meaning)
      else if (!isOff && isStep(meaning)) tell(meaning)
      else if (!isStep(meaning)) void act(meaning)
    },
    [act, desk, isOff, page],
  )
  useEffect(() => {
    if (desk !== null) tell({ type: 'desk', desk })
  }, [desk])
  useEffect(() => listenForKeys(document, (event) => actOfKey(event, page), keyAct), [keyAct, page])
  useEffect(() => walkRows(document), [])
  useEffect(
    () =>
      onPress((pressed) => {
        // As with a key: while something is asked, nothing acts behind the question.
        if (isButtonAct(pressed) && document.querySelector('dialog[open]') === null) keyAct(pressed)
      }),
    [keyAct, onPress],
  )
  useEffect(() => {
    const timer = setInterval(() => tell({ type: 'tick' }), FRAME_MS)
    return () => clearInterval(timer)
  }, [])
  return { model, tell, act, keyAct, round }
}
