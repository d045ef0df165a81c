import { useCallback, useMemo, useState } from 'react'
import type { BranchFollower } from '#shared/client/follow-branch.ts'
import { linkSince } from '#shared/client/follow-state.ts'
import { createPairDevice } from '#shared/client/pair-device.ts'
import { type SendCommand, unread } from '#shared/client/send-command.ts'
import { useBranchMoment, useBranchView } from '#shared/client/use-branch.ts'
import type { Language } from '#shared/domain/ids.ts'
import { counterDesk } from '#shared/project/counter-desk.ts'
import { isNumberDoubted, typedNumber } from '#shared/project/paper-list.ts'
import { readScannedPaper } from './scanned-paper.ts'
import { Bar } from './screen/bar/bar.tsx'
import { CallerScreen } from './screen/caller-screen.tsx'
import type { KeptWords } from './settings.ts'
import { useActs } from './use-acts.ts'
import { useIdleSignOut } from './use-idle-sign-out.ts'
import { useLists } from './use-lists.ts'
import { useMarks } from './use-marks.ts'
import { useMediaDesk } from './use-media-desk.ts'
import { useCustomerSaid, useNote, useReports } from './use-reports.ts'
import { useDevice } from './use-settings.ts'
import { useVoiceDesk } from './use-voice-desk.ts'

const FRAME_MS = 1_000
const readNowMs = (): number => performance.now()

interface CallerAppProps {
  /** The small bar over other programs, not the whole desk. */
  readonly isBar: boolean
  /** Where this device keeps what it is set to. */
  readonly kept: KeptWords
  readonly follower: BranchFollower
  readonly send: SendCommand
  /** The language this device spoke last; null = the branch's own. */
  readonly rememberedLanguage: Language | null
  readonly rememberLanguage: (language: Language) => void
}

/** The caller on its host: follows the branch, sends acts, draws the desk. */
export function CallerApp({ isBar, kept, follower, send, rememberedLanguage, rememberLanguage }: CallerAppProps) {
  const view = useBranchView(follower)
  const moment = useBranchMoment(view.clock, FRAME_MS)
  const [chosenLanguage, setLanguage] = useState(rememberedLanguage)
  const { state, device: self } = view
  const desk = useMemo(
    () => (state === null || self === null ? null : counterDesk(state, self.deviceId)),
    [state, self],
  )
  const language = chosenLanguage ?? desk?.branch?.defaultLanguage ?? 'fr'
  const isCut = view.link === 'down'
  const { model, tell, act, keyAct, round } = useActs({
    ...{ send, desk, language, isOff: isCut, readNowMs },
    onPress: follower.onPress,
  })
  const leave = useCallback(() => void act({ type: 'manager-out' }), [act])
  // Nobody works in the bar, so nobody is idle there: the desk's own page looks after its visitor.
  useIdleSignOut(!isBar && desk !== null && desk.visitingManager !== null, readNowMs, leave)
  const note = useNote(desk?.post?.current?.ticketId ?? null, round)
  const said = useCustomerSaid(desk?.post?.current?.ticketId ?? null)
  const marks = useMarks(send, isCut)
  const lists = useLists({ view, page: model.page, isCut, moment })
  const device = useDevice({ kept, desk, model, isCut })
  const reports = useReports({ page: model.page, desk, atMs: moment?.atMs ?? null })
  const catalogue = state?.catalogue?.body ?? null
  const voice = useVoiceDesk({ send, isShown: model.page === 'voice', catalogue, language })
  const media = useMediaDesk(send, model.page === 'media')
  const Screen = isBar ? Bar : CallerScreen
  return (
    <Screen
      {...lists}
      {...device}
      phase={view.phase}
      desk={desk}
      model={model}
      language={language}
      moment={moment}
      isCut={isCut}
      sinceMs={linkSince(view) ?? state?.now.atMs ?? null}
      note={note}
      said={said}
      reports={reports}
      voice={voice}
      media={media}
      marks={marks}
      onTyped={(number, status, isConfirmed) => {
        if (state !== null) marks.note({ ...typedNumber(state, number), number, status, isConfirmed })
      }}
      isNumberDoubted={(number) => state !== null && isNumberDoubted(state, number)}
      onPaperSeen={({ kiosk: _, ...paper }) => void send('/api/v1/printers/papers-seen', paper, unread)}
      onScan={(text) => readScannedPaper(send, text)}
      onStopAt={reports.setStopAt}
      onLanguage={(wanted) => {
        setLanguage(wanted)
        rememberLanguage(wanted)
      }}
      onKeyAct={keyAct}
      onAct={(wanted) => void act(wanted)}
      onAsk={(question) => tell({ type: 'ask', question })}
      onUnask={() => tell({ type: 'unask' })}
      onHideToast={() => tell({ type: 'hide-toast' })}
      onPair={createPairDevice(send)}
    />
  )
}
