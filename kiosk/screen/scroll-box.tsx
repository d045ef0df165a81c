import { type ReactNode, useLayoutEffect, useRef, useState } from 'react'
import { Button } from '#shared/ui/parts.tsx'
import { useWords } from '#shared/ui/words-context.tsx'

interface Place {
  readonly isLonger: boolean
  readonly isAtStart: boolean
  readonly isAtEnd: boolean
}

const FITS: Place = { isLonger: false, isAtStart: true, isAtEnd: true }
/** Fractions of a pixel are no reason to scroll. */
const SLACK_PX = 4
/** A little of what was seen stays seen. */
const PAGE_SHARE = 0.85

function placeOf({ scrollTop, scrollHeight, clientHeight }: HTMLElement): Place {
  const isLonger = scrollHeight > clientHeight + SLACK_PX
  const isAtEnd = scrollTop + clientHeight >= scrollHeight - SLACK_PX
  return { isLonger, isAtStart: scrollTop <= SLACK_PX, isAtEnd }
}

const isSame = (one: Place, other: Place): boolean =>
  one.isLonger === other.isLonger && one.isAtStart === other.isAtStart && one.isAtEnd === other.isAtEnd

/**
 * What may be longer than its place once the letters are large: then two keys move it, for not every hand can swipe.
 * In the usual mode it is as if it were not there.
 */
export function ScrollBox({ children }: { readonly children: ReactNode }) {
  const words = useWords()
  const area = useRef<HTMLDivElement>(null)
  const [place, setPlace] = useState(FITS)

  useLayoutEffect(() => {
    const element = area.current
    if (element === null) return
    const look = (): void => {
      const next = placeOf(element)
      setPlace((before) => (isSame(before, next) ? before : next))
    }
    look()
    const observer = new ResizeObserver(look)
    for (const seen of [element, ...element.children]) observer.observe(seen)
    element.addEventListener('scroll', look, { passive: true })
    return () => {
      observer.disconnect()
      element.removeEventListener('scroll', look)
    }
  })

  const turn = (by: 1 | -1): void =>
    area.current?.scrollBy({ top: by * PAGE_SHARE * area.current.clientHeight, behavior: 'instant' })

  return (
    <div className="scroll-box">
      {/* Whoever has a keyboard alone scrolls it with the arrows once it has the focus. */}
      <div ref={area} className="scroll-area" data-scrolls tabIndex={place.isLonger ? 0 : undefined}>
        {children}
      </div>
      {place.isLonger && (
        <div className="scroll-keys">
          <Button icon="up" label={words.say('access.above')} isDisabled={place.isAtStart} onPress={() => turn(-1)} />
          <Button icon="down" label={words.say('access.below')} isDisabled={place.isAtEnd} onPress={() => turn(1)} />
        </div>
      )}
    </div>
  )
}
