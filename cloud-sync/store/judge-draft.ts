import { Value } from 'typebox/value'
import { zoneExists } from '#shared/domain/business-day.ts'
import { catalogueDoubts } from '#shared/domain/catalogue-doubts.ts'
import type { CatalogueFault } from '#shared/domain/catalogue-faults.ts'
import { isEasyPin } from '#shared/domain/easy-pin.ts'
import { PIN_PATTERN } from '#shared/wire/agents.ts'
import { CatalogueBody } from '#shared/wire/catalogue-body.ts'
import type { DraftFault } from '#shared/wire/draft.ts'
import { readSentCatalogue } from '#shared/wire/sent-catalogue.ts'

const FAULTS_MAX = 200
const PIN = new RegExp(PIN_PATTERN)

/** The schema says of an object that it lacks something; people look for it where it would stand. */
function schemaFaults(body: unknown): readonly DraftFault[] {
  const found = new Map<string, DraftFault>()
  for (const { instancePath, keyword, params, message } of Value.Errors(CatalogueBody, body)) {
    const lacking =
      keyword === 'required' ? (params as { requiredProperties: readonly string[] }).requiredProperties : []
    const paths = lacking.length > 0 ? lacking.map((name) => `${instancePath}/${name}`) : [instancePath]
    for (const path of paths) if (!found.has(path)) found.set(path, { path, keyword, message })
    if (found.size >= FAULTS_MAX) break
  }
  return [...found.values()]
}

const asRule = ({ path, rule, message }: CatalogueFault): DraftFault => ({ path, keyword: rule, message })

/** What stands in the way of publishing a draft, and what is seldom meant: by the same schema and rules as its publication. */
export function judgeDraft(body: unknown): {
  readonly faults: readonly DraftFault[]
  readonly doubts: readonly DraftFault[]
} {
  const faults = schemaFaults(body)
  if (faults.length > 0) return { faults, doubts: [] }
  const { catalogue, pins, faults: broken } = readSentCatalogue(body as CatalogueBody, zoneExists)
  return { faults: broken.map(asRule), doubts: catalogueDoubts(catalogue, pins).map(asRule) }
}

interface SentAgent {
  readonly id?: unknown
  readonly pin?: unknown
}

/**
 * Takes the PINs out of a draft: they are kept as hashes alone, so they are judged when they are sent.
 * @returns those that were sent, by agent
 */
export function takePins<Body extends { readonly agents: readonly object[] }>(
  body: Body,
): { readonly plain: Body; readonly pins: ReadonlyMap<string, string>; readonly faults: readonly DraftFault[] } {
  const pins = new Map<string, string>()
  const faults: DraftFault[] = []
  const agents = body.agents.map((agent, index) => {
    const { pin, ...rest } = agent as SentAgent
    const path = `/agents/${index}/pin`
    if (pin === undefined || pin === '') return rest
    if (typeof pin !== 'string' || !PIN.test(pin)) faults.push({ path, keyword: 'pattern', message: '6 to 12 digits' })
    else if (isEasyPin(pin))
      faults.push({ path, keyword: 'PinEasy', message: 'it is one of those that are guessed first' })
    else if (typeof rest.id === 'string') pins.set(rest.id, pin)
    return rest
  })
  return { plain: { ...body, agents }, pins, faults }
}
