import type { Plant } from './plant.ts'

/** The hand-over is answered as if it had been taken in. */
export const forgetsPaper: Plant = {
  name: 'the branch forgets what a kiosk gave alone',
  file: 'shared/domain/decide-adopt.ts',
  find: '...(fault === null ? adopt(state, paper, origin, now) : [])',
  replace: '...(fault === null ? adopt(state, paper, origin, now).slice(0, 0) : [])',
}
