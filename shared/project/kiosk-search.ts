import { matchOf } from '../words/search.ts'
import type { MenuService } from './kiosk-menu.ts'

/** With more services than this a customer may search. */
export const SEARCHED_ABOVE = 12

/**
 * The services whose name, or else whose category, has what was typed, in whatever language it was typed: whoever reads
 * the screen in one may know the word in another. Those whose name begins with it come first; nothing typed finds none.
 */
export function searchServices(services: readonly MenuService[], typed: string): readonly MenuService[] {
  const ranked = services.flatMap((service) => {
    const names = Object.values(service.name).map((name) => matchOf(name, typed))
    const categories = Object.values(service.category?.name ?? {}).map((name) => matchOf(name, typed))
    if (names.includes('start')) return [{ service, rank: 0 }]
    if (names.includes('word')) return [{ service, rank: 1 }]
    return categories.some((match) => match === 'start' || match === 'word') ? [{ service, rank: 2 }] : []
  })
  return ranked.toSorted((a, b) => a.rank - b.rank).map(({ service }) => service)
}
