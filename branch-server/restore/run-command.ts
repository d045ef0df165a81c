import { join } from 'node:path'
import type { Clocks } from '#shared/domain/clock.ts'
import { ConfigError } from '#shared/program/config-error.ts'
import type { Config } from '../config.ts'
import { tellPower } from '../power-command.ts'
import { drillBackup } from './drill-backup.ts'
import { type PutBack, putBack } from './put-back.ts'
import { type Restored, restoreBranch } from './restore-branch.ts'
import { type RestoredFromCloud, restoreFromCloud } from './restore-from-cloud.ts'
import { takePlace } from './take-place.ts'

const USAGE =
  'usage: npm run branch [-- restore --from PLACE [--from PLACE …] [--take-what-is-whole] | -- restore --from-cloud | -- take-place | -- drill [--from FILE] | -- commission … | -- verify FILE.pdf | -- power low|back | -- audit verify|export]'

/** Goes on without what was changed in a place. */
const TAKE_WHOLE = '--take-what-is-whole'

/** From the log that the cloud holds. */
const FROM_CLOUD = '--from-cloud'

/** @throws ConfigError for anything but `--from PLACE`, any number of times */
function placesIn(words: readonly string[]): readonly string[] {
  return words.flatMap((word, index) => {
    if (index % 2 === 1) return [word]
    if (word !== '--from' || words[index + 1] === undefined) throw new ConfigError(USAGE)
    return []
  })
}

function restoredSentences({ place, livingCount, ticketCount, eventCount, hasSettings, hasKey }: Restored): string {
  const { name, kind, state, head, fault } = place
  const asOf = new Date(state.now.atMs).toISOString()
  const numbers = `Restored from ${name}, as of ${asOf} (event ${head.seq}): ${livingCount} living tickets, ${ticketCount} in all, ${eventCount} events; the numbers jump ahead.`
  const secrets =
    kind === 'backup'
      ? 'PINs and devices are as in the backup.'
      : hasSettings
        ? 'PINs and devices were taken from the settings.json of this folder.'
        : 'PINs, paired devices and keys are kept nowhere else: pair the devices again; PINs come with the next catalogue.'
  const key =
    hasKey || (kind === 'host' && !hasSettings)
      ? ''
      : ' The key of the branch is lost, and the secret of its PINs: pair the devices again and give new PINs.'
  const lost =
    fault === null
      ? ''
      : fault.fromSeq === null
        ? `\nWhat was wrong is left out or made anew: ${fault.why}.`
        : `\nCut off is everything from event ${fault.fromSeq} on: ${fault.why}.`
  return `${numbers}${lost}\n${secrets}${key}`
}

/** What the person who swaps the box must know, and do next. */
function cloudSentences(restored: RestoredFromCloud): string {
  const { place, head, state } = { ...restored, ...restored.place }
  const { livingCount, ticketCount, eventCount, hasSettings, lost } = restored
  const asOf = new Date(state.now.atMs).toISOString()
  const numbers = `Restored from ${place.name}, as of ${asOf} (event ${head.seq}): ${livingCount} living tickets, ${ticketCount} in all, ${eventCount} events; the numbers jump ahead.`
  const unsent =
    lost === null
      ? 'Nobody knows what the box before did after that.'
      : `${lost.eventCount === 0 ? 'No event is known to be lost' : `At least ${lost.eventCount} events of the box before never came up and are lost`}; what it did after ${new Date(lost.heardAtMs).toISOString()} nobody knows.`
  const secrets = hasSettings
    ? 'PINs are as they were. Start the branch: its devices find it by themselves, if it has the address of the box before or is in the same network; each stays who it was, with its slot and its printer. One that does not is paired again with a new code.'
    : 'The box before never told its PINs and devices: pair the devices again; PINs come with the next catalogue.'
  return `${numbers}\n${unsent}\n${secrets}`
}

function besideSentences({ packTags, mediaCount, awaited }: PutBack): string {
  const voices = packTags.length === 0 ? '' : `\nRecorded voices that are back: ${packTags.join(', ')}.`
  const files = mediaCount === 0 ? '' : `\nFiles of the displays that are back: ${mediaCount}.`
  const missing =
    awaited.length === 0
      ? ''
      : `\nTo be brought again, for the backup knew them by name alone or holds them damaged: ${awaited.join(', ')}.`
  return voices + files + missing
}

/**
 * What `npm run branch -- …` asks for beside a start.
 * @returns what to tell the person who asked
 * @throws RestoreError, ConfigError, FolderInUseError, or what the disk says
 */
export async function runCommand(words: readonly string[], config: Config, clocks: Clocks): Promise<string> {
  const [command, ...rest] = words
  if (command === 'power') return tellPower(rest, config)
  if (command === 'restore' && rest.length === 1 && rest[0] === FROM_CLOUD)
    return cloudSentences(await restoreFromCloud(config, clocks))
  if (command === 'take-place' && rest.length === 0)
    return `For ${await takePlace(config, clocks)} this box is the branch from now on: what another one brings under its name is kept aside there. The numbers jump ahead. Start the branch.`
  const takesWhole = command === 'restore' && rest.includes(TAKE_WHOLE)
  const places = placesIn(takesWhole ? rest.filter((word) => word !== TAKE_WHOLE) : rest)
  if (command === 'restore' && places.length > 0) {
    const restored = restoreBranch({ folder: config.folder, places, clocks, takesWhole })
    return restoredSentences(restored) + besideSentences(await putBack(config.folder, places))
  }
  if (command === 'drill' && places.length <= 1)
    return drillBackup(config.backupFolder ?? join(config.folder, 'backups'), places[0] ?? null, clocks)
  throw new ConfigError(USAGE)
}
