import { Icon } from '#shared/ui/icons.tsx'
import { Pairing } from '#shared/ui/pairing.tsx'
import { Button, QuietPage, WovenBand } from '#shared/ui/parts.tsx'
import { useWords, WordsProvider } from '#shared/ui/words-context.tsx'
import { isManagerQuestion, maySteer } from '../model.ts'
import type { CallerScreenProps } from './caller-props.ts'
import { ClockNote } from './clock-note.tsx'
import { CloudNote } from './cloud-note.tsx'
import { Desk } from './desk.tsx'
import { CutNote, Head, TrainingNote } from './head.tsx'
import { useKeptFocus } from './kept-focus.ts'
import { ManagerPages } from './manager/manager-pages.tsx'
import { MarksNote } from './paper/marks-note.tsx'
import { PaperPage } from './paper/paper-page.tsx'
import { PaperNotes } from './paper-notes.tsx'
import { PowerNote } from './power-note.tsx'
import { PrinterNotes } from './printer-notes.tsx'
import { ManagerIn } from './questions/manager-in.tsx'
import { BranchDialog, QuestionDialog } from './questions/question-dialog.tsx'
import { RightsNote } from './rights-note.tsx'
import { ScreenNotes } from './screen-notes.tsx'
import { ShownNote } from './shown-note.tsx'
import { SignIn } from './sign-in.tsx'

function ToastNote({ model, onHideToast }: CallerScreenProps) {
  const words = useWords()
  return (
    <div className="toasts" aria-live="polite">
      {model.toast !== null && (model.question === null || model.toast.tone === 'good') && (
        <div className={`toast toast-${model.toast.tone}`}>
          <Icon name={model.toast.tone === 'good' ? 'circle' : 'octagon'} />
          <p>{model.toast.text}</p>
          <Button kind="quiet" icon="close" label={words.say('caller.dismiss')} onPress={onHideToast} />
        </div>
      )}
    </div>
  )
}

function Asked({ desk, model, note, settings, onSettings, presses, onAct, onUnask }: CallerScreenProps) {
  const { question, isBusy, toast } = model
  if (question === null || desk === null) return null
  const problem = toast?.tone === 'problem' ? toast.text : ''
  const asked = { desk, isBusy, problem, onAct, onClose: onUnask }
  if (isManagerQuestion(question)) return <BranchDialog key={question.name} question={question} {...asked} />
  if (desk.post === null) return null
  if (question.name === 'manager-in')
    return <ManagerIn {...asked} problem={problem || (model.pinProblem ?? '')} agentName={desk.post.agentName} />
  const setup = { settings, onSettings, presses }
  return (
    <QuestionDialog key={question.name} question={question} post={desk.post} note={note} setup={setup} {...asked} />
  )
}

function Shown(props: CallerScreenProps) {
  const { phase, desk, model, moment, isCut, onAct } = props
  const words = useWords()
  if (phase === 'unpaired')
    return (
      <main className="alone">
        <Pairing onPair={props.onPair} />
      </main>
    )
  if (phase === 'starting' || desk?.branch == null || moment === null)
    return (
      <main className="alone">
        <QuietPage
          icon="circle"
          title={words.say('starting.title')}
          text={words.say(isCut ? 'starting.noBranch' : 'starting.text')}
        />
      </main>
    )
  if (model.page === 'paper') return <PaperPage {...props} />
  if (model.page !== 'desk' && maySteer(desk))
    return <ManagerPages {...props} page={model.page} desk={desk} moment={moment} />
  if (desk.post === null)
    return (
      <SignIn
        desk={desk}
        isBusy={model.isBusy}
        isCut={isCut}
        isTaken={model.seat === 'taken'}
        problem={model.pinProblem ?? ''}
        onOpen={onAct}
      />
    )
  return <Desk {...props} desk={desk} post={desk.post} moment={moment} />
}

/** The whole caller for one model. Draws, and tells what was pressed; decides nothing. */
export function CallerScreen(props: CallerScreenProps) {
  const { desk, phase, isCut, language, model } = props
  const place = useKeptFocus(model)
  const isTraining = desk?.post?.isTraining === true && desk.visitingManager === null
  return (
    <WordsProvider language={language} defaultLanguage={desk?.branch?.defaultLanguage ?? 'fr'}>
      <div ref={place} className={isTraining ? 'caller caller-training' : 'caller'}>
        <WovenBand />
        <Head {...props} />
        {isCut && phase === 'following' && <CutNote {...props} />}
        {!isCut && phase === 'following' && <ClockNote {...props} isBusy={model.isBusy} />}
        {phase === 'following' && <ShownNote desk={desk} language={language} />}
        {!isCut && phase === 'following' && model.page !== 'paper' && (
          <MarksNote marks={props.marks} onLook={() => props.onKeyAct('paper')} />
        )}
        {!isCut && phase === 'following' && <PrinterNotes troubles={props.troubles} />}
        {!isCut && phase === 'following' && <PaperNotes papers={props.papers} onSeen={props.onPaperSeen} />}
        {!isCut && phase === 'following' && <ScreenNotes deadScreens={props.deadScreens} />}
        {!isCut && phase === 'following' && <CloudNote trouble={props.cloudTrouble} />}
        {!isCut && phase === 'following' && <PowerNote desk={desk} />}
        {!isCut && phase === 'following' && (
          <RightsNote
            rights={props.rights}
            language={language}
            timezone={desk?.branch?.timezone ?? 'UTC'}
            isSignIn={desk?.post === null && desk.visitingManager === null}
          />
        )}
        {isTraining && <TrainingNote />}
        <Shown {...props} />
        <Asked {...props} />
        <ToastNote {...props} />
      </div>
    </WordsProvider>
  )
}
