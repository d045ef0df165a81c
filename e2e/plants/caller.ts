import type { Plant } from './plant.ts'

export const enteredBeforeAnswered: Plant = {
  name: 'a mark is taken for entered before the branch has answered',
  file: 'caller/enter-marks.ts',
  find: "      store.set(mark.key, 'sending', mark.code)\n",
  replace: "      store.set(mark.key, 'entered')\n",
}

export const keyMadeAnew: Plant = {
  name: 'a mark is sent with a new key each time',
  file: 'caller/enter-marks.ts',
  find: 'body: text, key })',
  replace: 'body: text, key: crypto.randomUUID() })',
}
