import type { Catalogue } from '../domain/catalogue.ts'
import { type CatalogueFault, catalogueFaults } from '../domain/catalogue-faults.ts'
import { isEasyPin } from '../domain/easy-pin.ts'
import type { AgentId } from '../domain/ids.ts'
import { catalogueOf } from './catalogue.ts'
import type { CatalogueBody } from './catalogue-body.ts'

const easyPins = ({ agents }: CatalogueBody): readonly CatalogueFault[] =>
  agents.flatMap(({ pin }, index) =>
    pin === undefined || !isEasyPin(pin)
      ? []
      : [{ path: `/agents/${index}/pin`, rule: 'PinEasy', message: 'it is one of those that are guessed first' }],
  )

/**
 * A catalogue as somebody sent it, judged in the same way wherever it arrives: at a branch that stands alone or at its cloud.
 * @param zoneExists - whether an IANA zone name is known on this machine
 */
export function readSentCatalogue(
  body: CatalogueBody,
  zoneExists: (timezone: string) => boolean,
): {
  readonly catalogue: Catalogue
  readonly pins: ReadonlyMap<AgentId, string>
  readonly faults: readonly CatalogueFault[]
} {
  const { catalogue, pins } = catalogueOf(body)
  return { catalogue, pins, faults: [...catalogueFaults(catalogue, zoneExists), ...easyPins(body)] }
}

export const faultsText = (faults: readonly Pick<CatalogueFault, 'path' | 'message'>[]): string =>
  faults.map(({ path, message }) => `${path}: ${message}`).join('; ')
