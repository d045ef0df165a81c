import { Type } from 'typebox'
import { CODE_LENGTH } from '../domain/appointment-code.ts'
import { LANGUAGES, type Language } from '../domain/ids.ts'
import { id, type ParsedBy, strict } from './schema.ts'

/** Appointments of one branch in one request: some days of a large one. */
const APPOINTMENTS_MAX = 5_000

/** As people write them and scanners read them; compared without dashes, spaces and case. */
const code = () => Type.String({ minLength: 1, maxLength: 2 * CODE_LENGTH.max })

/** An appointment as far as the branch needs it. Whose it is stays with whoever booked it. */
const AppointmentBody = Type.Object(
  {
    code: code(),
    serviceId: id(),
    bookedAtMs: Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER }),
  },
  strict,
)

/** All that is booked from now on: those that are not among them are no more, unless their customer is here. */
export const AppointmentsBody = Type.Object(
  { appointments: Type.Array(AppointmentBody, { maxItems: APPOINTMENTS_MAX }) },
  strict,
)
export type AppointmentsBody = ParsedBy<typeof AppointmentsBody>

export const CheckInBody = Type.Object(
  {
    code: code(),
    language: Type.Optional(Type.Union([Type.Unsafe<Language>({ type: 'string', enum: [...LANGUAGES] }), Type.Null()])),
  },
  strict,
)
export type CheckInBody = ParsedBy<typeof CheckInBody>
