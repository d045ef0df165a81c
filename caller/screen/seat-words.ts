import type { FloorSeat, SeatStatus } from '#shared/project/floor.ts'
import type { FaceWords, WordKey } from '#shared/words/create-words.ts'

const SEAT_WORDS: Record<SeatStatus, WordKey> = {
  closed: 'caller.seat.closed',
  free: 'caller.seat.free',
  calling: 'caller.seat.calling',
  serving: 'caller.seat.serving',
  break: 'caller.seat.break',
}

/** What somebody does just now: `Serving A041`. */
export const seatWords =
  ({ say }: Pick<FaceWords, 'say'>) =>
  ({ status, number }: FloorSeat): string => {
    const doing = say(SEAT_WORDS[status])
    return number === null ? doing : `${doing} \u2066${number}\u2069`
  }
