import { LANGUAGES, type Language } from '#shared/domain/ids.ts'
import { createWords, type FaceWords } from '#shared/words/create-words.ts'
import { spokenText } from '#shared/words/spoken.ts'
import { VOLUME_MAX } from '../access.ts'
import type { KioskEvent, KioskModel } from '../model.ts'
import type { ShownScreen } from '../shown-screen.ts'
import { isAccident, isDoubleTouch, type PadKey, padKeyOf, type Touch } from './pad-keys.ts'
import { joined, readLive, readScreen, readStop, type Sentence, stopsOf } from './read-page.ts'
import type { Speaker } from './speaker.ts'

/** What the guide has to know of the kiosk as it is drawn now. */
export interface Scene {
  readonly model: KioskModel
  readonly shown: ShownScreen
  readonly languages: readonly Language[]
  readonly canGoBack: boolean
  readonly warnedLeftMs: number | null
}

/** Leads whoever listens through the screens: says each, goes through what can be chosen, and presses it. */
export interface Guide {
  /** After each drawing. */
  onDrawn(scene: Scene): void
  onKey(event: KeyboardEvent): void
  /** A touch, or the key that presses what has the focus. */
  onClick(event: MouseEvent): void
}

const spoken = (text: string, language: Language): Sentence => ({ text: spokenText(text, language), language })

/** The same screen as before needs not be said again. */
function screenKey({ shown, model }: Scene): string {
  const more = shown.name === 'choose-service' ? [shown.category, shown.choice?.added.length] : []
  const asked = shown.name === 'details' ? [shown.at] : []
  return JSON.stringify([shown.name, model.language, ...more, ...asked])
}

const stopWords = (words: FaceWords) => ({
  chosen: words.say('access.chosen'),
  notNow: words.say('access.notNow'),
  typed: (text: string) => words.say('access.typed', { text }),
  hidden: (count: number) => words.say('access.hidden', { count }),
})

/** On the first screen nobody has chosen a language yet: each is offered in its own voice. */
function languageOffers({ shown, model, languages }: Scene): readonly Sentence[] {
  if (shown.name !== 'idle') return []
  return LANGUAGES.filter((language) => languages.includes(language) && language !== model.language).map((language) =>
    spoken(createWords(language).say('access.thisLanguage'), language),
  )
}

export function createGuide(root: HTMLElement, speaker: Speaker, tell: (event: KioskEvent) => void): Guide {
  let scene: Scene | null = null
  let saidKey = ''
  let saidLive: ReadonlySet<string> = new Set()
  let saidVolume = 0
  let isWarned = false
  let isUnplugged = false
  let stroke: { key: string; atMs: number } | null = null
  let touch: Touch | null = null
  /** What has changed on the screen since something was pressed. */
  let changed: readonly Sentence[] = []

  /** Whoever has listened to something is still there. */
  const heard = (): void => tell({ type: 'touch' })
  const wordsNow = (): FaceWords => createWords(scene?.model.language ?? 'fr')
  const inWords = (...texts: readonly string[]): readonly Sentence[] =>
    texts.map((text) => spoken(text, wordsNow().language))

  function screenSentences(now: Scene): readonly Sentence[] {
    const main = root.querySelector('main') ?? root
    const words = wordsNow()
    const count = stopsOf(main).length
    const choices = count === 0 ? [] : inWords(words.say('access.choices', { count }))
    return joined([...readScreen(main, words.language), ...choices, ...languageOffers(now)])
  }

  function sayScreen(now: Scene, isFirst: boolean): void {
    const help = isFirst ? inWords(wordsNow().say('access.keys')) : []
    speaker.say([...help, ...screenSentences(now)], heard)
  }

  /** What belongs to the screen is counted; what stands on every screen is not. */
  function sayStop(stop: HTMLElement, before: readonly Sentence[] = []): void {
    const words = wordsNow()
    const choices = stopsOf(root.querySelector('main') ?? root)
    const at = choices.indexOf(stop) + 1
    const place = at === 0 ? [] : inWords(words.say('access.place', { at, count: choices.length }))
    speaker.say(joined([...before, ...readStop(stop, words.language, stopWords(words)), ...place]), heard)
  }

  function focused(stops: readonly HTMLElement[]): HTMLElement | null {
    return stops.find((stop) => stop === document.activeElement) ?? null
  }

  /** Beyond either end stands the screen itself. */
  function move(now: Scene, by: 1 | -1): void {
    const stops = stopsOf(root)
    const active = focused(stops)
    const at = active === null ? -1 : stops.indexOf(active)
    const stop = stops[active === null && by === -1 ? stops.length - 1 : at + by]
    if (stop === undefined) {
      if (document.activeElement instanceof HTMLElement) document.activeElement.blur()
      sayScreen(now, false)
      return
    }
    stop.focus()
    sayStop(stop)
  }

  function select(now: Scene): void {
    const stop = focused(stopsOf(root))
    if (stop === null) {
      sayScreen(now, false)
      return
    }
    const before = saidKey
    changed = []
    stop.click()
    // Once it is drawn: a screen that came instead says itself. Where keys make room for others, the focus goes with them.
    requestAnimationFrame(() => {
      const here = focused(stopsOf(root))
      if (saidKey === before && scene?.model.access.isHeard === true && here !== null) sayStop(here, changed)
    })
  }

  function act(key: PadKey, now: Scene): void {
    if (key === 'up' || key === 'down') move(now, key === 'down' ? 1 : -1)
    else if (key === 'select') select(now)
    else if (key === 'louder' || key === 'quieter') tell({ type: key })
    else if (now.canGoBack) tell({ type: 'back' })
    else speaker.say(inWords(wordsNow().say('access.keys')), heard)
  }

  /** Keys that mean the same whether somebody listens or not. @returns whether this was one */
  function actAlways(key: PadKey): boolean {
    if (key === 'access') tell({ type: 'switch-access' })
    else if (key === 'plugged') tell({ type: 'listen' })
    else if (key === 'unplugged') {
      isUnplugged = true
      speaker.stop()
      tell({ type: 'stop-listening' })
    } else return false
    return true
  }

  /** Nobody listens yet. Enter is pressed by many, by hand and by scanners: it begins nothing. */
  function actUnheard(key: PadKey, now: Scene, event: KeyboardEvent): void {
    if (key === 'select') return
    event.preventDefault()
    if (key !== 'back') tell({ type: 'listen' })
    else if (now.canGoBack) tell({ type: 'back' })
  }

  function onWarned(now: Scene): void {
    const isNear = now.warnedLeftMs !== null
    if (isNear === isWarned) return
    isWarned = isNear
    if (!isNear || now.warnedLeftMs === null) return
    const words = wordsNow()
    const startsAgain = words.say('access.startsAgain', { count: Math.ceil(now.warnedLeftMs / 1_000) })
    // Hearing this keeps nobody here: a key does.
    speaker.say(joined(inWords(words.say('access.stillThere'), startsAgain, words.say('access.anyKey'))))
  }

  function onSilenced(before: Scene | null): void {
    saidKey = ''
    isWarned = false
    if (before?.model.access.isHeard === true && !isUnplugged) {
      const { language } = before.model
      speaker.say([spoken(createWords(language).say('access.modeEnds'), language)])
    }
    isUnplugged = false
  }

  function onSameScreen(now: Scene, live: readonly Sentence[]): void {
    const { volume } = now.model.access
    if (volume !== saidVolume) {
      saidVolume = volume
      speaker.say(inWords(wordsNow().say('access.volume', { level: volume, most: VOLUME_MAX })), heard)
    }
    const fresh = live.filter(({ text }) => !saidLive.has(text))
    if (fresh.length === 0) return
    changed = fresh
    speaker.sayThen(joined(fresh), heard)
  }

  return {
    onClick(event) {
      // What the pad presses was weighed as a key already.
      if (!event.isTrusted || scene?.model.access.isOn !== true) return
      const next = { x: event.clientX, y: event.clientY, atMs: event.timeStamp }
      if (isDoubleTouch(touch, next)) {
        event.preventDefault()
        event.stopPropagation()
      } else touch = next
    },
    onDrawn(now) {
      const before = scene
      scene = now
      const { isHeard, volume } = now.model.access
      if (!isHeard) return onSilenced(before)
      speaker.setVolume(volume)
      const live = readLive(root, wordsNow().language)
      const key = screenKey(now)
      if (key === saidKey) onSameScreen(now, live)
      else {
        const isFirst = saidKey === ''
        saidKey = key
        saidVolume = volume
        sayScreen(now, isFirst)
      }
      saidLive = new Set(live.map(({ text }) => text))
      onWarned(now)
    },
    onKey(event) {
      const { code, timeStamp, repeat, ctrlKey, altKey, metaKey } = event
      const now = scene
      const key = padKeyOf(code)
      const last = stroke
      stroke = { key: code, atMs: timeStamp }
      if (now === null || ctrlKey || altKey || metaKey) return
      const wasWarned = now.warnedLeftMs !== null
      tell({ type: 'touch' })
      if (key === null) return
      const isMeant = !repeat && !isAccident(last, stroke)
      if (isMeant && actAlways(key)) return event.preventDefault()
      if (!now.model.access.isHeard) return isMeant ? actUnheard(key, now, event) : undefined
      event.preventDefault()
      if (!isMeant) return
      // The key that answers the warning does nothing else; and more time is given for the rest of the visit.
      if (!wasWarned) return act(key, now)
      tell({ type: 'more-time' })
      const stop = focused(stopsOf(root))
      if (stop === null) sayScreen(now, false)
      else sayStop(stop)
    },
  }
}
