import { CODE_PAGE_CANDIDATES, codePageSample } from '#shared/slip/code-page-check.ts'
import { ChoiceList } from '#shared/ui/dialog.tsx'
import { KeyPad } from '#shared/ui/key-pad.tsx'
import { Button, StatusLine } from '#shared/ui/parts.tsx'
import { useWords } from '#shared/ui/words-context.tsx'
import { type FoundPrinter, PRINTER_PLACES } from '#shared/wire/staff.ts'
import { canGoOn, SET_UP_STEPS, type SetUp, withPicked, withPlace } from './set-up-steps.ts'
import { CAPABILITY_WORDS, HINT_WORDS } from './staff-overview.tsx'

const STANDS_WORDS = { only: 'staff.standsOnly', second: 'staff.standsSecond' } as const
const ADDRESS_KEYS = [...'1234567890.:']
const ADDRESS_LENGTH_MAX = 60
const TYPES = {
  network: 'staff.type.network',
  serial: 'staff.type.serial',
  usb: 'staff.type.usb',
  os: 'staff.type.os',
} as const satisfies { readonly [type in FoundPrinter['type']]: string }

interface SetUpPageProps {
  readonly setUp: SetUp
  /** Beside which this one may stand as the second; null = none was set up, or it is this one. */
  readonly first: string | null
  readonly isBusy: boolean
  readonly problem: string
  readonly onChange: (setUp: SetUp) => void
  readonly onSearch: () => void
  readonly onTest: () => void
  readonly onLetters: () => void
  readonly onBack: () => void
  readonly onNext: () => void
  readonly onUse: () => void
}

const NETWORK = 'tcp://'

/** A printer that no search finds, as behind a router: its address is typed. */
function AddressField({ setUp, onChange }: SetUpPageProps) {
  const words = useWords()
  const typed = setUp.address?.startsWith(NETWORK) === true ? setUp.address.slice(NETWORK.length) : ''
  const type = (text: string): void => {
    const clean = text.slice(0, ADDRESS_LENGTH_MAX)
    onChange(withPlace(setUp, { address: clean === '' ? null : NETWORK + clean }))
  }
  return (
    <div className="staff-typed">
      <label className="field">
        <span className="field-label">{words.say('staff.address')}</span>
        <input
          className="field-input"
          dir="ltr"
          autoComplete="off"
          spellCheck={false}
          placeholder={words.say('staff.addressHelp')}
          value={typed}
          onChange={(event) => type(event.currentTarget.value.trim())}
        />
      </label>
      <KeyPad
        className="staff-keys"
        keys={ADDRESS_KEYS}
        eraseLabel={words.say('pairing.eraseLast')}
        onKey={(key) => type(typed + key)}
        onErase={() => type(typed.slice(0, -1))}
      />
    </div>
  )
}

function Find(props: SetUpPageProps) {
  const { setUp, isBusy, onChange } = props
  const words = useWords()
  const { found, address } = setUp
  return (
    <>
      <p>{words.say('staff.findHelp')}</p>
      <Button isDisabled={isBusy} onPress={props.onSearch}>
        {words.say(isBusy ? 'staff.searching' : found === null ? 'staff.findNow' : 'staff.findAgain')}
      </Button>
      {found?.length === 0 && (
        <StatusLine icon="advice" tone="warn">
          {words.say('staff.foundNone')}
        </StatusLine>
      )}
      <div className="staff-find">
        {found !== null && found.length > 0 && (
          <div className="staff-found">
            <ChoiceList
              legend={words.say('staff.printers')}
              options={found.map((it) => ({ value: it.address, text: words.say(TYPES[it.type]), code: it.address }))}
              chosen={address}
              onChoose={(chosen) => onChange(withPlace(setUp, { address: chosen }))}
            />
          </div>
        )}
        <AddressField {...props} />
      </div>
    </>
  )
}

interface QuestionProps {
  readonly text: string
  readonly answer: boolean | null
  readonly onAnswer: (answer: boolean) => void
}

function Question({ text, answer, onAnswer }: QuestionProps) {
  const words = useWords()
  return (
    <fieldset className="staff-question">
      <legend>{text}</legend>
      <Button isPressed={answer === true} onPress={() => onAnswer(true)}>
        {words.say('staff.yes')}
      </Button>
      <Button isPressed={answer === false} onPress={() => onAnswer(false)}>
        {words.say('staff.no')}
      </Button>
    </fieldset>
  )
}

/** What came of the test page, as far as the printer says; a person looks at the rest. */
function Tried({ setUp, onChange }: SetUpPageProps) {
  const words = useWords()
  const { tried, isBarWhole, isCodeSeen } = setUp
  if (tried === null) return null
  const { outcome, status } = tried
  if (outcome === 'failed')
    return (
      <StatusLine icon="paper" tone="warn">
        {words.say('staff.nothingCame', { hint: words.say(HINT_WORDS[status.hint]) })}
      </StatusLine>
    )
  return (
    <>
      <StatusLine icon="paper">
        {`${words.say(HINT_WORDS[status.hint])} · ${words.say(CAPABILITY_WORDS[status.capability])}`}
      </StatusLine>
      <p>{words.say(outcome === 'confirmed' ? 'staff.testHelp' : 'staff.perhapsCame')}</p>
      <Question
        text={words.say('staff.barQuestion')}
        answer={isBarWhole}
        onAnswer={(answer) => onChange({ ...setUp, isBarWhole: answer })}
      />
      {isBarWhole === false && <p className="field-problem">{words.say('staff.otherWidth')}</p>}
      <Question
        text={words.say('staff.qrQuestion')}
        answer={isCodeSeen}
        onAnswer={(answer) => onChange({ ...setUp, isCodeSeen: answer })}
      />
    </>
  )
}

function Test(props: SetUpPageProps) {
  const { setUp, isBusy, onChange } = props
  const words = useWords()
  return (
    <>
      <bdi dir="ltr" className="staff-address">
        {setUp.tried?.address ?? setUp.address}
      </bdi>
      <fieldset className="staff-question">
        <legend>{words.say('staff.paperQuestion')}</legend>
        {([80, 58] as const).map((mm) => (
          <Button key={mm} isPressed={setUp.paperMm === mm} onPress={() => onChange(withPlace(setUp, { paperMm: mm }))}>
            {words.say('staff.paper', { mm })}
          </Button>
        ))}
      </fieldset>
      <Button icon="paper" isDisabled={isBusy} onPress={props.onTest}>
        {words.say(isBusy ? 'staff.printing' : 'staff.printTest')}
      </Button>
      <Tried {...props} />
    </>
  )
}

function Letters({ setUp, isBusy, onChange, onLetters }: SetUpPageProps) {
  const words = useWords()
  return (
    <>
      <p>{words.say('staff.lettersHelp')}</p>
      <Button icon="paper" isDisabled={isBusy} onPress={onLetters}>
        {words.say(isBusy ? 'staff.printing' : 'staff.printLetters')}
      </Button>
      <div className="staff-lines">
        {CODE_PAGE_CANDIDATES.map((candidate, place) => (
          <button
            key={`${candidate.name} ${candidate.selector}`}
            type="button"
            className="staff-line"
            aria-pressed={setUp.picked.includes(place)}
            onClick={() => onChange(withPicked(setUp, place))}
          >
            <strong>{place + 1}</strong>
            <bdi dir="ltr" lang="fr">
              {codePageSample(candidate)}
            </bdi>
          </button>
        ))}
      </div>
    </>
  )
}

function Summary({ setUp, first, onChange }: SetUpPageProps) {
  const words = useWords()
  const { tried, paperMm, picked, stands } = setUp
  if (tried === null) return null
  return (
    <>
      <ul className="staff-facts">
        <li>
          <bdi dir="ltr" className="staff-address">
            {tried.address}
          </bdi>
        </li>
        <li>{words.say('staff.paper', { mm: paperMm })}</li>
        <li>{words.say(CAPABILITY_WORDS[tried.status.capability])}</li>
        <li>
          {picked.length === 0
            ? words.say('staff.lettersDrawn')
            : words.say('staff.lettersOwn', { count: picked.length })}
        </li>
      </ul>
      {first !== null && (
        <fieldset className="staff-question">
          <legend>{words.say('staff.standsQuestion', { first })}</legend>
          {PRINTER_PLACES.map((it) => (
            <Button key={it} isPressed={stands === it} onPress={() => onChange({ ...setUp, stands: it })}>
              {words.say(STANDS_WORDS[it])}
            </Button>
          ))}
        </fieldset>
      )}
    </>
  )
}

const PAGES = { find: Find, test: Test, letters: Letters, summary: Summary } as const
const TITLES = {
  find: 'staff.find',
  test: 'staff.printTest',
  letters: 'staff.letters',
  summary: 'staff.summary',
} as const

/** Leads the installer from a printer that is plugged in to one that prints tickets. */
export function SetUpPage(props: SetUpPageProps) {
  const { setUp, isBusy, problem } = props
  const words = useWords()
  const Page = PAGES[setUp.step]
  const isLast = setUp.step === 'summary'
  return (
    <section className="staff-set-up">
      <p className="staff-step">
        {words.say('staff.step', { step: SET_UP_STEPS.indexOf(setUp.step) + 1, last: SET_UP_STEPS.length })}
      </p>
      <h2>{words.say(TITLES[setUp.step])}</h2>
      <div className="staff-page" data-scrolls="">
        <Page {...props} />
      </div>
      <p className="field-problem" role="alert">
        {problem}
      </p>
      <div className="staff-acts">
        <Button icon="back" isDisabled={isBusy} onPress={props.onBack}>
          {words.say('common.back')}
        </Button>
        <Button kind="primary" isDisabled={isBusy || !canGoOn(setUp)} onPress={isLast ? props.onUse : props.onNext}>
          {words.say(isLast ? 'staff.use' : 'staff.next')}
        </Button>
      </div>
    </section>
  )
}
