import { readFileSync } from 'node:fs'
import { Type } from 'typebox'
import { Value } from 'typebox/value'
import { ConfigError } from '../../../shared/program/config-error.ts'
import { id, type ParsedBy, strict } from '../../../shared/wire/schema.ts'

const address = () => Type.String({ pattern: '^http://127\\.0\\.0\\.1:\\d{1,5}$' })

/** What the starter of the demo hands over: where the faces are, who works there, and how fast. */
const Settings = Type.Object(
  {
    /** Seconds of the simulated day in one of ours. */
    speed: Type.Number({ minimum: 1, maximum: 60 }),
    seed: Type.Integer({ minimum: 0, maximum: 4_294_967_295 }),
    load: Type.Number({ minimum: 0.1, maximum: 3 }),
    kioskUrl: address(),
    /** One caller host for each counter. */
    counters: Type.Array(Type.Object({ counterId: id(), url: address() }, strict), { maxItems: 64 }),
    pins: Type.Record(Type.String(), Type.String({ minLength: 1, maxLength: 12 })),
  },
  strict,
)
export type Settings = ParsedBy<typeof Settings>

/** @throws ConfigError */
export function readSettings(file: string | undefined): Settings {
  if (file === undefined)
    throw new ConfigError('SIMULATION_FILE must name the file that npm start -- --simulate writes.')
  let json: unknown
  try {
    json = JSON.parse(readFileSync(file, 'utf8'))
  } catch {
    throw new ConfigError(`SIMULATION_FILE names no file of JSON that can be read: "${file}".`)
  }
  if (!Value.Check(Settings, json)) {
    const [fault] = Value.Errors(Settings, json)
    throw new ConfigError(
      `SIMULATION_FILE holds something wrong at ${fault?.instancePath ?? '/'}: ${fault?.message ?? ''}.`,
    )
  }
  return json
}
