import { useCallback, useEffect, useMemo, useState } from 'react'
import type { Answer, SendCommand } from '#shared/client/send-command.ts'
import { repeat } from '#shared/client/use-polled.ts'
import type { AgentId, Language } from '#shared/domain/ids.ts'
import type { SetUpTask, StaffOverview } from '#shared/wire/staff.ts'
import { createWords } from '#shared/words/create-words.ts'
import { askStaff } from './ask-staff.ts'
import { SetUpPage } from './set-up-page.tsx'
import { choiceOf, goBack, goOn, type SetUp, START_SET_UP, withTask } from './set-up-steps.ts'
import { StaffFrame } from './staff-frame.tsx'
import { StaffOverviewPage } from './staff-overview.tsx'
import { StaffSignIn } from './staff-sign-in.tsx'

const POLL_MS = 2_000
/** Nobody has touched the menu for so long: she has gone back to her desk, and customers wait. */
const LEFT_AFTER_MS = 180_000
/** Often enough for a menu that is closed after two minutes. */
const TOUCH_TOLD_MS = 20_000

export interface StaffMenuProps {
  readonly send: SendCommand
  readonly agents: readonly { readonly id: AgentId; readonly name: string }[]
  readonly languages: readonly Language[]
  readonly defaultLanguage: Language
  readonly isCut: boolean
  /** The kiosk was in its accessible mode as the menu was opened. */
  readonly isAccessible: boolean
  readonly onLeave: () => void
  readonly onRestart: () => void
}

/** Ends what nobody touches; the host, which ends it by itself, is told of touches that ask it for nothing. */
function useLeaving(onLeave: () => void, onTouch: () => void): void {
  useEffect(() => {
    let timer = setTimeout(onLeave, LEFT_AFTER_MS)
    let isTold = false
    const touched = (): void => {
      clearTimeout(timer)
      timer = setTimeout(onLeave, LEFT_AFTER_MS)
      if (isTold) return
      isTold = true
      setTimeout(() => {
        isTold = false
      }, TOUCH_TOLD_MS)
      onTouch()
    }
    for (const event of ['pointerdown', 'keydown'] as const) document.addEventListener(event, touched)
    return () => {
      clearTimeout(timer)
      for (const event of ['pointerdown', 'keydown'] as const) document.removeEventListener(event, touched)
    }
  }, [onLeave, onTouch])
}

/** The printer that was set up before, unless it is the one at hand. */
function firstBeside({ source, printers }: StaffOverview, { tried }: SetUp): string | null {
  const first = source === 'set-up' ? (printers[0]?.address ?? null) : null
  return first === tried?.address ? null : first
}

/** The staff menu on its host: who is there, then papers and printers, then the set-up of a printer. */
export function StaffMenu(props: StaffMenuProps) {
  const { send, agents, languages, defaultLanguage, isCut, onLeave, onRestart } = props
  const ask = useMemo(() => askStaff(send), [send])
  const [language, setLanguage] = useState(defaultLanguage)
  const [overview, setOverview] = useState<StaffOverview | null>(null)
  const [setUp, setSetUp] = useState<SetUp | null>(null)
  const [isJustSetUp, setJustSetUp] = useState(false)
  const [isLow, setLow] = useState(props.isAccessible)
  const [isBusy, setBusy] = useState(false)
  const [problem, setProblem] = useState('')
  const isIn = overview !== null
  const words = createWords(language)

  const leave = useCallback((): void => {
    ask.leave()
    onLeave()
  }, [ask, onLeave])
  useLeaving(leave, ask.touch)

  const look = useCallback(async (): Promise<void> => {
    setOverview(await ask.overview())
  }, [ask])
  useEffect(() => (isIn ? repeat(POLL_MS, look) : undefined), [isIn, look])

  /** One thing at a time; what is refused is told in words. */
  async function act<Value>(
    asking: Promise<Answer<Value>>,
    then: (value: Value) => void | Promise<void>,
  ): Promise<void> {
    setBusy(true)
    setProblem('')
    const answer = await asking
    if (answer.ok) await then(answer.value)
    else setProblem(words.sayProblem(answer.code))
    setBusy(false)
  }
  const inSetUp = (task: SetUpTask): void => setSetUp((known) => (known === null ? null : withTask(known, task)))
  const leaveSetUp = (): void => {
    setProblem('')
    setSetUp(null)
  }
  /** Where the present step is tried. */
  const place = (known: SetUp) => ({
    address: known.tried?.address ?? known.address ?? '',
    paperMm: known.paperMm,
    language,
  })

  function shown() {
    if (overview === null)
      return (
        <StaffSignIn
          agents={agents}
          isBusy={isBusy}
          isCut={isCut}
          problem={problem}
          onEnter={(agentId, pin) => void act(ask.enter(agentId, pin), look)}
        />
      )
    if (setUp === null)
      return (
        <StaffOverviewPage
          overview={overview}
          problem={problem}
          isJustSetUp={isJustSetUp}
          onReprint={(id) => void act(ask.reprint(id), look)}
          onJudge={(id, judgement) => void act(ask.judge(id, judgement), look)}
          onSetUp={() => {
            setJustSetUp(false)
            setSetUp(START_SET_UP)
          }}
          onRestart={() => {
            ask.leave()
            onRestart()
          }}
        />
      )
    const choice = choiceOf(setUp)
    return (
      <SetUpPage
        setUp={setUp}
        first={firstBeside(overview, setUp)}
        isBusy={isBusy}
        problem={problem}
        onChange={setSetUp}
        onSearch={() => void act(ask.search(), inSetUp)}
        onTest={() => void act(ask.testPage(place(setUp)), inSetUp)}
        onLetters={() => void act(ask.codePages(place(setUp)), inSetUp)}
        onBack={() => setSetUp(goBack(setUp))}
        onNext={() => setSetUp(goOn(setUp))}
        onUse={() => {
          if (choice !== null)
            void act(ask.choose(choice), async () => {
              await look()
              setJustSetUp(true)
              leaveSetUp()
            })
        }}
      />
    )
  }

  return (
    <StaffFrame
      language={language}
      defaultLanguage={defaultLanguage}
      languages={languages}
      isLow={isLow}
      onLow={() => setLow(!isLow)}
      onLanguage={setLanguage}
      onLeave={leave}
    >
      {shown()}
    </StaffFrame>
  )
}
