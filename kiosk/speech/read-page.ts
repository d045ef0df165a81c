import { LANGUAGES, type Language } from '#shared/domain/ids.ts'
import { spelled, spokenText } from '#shared/words/spoken.ts'

/** Something to be said, in the voice of its language. */
export interface Sentence {
  readonly text: string
  readonly language: Language
}

const CONTROLS = 'button, a[href], input, textarea, select'
/** What is not part of what a screen says: a clock that runs down is told when it matters. */
const UNSPOKEN = '[aria-hidden=true], [role=timer], script, style'
const LIVE = '[role=alert], [role=status], [aria-live=polite]'
const ALERT = '.still-there'
/** Longer ones begin to be heard later, and are harder to break off. */
const JOINED_LENGTH_MAX = 120

const isLanguage = (name: string): name is Language => (LANGUAGES as readonly string[]).includes(name)

function languageOf(element: Element, otherwise: Language): Language {
  const name = element.closest('[lang]')?.getAttribute('lang') ?? ''
  return isLanguage(name) ? name : otherwise
}

function isShown(element: Element): boolean {
  const { display, visibility } = getComputedStyle(element)
  return display !== 'none' && visibility !== 'hidden'
}

/** Text that stands on a line of its own is a sentence of its own. */
const isInline = (element: Element): boolean => /^(inline|contents)$/.test(getComputedStyle(element).display)

/**
 * The sentences of an element, in the order of the page.
 * @param skipped - what is passed over, as a selector; empty: nothing more than what nobody says
 */
function sentencesOf(root: Element, language: Language, skipped: string): readonly Sentence[] {
  const sentences: Sentence[] = []
  let text = ''
  let textLanguage = language

  function flush(): void {
    const said = spokenText(text, textLanguage)
    if (/[\p{L}\p{N}]/u.test(said)) sentences.push({ text: said, language: textLanguage })
    text = ''
  }

  function add(more: string, itsLanguage: Language): void {
    if (itsLanguage !== textLanguage) flush()
    textLanguage = itsLanguage
    text += more
  }

  function readWithin(element: Element): void {
    // A number is written in Latin letters, and said by the voice that speaks.
    const isNumber = element.matches('.number')
    const itsLanguage = isNumber ? language : languageOf(element, language)
    const spoken = isNumber ? ` ${spelled(element.textContent ?? '')} ` : element.getAttribute('data-spoken')
    if (spoken !== null) add(spoken, itsLanguage)
    else
      for (const child of element.childNodes) {
        if (child instanceof Element) read(child)
        else if (child instanceof Text) add(child.data, itsLanguage)
      }
  }

  function read(element: Element): void {
    const isSkipped = element.matches(UNSPOKEN) || (skipped !== '' && element.matches(skipped))
    if (isSkipped || !isShown(element)) return
    const isOwnLine = !isInline(element)
    if (isOwnLine) flush()
    readWithin(element)
    if (isOwnLine) flush()
  }

  read(root)
  flush()
  return sentences
}

/** What a screen says by itself, without what can be chosen on it. */
export const readScreen = (main: Element, language: Language): readonly Sentence[] =>
  sentencesOf(main, language, CONTROLS)

/** What has changed on it is said where the page marks it as alive. */
export const readLive = (root: Element, language: Language): readonly Sentence[] =>
  [...root.querySelectorAll(LIVE)]
    .filter((element) => element.closest(ALERT) === null)
    .flatMap((element) => sentencesOf(element, language, CONTROLS))

/** What the keys go through, in the order of the page; what only scrolls is not among it, for the focus scrolls. */
export function stopsOf(root: Element): readonly HTMLElement[] {
  return [...root.querySelectorAll<HTMLElement>(CONTROLS)].filter(
    (element) => element.closest(`${ALERT}, .scroll-keys`) === null && element.tabIndex >= 0 && isShown(element),
  )
}

/** How a stop is said beside its name. */
export interface StopWords {
  readonly chosen: string
  readonly notNow: string
  readonly typed: (text: string) => string
  readonly hidden: (count: number) => string
}

function typedIn(stop: HTMLElement, words: StopWords): string {
  if (!(stop instanceof HTMLInputElement) && !(stop instanceof HTMLTextAreaElement)) return ''
  return stop.type === 'password' ? words.hidden(stop.value.length) : words.typed(stop.value)
}

/** One stop: its name in its own language, and how it stands. */
export function readStop(stop: HTMLElement, language: Language, words: StopWords): readonly Sentence[] {
  const named = stop.getAttribute('aria-label') ?? stop.getAttribute('data-spoken')
  const label = stop instanceof HTMLInputElement ? stop.labels?.[0] : undefined
  const name: readonly Sentence[] =
    named === null
      ? sentencesOf(label ?? stop, language, label === undefined ? '' : CONTROLS)
      : [{ text: spokenText(named, language), language: languageOf(stop, language) }]
  const isOff = stop.getAttribute('aria-disabled') === 'true' || (stop instanceof HTMLButtonElement && stop.disabled)
  const states = [
    ...(stop.getAttribute('aria-pressed') === 'true' ? [words.chosen] : []),
    ...(isOff ? [words.notNow] : []),
    ...[typedIn(stop, words)].filter((text) => text !== ''),
  ]
  return [...name, ...states.map((text) => ({ text, language }))]
}

/** Fewer pieces sound better: neighbours in one language become one. */
export function joined(sentences: readonly Sentence[]): readonly Sentence[] {
  const whole: Sentence[] = []
  for (const sentence of sentences) {
    const last = whole.at(-1)
    if (last === undefined || last.language !== sentence.language || last.text.length > JOINED_LENGTH_MAX)
      whole.push(sentence)
    else
      whole[whole.length - 1] = {
        language: last.language,
        text: `${last.text}${/[.!?:؟,،]$/.test(last.text) ? '' : '.'} ${sentence.text}`,
      }
  }
  return whole
}
