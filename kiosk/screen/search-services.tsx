import type { Language, ServiceId } from '#shared/domain/ids.ts'
import type { MenuService } from '#shared/project/kiosk-menu.ts'
import { searchServices } from '#shared/project/kiosk-search.ts'
import { type Estimate, waitRange } from '#shared/project/wait-range.ts'
import { useWords } from '#shared/ui/words-context.tsx'
import { Keyboard } from './keyboard.tsx'
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
  return (
    <section className="typing search">
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
      <Keyboard languages={languages} hasMarks={false} text={typed} onText={onText} />
    </section>
  )
}
