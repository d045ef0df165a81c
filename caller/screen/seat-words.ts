import type { FloorSeat } from '#shared/project/floor.ts'
import type { FaceWords } from '#shared/words/create-words.ts'

/** What somebody does just now: `Serving A041`. */
export const seatWords =
  ({ say }: Pick<FaceWords, 'say'>) =>
  ({ status, number }: FloorSeat): string => {
    const doing = say(`caller.seat.${status}`)
    return number === null ? doing : `${doing} \u2066${number}\u2069`
  }
