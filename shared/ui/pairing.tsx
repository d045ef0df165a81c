import { useState } from 'react'
import { KeyPad } from './key-pad.tsx'
import { Button } from './parts.tsx'
import { useWords } from './words-context.tsx'

const CODE_KEYS = [...'1234567890ABCDEFGHIJKLMNOPQRSTUVWXYZ-']
/** A code is short; a pasted link with the branch's address and key is long. */
const CODE_LENGTH_MAX = 1_000

interface PairingProps {
  /** @returns the problem's code, or null when the device is linked */
  readonly onPair: (code: string) => Promise<string | null>
}

/** For the installer: the code that links this device to its branch. */
export function Pairing({ onPair }: PairingProps) {
  const words = useWords()
  const [code, setCode] = useState('')
  const [problem, setProblem] = useState<string | null>(null)
  const [isPairing, setPairing] = useState(false)
  const type = (text: string): void => {
    setProblem(null)
    setCode((/^http/i.test(text) ? text : text.toUpperCase()).slice(0, CODE_LENGTH_MAX))
  }
  const pair = async (): Promise<void> => {
    if (code === '' || isPairing) return
    setPairing(true)
    setProblem(await onPair(code.trim()))
    setPairing(false)
  }
  return (
    <form
      className="pairing"
      onSubmit={(event) => {
        event.preventDefault()
        void pair()
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
          onChange={(event) => type(event.currentTarget.value)}
        />
      </label>
      <p className="field-problem" role="alert">
        {problem === null ? '' : words.sayProblem(problem)}
      </p>
      <KeyPad
        className="code-keys"
        keys={CODE_KEYS}
        eraseLabel={words.say('pairing.eraseLast')}
        onKey={(key) => type(code + key)}
        onErase={() => type(code.slice(0, -1))}
      />
      <Button kind="primary" isDisabled={code === '' || isPairing} onPress={() => void pair()}>
        {words.say(isPairing ? 'pairing.pairing' : 'pairing.pair')}
      </Button>
    </form>
  )
}
