/**
 * Each stored event ends with the hash of the bytes before it. Of several that are sent together only the first needs to:
 * whoever has the bytes before an event can reckon it, and nothing compresses it.
 */

const endOf = (prev: string): string => `,"prev":"${prev}"}`

/** The stored bytes of an event whose hash was left out. @param prev - in hex */
export const withPrev = (body: string, prev: string): string => body.slice(0, -1) + endOf(prev)

/**
 * @param bodies - as they are stored, each following on the one before
 * @param hashOf - of stored bytes, in hex
 * @returns the same without what can be reckoned; where the disk contradicts itself it is left as it is, to be refused
 */
export function withoutPrevs(bodies: readonly string[], hashOf: (body: string) => string): readonly string[] {
  return bodies.map((body, at) => {
    const before = bodies[at - 1]
    if (before === undefined) return body
    const end = endOf(hashOf(before))
    return body.endsWith(end) ? `${body.slice(0, -end.length)}}` : body
  })
}
