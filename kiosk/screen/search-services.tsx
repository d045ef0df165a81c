import { type ReactNode, useState } from 'react'
import type { Language, ServiceId } from '#shared/domain/ids.ts'
import type { MenuService } from '#shared/project/kiosk-menu.ts'
import { searchServices } from '#shared/project/kiosk-search.ts'
import { type Estimate, waitRange } from '#shared/project/wait-range.ts'
import { Button } from '#shared/ui/parts.tsx'
import { useWords } from '#shared/ui/words-context.tsx'
import { Keyboard } from './keyboard.tsx'
import { ScrollBox } from './scroll-box.tsx'
import { Tile } from './tile.tsx'
import { TypedField } from './typed-field.tsx'

/** More would not be read; a few letters more find them. */
const SHOWN_MAX = 6

interface SearchServicesProps {
  readonly services: readonly MenuService[]
  readonly languages: readonly Language[]
  readonly typed: string
  readonly waitByService: ReadonlyMap<ServiceId, Estimate>
  readonly timezone: string
  readonly areCountsKnown: boolean
  /** The accessible mode: what was found and the keys are too large for one screen, and stand there in turn. */
  readonly isLarge: boolean
  readonly onText: (text: string) => void
  readonly onChoose: (serviceId: ServiceId) => void
}

/** What is found for what was typed, above the keys. */
export function SearchServices({ services, languages, typed, waitByService, onText, ...props }: SearchServicesProps) {
  const words = useWords()
  const found = searchServices(services, typed)
  const shown = found.slice(0, SHOWN_MAX)
  const isEmpty = typed.trim() === ''
  const restCount = found.length - shown.length
  const hint = isEmpty
    ? words.say('typing.searchHint')
    : found.length === 0
      ? words.say('typing.foundNone')
      : words.say('typing.found', { count: found.length })
  const list = (
    <>
      <div className="tiles tiles-found">
        {shown.map((service) => (
          <Tile
            {...props}
            key={service.serviceId}
            service={service}
            wait={waitRange(waitByService.get(service.serviceId) ?? null)}
          />
        ))}
      </div>
      {restCount > 0 && <p className="typing-hint">{words.say('typing.foundMore', { count: restCount })}</p>}
    </>
  )
  const keys = <Keyboard languages={languages} hasMarks={false} isLarge={props.isLarge} text={typed} onText={onText} />
  return (
    <section className="typing search">
      <div className="typing-head">
        <h1>{words.say('typing.searchTitle')}</h1>
        <TypedField
          label={words.say('typing.searchField')}
          text={typed}
          onText={onText}
          onEnter={() => {
            const [only] = found
            if (found.length === 1 && only !== undefined) props.onChoose(only.serviceId)
          }}
        />
        <p role="status" className="typing-hint">
          {hint}
        </p>
      </div>
      {props.isLarge ? (
        <InTurn list={list} keys={keys} isFound={found.length > 0} />
      ) : (
        <>
          {list}
          {keys}
        </>
      )}
    </section>
  )
}

interface InTurnProps {
  readonly list: ReactNode
  readonly keys: ReactNode
  readonly isFound: boolean
}

function InTurn({ list, keys, isFound }: InTurnProps) {
  const words = useWords()
  const [isWanted, setWanted] = useState(false)
  const isListed = isWanted && isFound
  return (
    <div className="reach">
      <div className="typing-answers">
        <Button kind="primary" isDisabled={!isFound} onPress={() => setWanted(!isListed)}>
          {words.say(isListed ? 'typing.writeOn' : 'typing.showFound')}
        </Button>
      </div>
      {isListed ? <ScrollBox>{list}</ScrollBox> : keys}
    </div>
  )
}
