import type { ServiceId } from '#shared/domain/ids.ts'
import {
  hasTwoLevels,
  type MenuCategory,
  type MenuGroup,
  type MenuService,
  menuGroups,
} from '#shared/project/kiosk-menu.ts'
import { type Estimate, waitRange } from '#shared/project/wait-range.ts'
import { ServiceMark } from '#shared/ui/service-mark.tsx'
import { useWords } from '#shared/ui/words-context.tsx'
import { ScrollBox } from './scroll-box.tsx'
import { Tile } from './tile.tsx'

interface ChooseServiceProps {
  readonly services: readonly MenuService[]
  /** null: everything there is, by category where there are many. */
  readonly category: string | null
  /** One more service of a visit; else the first one. */
  readonly isOneMore: boolean
  readonly waitByService: ReadonlyMap<ServiceId, Estimate>
  readonly timezone: string
  /** Without the server nobody knows how many wait now. */
  readonly areCountsKnown: boolean
  readonly onChoose: (serviceId: ServiceId) => void
  readonly onCategory: (category: string) => void
}

const COLUMN_MAX = 5

function Tiles({ services, ...props }: Omit<ChooseServiceProps, 'category' | 'onCategory'>) {
  return services.map((service) => (
    <Tile
      key={service.serviceId}
      service={service}
      wait={waitRange(props.waitByService.get(service.serviceId) ?? null)}
      timezone={props.timezone}
      areCountsKnown={props.areCountsKnown}
      onChoose={props.onChoose}
    />
  ))
}

type CategoryTileProps = Pick<ChooseServiceProps, 'onCategory'> & {
  readonly category: MenuCategory
  readonly services: readonly MenuService[]
}

function CategoryTile({ category, services, onCategory }: CategoryTileProps) {
  const words = useWords()
  const names = services.map(({ name }) => words.read(name))
  return (
    <button type="button" className="tile tile-category" onClick={() => onCategory(category.key)}>
      <span className="tile-icon">
        <ServiceMark icon={services[0]?.icon ?? null} colour={null} />
      </span>
      <span className="tile-name">
        <bdi>{words.read(category.name)}</bdi>
      </span>
      <span className="tile-note">{names.join('\u00a0· ')}</span>
    </button>
  )
}

function Head({ title, hint }: { readonly title: string; readonly hint: string }) {
  const words = useWords()
  return (
    <div className="screen-head">
      <h1>
        <bdi>{title}</bdi>
      </h1>
      <p data-spoken={words.say('access.choose')}>{hint}</p>
    </div>
  )
}

const tilesClass = (count: number): string => (count > COLUMN_MAX ? 'tiles tiles-many' : 'tiles')

/** Few enough to be seen at once, under the names of their categories. */
function Grouped({ groups, ...props }: ChooseServiceProps & { readonly groups: readonly MenuGroup[] }) {
  const words = useWords()
  return (
    <div className="tile-groups">
      {groups.map(({ category, services }) => (
        <section key={category?.key ?? ''} className="tile-group">
          <h2>
            <bdi>{category === null ? words.say('kiosk.otherServices') : words.read(category.name)}</bdi>
          </h2>
          <div className="tiles tiles-group">
            <Tiles {...props} services={services} />
          </div>
        </section>
      ))}
    </div>
  )
}

/** One tile for each service; by category where the catalogue has any, and in two steps where there are many. */
export function ChooseService(props: ChooseServiceProps) {
  const { services, category, isOneMore, onCategory } = props
  const words = useWords()
  const groups = menuGroups(services)
  const inCategory = groups.find((group) => group.category !== null && group.category.key === category)
  const serviceHint = words.say(isOneMore ? 'kiosk.addServiceHint' : 'kiosk.chooseServiceHint')
  if (inCategory?.category != null)
    return (
      <section className="choose">
        <Head title={words.read(inCategory.category.name)} hint={serviceHint} />
        <ScrollBox>
          <div className={tilesClass(inCategory.services.length)}>
            <Tiles {...props} services={inCategory.services} />
          </div>
        </ScrollBox>
      </section>
    )
  const isFirstOfTwo = hasTwoLevels(services)
  const hint = isFirstOfTwo ? words.say('kiosk.chooseCategoryHint') : serviceHint
  const head = <Head title={words.say(isOneMore ? 'kiosk.addServiceTitle' : 'kiosk.chooseService')} hint={hint} />
  if (!isFirstOfTwo && groups.some((group) => group.category !== null))
    return (
      <section className="choose">
        {head}
        <ScrollBox>
          <Grouped {...props} groups={groups} />
        </ScrollBox>
      </section>
    )
  const alone = isFirstOfTwo ? services.filter((service) => service.category === null) : services
  const doors = isFirstOfTwo
    ? groups.flatMap(({ category: door, services: behind }) => (door === null ? [] : [{ door, behind }]))
    : []
  return (
    <section className="choose">
      {head}
      <ScrollBox>
        <div className={tilesClass(alone.length + doors.length)}>
          {doors.map(({ door, behind }) => (
            <CategoryTile key={door.key} category={door} services={behind} onCategory={onCategory} />
          ))}
          <Tiles {...props} services={alone} />
        </div>
      </ScrollBox>
    </section>
  )
}
