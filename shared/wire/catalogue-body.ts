import { Type } from 'typebox'
import {
  AGENTS_MAX,
  ALGORITHMS,
  DISPLAY_SIDES,
  DISPLAY_THEMES,
  MESSAGE_KINDS,
  SERVICE_COLOURS,
  SLIP_PARTS,
  type SlipPart,
} from '../domain/catalogue.ts'
import { LOGO_START, LOGO_TEXT_MAX } from '../domain/catalogue-logo.ts'
import { DETAILS, type Detail } from '../domain/customer-details.ts'
import { LANGUAGES, type Language } from '../domain/ids.ts'
import { PLAN_MAX } from '../domain/ticket-birth.ts'
import { PIN_PATTERN } from './agents.ts'
import { PLAYLIST_MAX, SLIDE_SECONDS } from './media.ts'
import { id, type ParsedBy, strict } from './schema.ts'

const LIST_MAX = 200
const TEXT_MAX = 200
const CONSENT_LENGTH_MAX = 400
const SPANS_MAX = 6
const RULES_MAX = 20
const MESSAGES_MAX = 40
const HOLIDAYS_MAX = 400
const PASSED_MAX = 1_000
const TICKER_MAX = 20
/** More would not be read from the back row while it stands. */
const TICKER_TEXT_MAX = 120

const nullable = <Schema extends Parameters<typeof Type.Union>[0][number]>(schema: Schema) =>
  Type.Optional(Type.Union([Type.Null(), schema]))
const oneOf = <const Values extends readonly string[]>(values: Values) =>
  Type.Optional(Type.Unsafe<Values[number]>({ type: 'string', enum: [...values] }))

const text = Type.String({ minLength: 1, maxLength: TEXT_MAX })
const language = Type.Unsafe<Language>({ type: 'string', enum: [...LANGUAGES] })
/** The tag of a language as it is commonly written: `fr`, `wo`, `dyu`. */
export const VOICE_TAG_PATTERN = '^[a-z]{2,3}$'
/** Of any but the product's own, which are named beside it. */
const OTHER_TAG_PATTERN = `^(?!(${LANGUAGES.join('|')})$)[a-z]{2,3}$`
const TEXT_LANGUAGES_MAX = 5
/** In the product's languages, and in any other that the branch has texts in. */
const wordsOf = (one: typeof text) =>
  Type.Object(
    { fr: Type.Optional(one), en: Type.Optional(one), ar: Type.Optional(one) },
    { ...strict, patternProperties: { [OTHER_TAG_PATTERN]: one }, minProperties: 1 },
  )
const words = wordsOf(text)

/** A plain text is taken for one in the branch's default language. */
const name = Type.Union([text, words])

const time = Type.String({ pattern: '^(([01]\\d|2[0-3]):[0-5]\\d|24:00)$' })
const spans = Type.Array(Type.Object({ opens: time, closes: time }, strict), { maxItems: SPANS_MAX })
/** Local times by weekday; a weekday that is left out is closed. */
const weeklyHours = Type.Object(
  {
    mon: Type.Optional(spans),
    tue: Type.Optional(spans),
    wed: Type.Optional(spans),
    thu: Type.Optional(spans),
    fri: Type.Optional(spans),
    sat: Type.Optional(spans),
    sun: Type.Optional(spans),
  },
  strict,
)
const holiday = Type.Object({ date: Type.String({ format: 'date' }), name, hours: Type.Optional(spans) }, strict)

const part = Type.Unsafe<SlipPart>({ type: 'string', enum: [...SLIP_PARTS] })
const slip = Type.Object(
  {
    /** Left out: all of them. */
    parts: Type.Optional(Type.Array(part, { maxItems: SLIP_PARTS.length, uniqueItems: true })),
    message: nullable(name),
    furtherLanguages: Type.Optional(Type.Array(language, { maxItems: LANGUAGES.length - 1, uniqueItems: true })),
  },
  strict,
)

export const FURTHER_VOICES_MAX = 3

const voice = Type.Object(
  {
    /** false: the chime alone. */
    speaks: Type.Optional(Type.Boolean()),
    furtherLanguages: Type.Optional(
      Type.Array(Type.String({ pattern: VOICE_TAG_PATTERN }), { maxItems: FURTHER_VOICES_MAX, uniqueItems: true }),
    ),
    repeats: Type.Optional(Type.Boolean()),
  },
  strict,
)

const tickerLine = Type.String({ minLength: 1, maxLength: TICKER_TEXT_MAX })
const tickerText = Type.Union([tickerLine, wordsOf(tickerLine)])

const branch = Type.Object(
  {
    id: id(),
    name: text,
    timezone: Type.String({ minLength: 1, maxLength: 64 }),
    languages: Type.Array(language, { minItems: 1, maxItems: LANGUAGES.length, uniqueItems: true }),
    defaultLanguage: language,
    /** Others that its texts are written in, under the name that their speakers give them. */
    textLanguages: Type.Optional(
      Type.Array(Type.Object({ tag: Type.String({ pattern: OTHER_TAG_PATTERN }), name: text }, strict), {
        maxItems: TEXT_LANGUAGES_MAX,
      }),
    ),
    businessDayStartsAt: Type.Optional(Type.String({ pattern: '^([01]\\d|2[0-3]):[0-5]\\d$' })),
    openingHours: nullable(weeklyHours),
    /** Television sets that have only a browser may show the board. */
    guestBoard: Type.Optional(Type.Boolean()),
    /** Shown in turn below the calls. */
    ticker: Type.Optional(Type.Array(tickerText, { maxItems: TICKER_MAX })),
    recallMax: Type.Optional(Type.Integer({ minimum: 0, maximum: 20 })),
    reinstateMinutes: Type.Optional(Type.Integer({ minimum: 0, maximum: 1440 })),
    /** A customer may choose several services for one number at the kiosk. */
    kioskPlans: Type.Optional(Type.Boolean()),
    /** Kiosks ask for the code of an appointment. */
    kioskCheckIn: Type.Optional(Type.Boolean()),
    appointmentLateMinutes: Type.Optional(Type.Integer({ minimum: 0, maximum: 1440 })),
    /** What is in it is looked at by `catalogueFaults`. */
    logo: nullable(Type.String({ pattern: `^${LOGO_START}[A-Za-z0-9+/]+={0,2}$`, maxLength: LOGO_TEXT_MAX })),
    slip: Type.Optional(slip),
    /** What customers agree to where a service asks who they are; left out: the product's own words. */
    consent: Type.Optional(wordsOf(Type.String({ minLength: 1, maxLength: CONSENT_LENGTH_MAX }))),
    voice: Type.Optional(voice),
  },
  strict,
)

const icon = Type.Optional(Type.Union([Type.Null(), Type.String({ pattern: '^[a-z-]{1,32}$' })]))

const service = Type.Object(
  {
    id: id(),
    name,
    prefix: Type.String({ pattern: '^[A-Z]{1,3}$' }),
    queueId: id(),
    slaSeconds: Type.Optional(Type.Integer({ minimum: 1, maximum: 86_400 })),
    icon,
    colour: nullable(Type.Unsafe<(typeof SERVICE_COLOURS)[number]>({ type: 'string', enum: [...SERVICE_COLOURS] })),
    category: nullable(name),
    hours: nullable(weeklyHours),
    plan: Type.Optional(Type.Array(id(), { maxItems: PLAN_MAX })),
    skill: nullable(id()),
    /** Kiosks do not offer it. */
    hidden: Type.Optional(Type.Boolean()),
    asks: Type.Optional(
      Type.Array(Type.Unsafe<Detail>({ type: 'string', enum: [...DETAILS] }), {
        maxItems: DETAILS.length,
        uniqueItems: true,
      }),
    ),
  },
  strict,
)

const aging = Type.Object(
  {
    minutesPerPoint: nullable(Type.Number({ minimum: 0, maximum: 1440 })),
    passedMax: nullable(Type.Integer({ minimum: 1, maximum: PASSED_MAX })),
  },
  strict,
)

const queue = Type.Object(
  {
    id: id(),
    name,
    algorithm: oneOf(ALGORITHMS),
    maxCapacity: Type.Optional(Type.Union([Type.Null(), Type.Integer({ minimum: 1, maximum: 100_000 })])),
    overnight: Type.Optional(Type.Boolean()),
    aging: nullable(aging),
  },
  strict,
)

const counter = Type.Object(
  {
    id: id(),
    name,
    queueIds: Type.Array(id(), { maxItems: LIST_MAX, uniqueItems: true }),
    choosing: oneOf(['order', 'relative-wait']),
    profileId: nullable(id()),
  },
  strict,
)

const condition = Type.Object(
  {
    queueId: id(),
    waitOverMinutes: nullable(Type.Number({ minimum: 0, maximum: 1440 })),
    waitingOver: nullable(Type.Integer({ minimum: 0, maximum: 100_000 })),
  },
  strict,
)
const rule = Type.Object(
  { queueIds: Type.Array(id(), { minItems: 1, maxItems: LIST_MAX, uniqueItems: true }), when: nullable(condition) },
  strict,
)
const workProfile = Type.Object(
  { id: id(), name, rules: Type.Array(rule, { minItems: 1, maxItems: RULES_MAX }) },
  strict,
)
const message = Type.Object({ id: id(), kind: oneOf(MESSAGE_KINDS), text: words }, strict)

const agent = Type.Object(
  {
    id: id(),
    name: text,
    role: oneOf(['agent', 'manager']),
    /** Left out: everything. */
    skills: nullable(Type.Array(id(), { maxItems: LIST_MAX, uniqueItems: true })),
    /** Six to twelve digits; left out for an agent whose PIN stays as it is. */
    pin: Type.Optional(Type.String({ pattern: PIN_PATTERN })),
    /** As a branch tells it; whoever sends it back takes her over. */
    addedOnSite: Type.Optional(Type.Literal(true)),
  },
  strict,
)

const named = Type.Object({ id: id(), name }, strict)
const priorityClass = Type.Object(
  {
    id: id(),
    name,
    value: Type.Integer({ minimum: 0, maximum: 1000 }),
    selfService: Type.Optional(Type.Boolean()),
    icon,
  },
  strict,
)

/** SHA-256 of the file's content, as `PUT /api/v1/media/{mediaId}` has it. */
const mediaId = Type.String({ pattern: '^[0-9a-f]{64}$' })
const layout = Type.Object(
  { side: oneOf(DISPLAY_SIDES), ticker: Type.Optional(Type.Boolean()), clock: Type.Optional(Type.Boolean()) },
  strict,
)
const playlistEntry = Type.Object(
  { mediaId, seconds: Type.Optional(Type.Integer({ minimum: SLIDE_SECONDS.min, maximum: SLIDE_SECONDS.max })) },
  strict,
)

const display = Type.Object(
  {
    name: text,
    zone: Type.Optional(id()),
    queueIds: nullable(Type.Array(id(), { minItems: 1, maxItems: LIST_MAX, uniqueItems: true })),
    theme: oneOf(DISPLAY_THEMES),
    layout: Type.Optional(layout),
    playlist: Type.Optional(Type.Array(playlistEntry, { maxItems: PLAYLIST_MAX })),
  },
  strict,
)

/** What the installer sends. Everything optional has its default in `catalogueOf`. */
export const CatalogueBody = Type.Object(
  {
    branch,
    services: Type.Array(service, { minItems: 1, maxItems: LIST_MAX }),
    queues: Type.Array(queue, { minItems: 1, maxItems: LIST_MAX }),
    counters: Type.Array(counter, { maxItems: LIST_MAX }),
    agents: Type.Array(agent, { maxItems: AGENTS_MAX }),
    priorityClasses: Type.Optional(Type.Array(priorityClass, { maxItems: LIST_MAX })),
    reasons: Type.Optional(Type.Array(named, { maxItems: LIST_MAX })),
    /** Left out: the product's own. */
    breakReasons: Type.Optional(Type.Array(named, { maxItems: LIST_MAX })),
    outcomes: Type.Optional(Type.Array(named, { maxItems: LIST_MAX })),
    workProfiles: Type.Optional(Type.Array(workProfile, { maxItems: LIST_MAX })),
    /** Left out: the product's own messages. */
    messages: Type.Optional(Type.Array(message, { maxItems: MESSAGES_MAX })),
    holidays: Type.Optional(Type.Array(holiday, { maxItems: HOLIDAYS_MAX })),
    displays: Type.Optional(Type.Array(display, { maxItems: LIST_MAX })),
  },
  { ...strict, $id: 'CatalogueBody' },
)
export type CatalogueBody = ParsedBy<typeof CatalogueBody>
