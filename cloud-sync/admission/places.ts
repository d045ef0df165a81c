/**
 * Which branches bring their history now. Each place is one branch's: it keeps it from upload to upload while it has more,
 * so that what is known of it stays at hand, and then gives it to another. Pure.
 */
export interface Places {
  /** Whether there is one for this branch, before anything is done for it. */
  hasRoom(branchId: string, nowMs: number): boolean
  /** @returns false: there is none */
  enter(branchId: string, nowMs: number): boolean
  /** An upload is over. @param goesOn - its branch has more to bring, by what it brought */
  leave(branchId: string, nowMs: number, goesOn: boolean): void
  /** Branches that have one. */
  count(): number
}

export interface PlacesLimits {
  readonly placesMax: number
  /** A branch that is not heard between two uploads for so long loses its place. */
  readonly lingerMs: number
  /** However much more it has: then it is another's turn. */
  readonly turnMs: number
}

interface Place {
  readonly sinceMs: number
  lastMs: number
  underWay: number
}

/** An upload whose end nobody has seen: no request takes nearly as long. */
const LOST_MS = 5 * 60_000

export function createPlaces({ placesMax, lingerMs, turnMs }: PlacesLimits): Places {
  const places = new Map<string, Place>()

  const isOver = ({ sinceMs, lastMs, underWay }: Place, nowMs: number): boolean =>
    underWay > 0 ? nowMs - lastMs > LOST_MS : nowMs - lastMs > lingerMs || nowMs - sinceMs > turnMs

  function hasRoom(branchId: string, nowMs: number): boolean {
    // At most `placesMax` to look at.
    for (const [of, place] of places) if (isOver(place, nowMs)) places.delete(of)
    return places.has(branchId) || places.size < placesMax
  }

  return {
    hasRoom,
    enter(branchId, nowMs) {
      if (!hasRoom(branchId, nowMs)) return false
      const place = places.get(branchId) ?? { sinceMs: nowMs, lastMs: nowMs, underWay: 0 }
      place.underWay += 1
      place.lastMs = nowMs
      places.set(branchId, place)
      return true
    },
    leave(branchId, nowMs, goesOn) {
      const place = places.get(branchId)
      if (place === undefined) return
      place.underWay -= 1
      place.lastMs = nowMs
      if (place.underWay <= 0 && !goesOn) places.delete(branchId)
    },
    count: () => places.size,
  }
}
