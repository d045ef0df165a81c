import { Component, type ReactNode, useCallback, useEffect, useRef, useState } from 'react'
import type { Slide } from '../media/slides.ts'

/** While somebody is spoken to, films are heard so much. */
export const DUCKED_VOLUME = 0.12
/** A film is looked at this often; one that stands still for so many looks is over. */
const LOOK_MS = 1_000
const STILL_LOOKS_MAX = 5

const addressOf = (mediaId: string): string => `/local/v1/media/${mediaId}`

interface FilmProps {
  readonly mediaId: string
  readonly isSpeaking: boolean
  readonly onOver: () => void
  readonly onBroken: () => void
}

function Film({ mediaId, isSpeaking, onOver, onBroken }: FilmProps) {
  const video = useRef<HTMLVideoElement>(null)
  useEffect(() => {
    if (video.current !== null) video.current.volume = isSpeaking ? DUCKED_VOLUME : 1
  }, [isSpeaking])
  useEffect(() => {
    const film = video.current
    if (film === null) return
    let stillLooks = 0
    let lastSeconds = -1
    // A browser that allows no sound before a touch shows it without.
    film.play().catch(() => {
      film.muted = true
      film.play().catch(() => undefined)
    })
    const timer = setInterval(() => {
      stillLooks = film.currentTime === lastSeconds ? stillLooks + 1 : 0
      lastSeconds = film.currentTime
      if (stillLooks < STILL_LOOKS_MAX) return
      stillLooks = 0
      // One that never began would not begin the next time either.
      if (lastSeconds === 0) onBroken()
      onOver()
    }, LOOK_MS)
    return () => {
      clearInterval(timer)
      film.pause()
    }
  }, [onOver, onBroken])
  return (
    // biome-ignore lint/a11y/useMediaCaption: what a branch uploads for its lobby has no words that anybody must hear.
    <video ref={video} src={addressOf(mediaId)} playsInline disableRemotePlayback onEnded={onOver} onError={onBroken} />
  )
}

interface SideProps {
  readonly slides: readonly [Slide, ...Slide[]]
  readonly isSpeaking: boolean
  /** How many wait. */
  readonly counts: ReactNode
  readonly onBroken: (mediaId: string) => void
}

/** What stands beside the calls: one slide after the other, each for its time. */
function Slides({ slides, isSpeaking, counts, onBroken }: SideProps) {
  const [turn, setTurn] = useState(0)
  const next = useCallback(() => setTurn((before) => before + 1), [])
  const slide = slides[turn % slides.length] ?? slides[0]
  const mediaId = 'mediaId' in slide ? slide.mediaId : null
  const seconds = slides.length > 1 || slide.kind === 'film' ? slide.seconds : null
  useEffect(() => {
    if (seconds === null) return
    const timer = setTimeout(next, seconds * 1_000)
    return () => clearTimeout(timer)
  }, [seconds, turn, next])
  const giveUp = useCallback(() => {
    if (mediaId !== null) onBroken(mediaId)
    next()
  }, [mediaId, onBroken, next])
  if (mediaId === null) return slide.kind === 'counts' ? counts : null
  return (
    <section className="media">
      {slide.kind === 'film' ? (
        <Film key={turn} mediaId={mediaId} isSpeaking={isSpeaking} onOver={next} onBroken={giveUp} />
      ) : (
        // What it shows is told by nobody: it is not said to be anything.
        <img key={mediaId} src={addressOf(mediaId)} alt="" onError={giveUp} />
      )}
    </section>
  )
}

/** Whatever happens beside the calls, the calls stay: where a slide throws, how many wait stands instead. */
export class Side extends Component<SideProps, { readonly hasFailed: boolean }> {
  override state = { hasFailed: false }

  static getDerivedStateFromError(): { readonly hasFailed: boolean } {
    return { hasFailed: true }
  }

  override render(): ReactNode {
    return this.state.hasFailed ? this.props.counts : <Slides {...this.props} />
  }
}
