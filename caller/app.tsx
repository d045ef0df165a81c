import { useCallback, useEffect, useMemo, useReducer, useState } from 'react'
import type { BranchFollower } from '#shared/client/follow-branch.ts'
import { linkSince } from '#shared/client/follow-state.ts'
import { type SendCommand, unread } from '#shared/client/send-command.ts'
import { useBranchMoment, useBranchView } from '#shared/client/use-branch.ts'
import type { Language } from '#shared/domain/ids.ts'
import { type CounterDesk, counterDesk } from '#shared/project/counter-desk.ts'
import { createWords, type WordKey } from '#shared/words/create-words.ts'
import { type Act, sendAct } from './acts.ts'
import { listenForKeys } from './devices/hot-keys.ts'
import { type CallerEvent, type CallerModel, canDo, type KeyAct, primaryAct, startCaller, stepCaller } from './model.ts'
import { CallerScreen } from './screen/caller-screen.tsx'

const FRAME_MS = 1_000

interface CallerAppProps {
  readonly follower: BranchFollower
  readonly send: SendCommand
  /** The language this device spoke last; null = the branch's own. */
  readonly rememberedLanguage: Language | null
  readonly rememberLanguage: (language: Language) => void
}

const reduce = (model: CallerModel, event: CallerEvent): CallerModel => stepCaller(model, event, performance.now())

/** Acts whose effect is not plain to see at the counter get a word of confirmation. */
const DONE: { readonly [type in Act['type']]?: WordKey } = {
  issue: 'caller.done.issued',
  adopt: 'caller.done.adopted',
  transfer: 'caller.done.transferred',
  cancel: 'caller.done.cancelled',
  reinstate: 'caller.done.reinstated',
  recall: 'caller.done.recalled',
}

/** Said at the field where the PIN is typed. */
const PIN_PROBLEMS: ReadonlySet<string> = new Set(['PinWrong', 'PinLocked'])

function numberOf(act: Act, answer: string, desk: CounterDesk): string {
  if (act.type === 'adopt') return act.number
  if (!('ticketId' in act)) return answer
  const { post } = desk
  const known = post === null ? [] : [post.current, ...post.waiting, ...post.held, ...post.noShows]
  return known.find((ticket) => ticket?.ticketId === act.ticketId)?.number ?? ''
}

/** What a key or button means for the desk as it stands now: an act, a question, or nothing. */
function meaningOf(keyAct: KeyAct, desk: CounterDesk): Act | CallerEvent | null {
  const { post } = desk
  if (post === null) return null
  const { current, counterId } = post
  if (keyAct === 'primary') {
    const type = primaryAct(post)
    if (type === 'call-next') return post.canCallNext ? { type, counterId } : null
    return current === null ? null : { type, ticketId: current.ticketId }
  }
  if (!canDo(keyAct, current)) return null
  if (keyAct === 'adopt' || keyAct === 'issue' || keyAct === 'close') return { type: 'ask', question: { name: keyAct } }
  if (current === null) return null
  const { ticketId, number } = current
  if (keyAct === 'hold' || keyAct === 'transfer') return { type: 'ask', question: { name: keyAct, ticketId, number } }
  return { type: keyAct, ticketId }
}

/** Sends one act at a time and tells the model what came of it. */
function useActs(props: CallerAppProps & { desk: CounterDesk | null; language: Language; isOff: boolean }) {
  const { send, desk, language, isOff } = props
  const [model, tell] = useReducer(reduce, startCaller)
  const act = useCallback(
    async (wanted: Act): Promise<void> => {
      if (isOff || model.isBusy || desk === null) return
      const words = createWords(language)
      tell({ type: 'sent' })
      const answer = await sendAct(send, wanted)
      if (!answer.ok) {
        const text = words.sayProblem(answer.code)
        if (PIN_PROBLEMS.has(answer.code)) return tell({ type: 'pin-refused', text })
        return tell({ type: 'answered', toast: { tone: 'problem', text }, isDone: false })
      }
      const key = DONE[wanted.type]
      const number = numberOf(wanted, answer.value, desk)
      const toast = key === undefined ? null : ({ tone: 'good', text: words.say(key, { number }) } as const)
      tell({ type: 'answered', toast, isDone: true })
    },
    [send, desk, language, isOff, model.isBusy],
  )
  const keyAct = useCallback(
    (pressed: KeyAct): void => {
      if (isOff || model.isBusy || desk === null) return
      const meaning = meaningOf(pressed, desk)
      if (meaning === null) return
      if (meaning.type === 'ask') tell(meaning as CallerEvent)
      else void act(meaning as Act)
    },
    [act, desk, isOff, model.isBusy],
  )
  useEffect(() => {
    if (desk !== null) tell({ type: 'desk', desk })
  }, [desk])
  useEffect(() => listenForKeys(document, keyAct), [keyAct])
  useEffect(() => {
    const timer = setInterval(() => tell({ type: 'tick' }), FRAME_MS)
    return () => clearInterval(timer)
  }, [])
  return { model, tell, act, keyAct }
}

/** The caller on its host: follows the branch, sends acts, draws the desk. */
export function CallerApp(props: CallerAppProps) {
  const { follower, send } = props
  const view = useBranchView(follower)
  const moment = useBranchMoment(view.clock, FRAME_MS)
  const [chosenLanguage, setLanguage] = useState(props.rememberedLanguage)
  const { state, device } = view
  const desk = useMemo(
    () => (state === null || device === null ? null : counterDesk(state, device.deviceId)),
    [state, device],
  )
  const language = chosenLanguage ?? desk?.branch?.defaultLanguage ?? 'fr'
  const isCut = view.link === 'down'
  const { model, tell, act, keyAct } = useActs({ ...props, desk, language, isOff: isCut })
  return (
    <CallerScreen
      phase={view.phase}
      desk={desk}
      model={model}
      language={language}
      moment={moment}
      isCut={isCut}
      sinceMs={linkSince(view) ?? state?.now.atMs ?? null}
      onLanguage={(wanted) => {
        setLanguage(wanted)
        props.rememberLanguage(wanted)
      }}
      onKeyAct={keyAct}
      onAct={(wanted) => void act(wanted)}
      onAsk={(question) => tell({ type: 'ask', question })}
      onUnask={() => tell({ type: 'unask' })}
      onHideToast={() => tell({ type: 'hide-toast' })}
      onPair={async (code) => {
        const answer = await send('/local/v1/pair', { code }, unread)
        return answer.ok ? null : answer.code
      }}
    />
  )
}
