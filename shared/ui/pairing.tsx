import { useState } from 'react'
import type { PairDevice, SixWordsQuestion } from '../client/pair-device.ts'
import { KeyPad } from './key-pad.tsx'
import { Button } from './parts.tsx'
import { useWords } from './words-context.tsx'

const CODE_KEYS = [...'1234567890ABCDEFGHIJKLMNOPQRSTUVWXYZ-']
/** A code is short; a pasted link with the branch's address and key is long. */
const CODE_LENGTH_MAX = 1_000
/** Keys that are passed over; of more strangers than these the first may come again. */
const REFUSED_MAX = 16

interface SixWordsProps {
  readonly question: SixWordsQuestion
  readonly isBusy: boolean
  readonly onAnswer: (isSame: boolean) => void
}

/** The branch was found by asking the network, where anybody may answer: a person compares. */
function SixWords({ question, isBusy, onAnswer }: SixWordsProps) {
  const words = useWords()
  return (
    <section className="pairing">
      <h1>{words.say('pairing.compareTitle')}</h1>
      <p>{words.say('pairing.compareHelp')}</p>
      <ol className="six-words" dir="ltr" lang="en">
        {question.words.map((word, at) => (
          // A word may come twice, and none changes its place.
          <li key={at}>{word}</li>
        ))}
      </ol>
      <p className="field-problem">{words.say('pairing.compareWarning')}</p>
      <div className="pairing-answers">
        <Button kind="primary" isDisabled={isBusy} onPress={() => onAnswer(true)}>
          {words.say(isBusy ? 'pairing.pairing' : 'pairing.same')}
        </Button>
        <Button isDisabled={isBusy} onPress={() => onAnswer(false)}>
          {words.say('pairing.different')}
        </Button>
      </div>
    </section>
  )
}

interface CodeProps {
  readonly code: string
  readonly problem: string | null
  readonly isBusy: boolean
  readonly onType: (text: string) => void
  readonly onPair: () => void
}

function CodeForm({ code, problem, isBusy, onType, onPair }: CodeProps) {
  const words = useWords()
  return (
    <form
      className="pairing"
      onSubmit={(event) => {
        event.preventDefault()
        onPair()
      }}
    >
      <h1>{words.say('pairing.title')}</h1>
      <p>{words.say('pairing.help')}</p>
      <label className="field">
        <span className="field-label">{words.say('pairing.code')}</span>
        <input
          className="field-input code-input"
          dir="ltr"
          autoComplete="off"
          autoCapitalize="characters"
          spellCheck={false}
          value={code}
          onChange={(event) => onType(event.currentTarget.value)}
        />
      </label>
      <p className="field-problem" role="alert">
        {problem === null ? '' : words.sayProblem(problem)}
      </p>
      <KeyPad
        className="code-keys"
        keys={CODE_KEYS}
        eraseLabel={words.say('pairing.eraseLast')}
        onKey={(key) => onType(code + key)}
        onErase={() => onType(code.slice(0, -1))}
      />
      <Button kind="primary" isDisabled={code === '' || isBusy} onPress={onPair}>
        {words.say(isBusy ? 'pairing.pairing' : 'pairing.pair')}
      </Button>
    </form>
  )
}

interface PairingProps {
  readonly onPair: PairDevice
}

/** For the installer: the code that links this device to its branch, and the question whether it is that branch. */
export function Pairing({ onPair }: PairingProps) {
  const [code, setCode] = useState('')
  const [problem, setProblem] = useState<string | null>(null)
  const [question, setQuestion] = useState<SixWordsQuestion | null>(null)
  const [refused, setRefused] = useState<readonly string[]>([])
  const [isBusy, setBusy] = useState(false)

  const type = (text: string): void => {
    setProblem(null)
    setCode((/^http/i.test(text) ? text : text.toUpperCase()).slice(0, CODE_LENGTH_MAX))
  }
  async function pair(text: string, without: readonly string[]): Promise<void> {
    if (text === '' || isBusy) return
    setBusy(true)
    const answer = await onPair(text.trim(), without)
    setQuestion(answer.type === 'asked' ? answer.question : null)
    setProblem(answer.type === 'refused' ? answer.code : null)
    setBusy(false)
  }
  function compared({ link, fingerprint }: SixWordsQuestion, isSame: boolean): void {
    if (isSame) return void pair(link, [])
    const others = [...refused, fingerprint].slice(-REFUSED_MAX)
    setRefused(others)
    void pair(code, others)
  }
  return question === null ? (
    <CodeForm code={code} problem={problem} isBusy={isBusy} onType={type} onPair={() => void pair(code, refused)} />
  ) : (
    <SixWords question={question} isBusy={isBusy} onAnswer={(isSame) => compared(question, isSame)} />
  )
}
