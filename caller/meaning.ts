import type { CounterDesk, Post } from '#shared/project/counter-desk.ts'
import type { WordKey } from '#shared/words/create-words.ts'
import type { Act } from './acts.ts'
import type { KeyAct } from './keys.ts'
import {
  type CallerEvent,
  canDo,
  MANAGER_PAGES,
  type ManagerPage,
  maySteer,
  type Page,
  primaryAct,
  shownPage,
} from './model.ts'

const isPage = (keyAct: KeyAct): keyAct is 'desk' | ManagerPage =>
  keyAct === 'desk' || MANAGER_PAGES.includes(keyAct as ManagerPage)

function primaryMeaning(post: Post): Act | null {
  const { current, counterId } = post
  const type = primaryAct(post)
  if (type === 'end-break') return { type, counterId }
  if (type === 'call-next') return post.canCallNext ? { type, counterId } : null
  return current === null ? null : { type, ticketId: current.ticketId }
}

const managerComes = ({ post, agents }: CounterDesk): CallerEvent | null =>
  post !== null && agents.some(({ isManager }) => isManager) ? { type: 'ask', question: { name: 'manager-in' } } : null

/** What a key or button means for the desk as it stands now: an act, a step of the model, or nothing. */
export function meaningOf(keyAct: KeyAct, desk: CounterDesk, page: Page): Act | CallerEvent | null {
  const { post } = desk
  if (keyAct === 'paper') return { type: 'page', page: 'paper' }
  if (page === 'paper') return keyAct === 'desk' ? { type: 'page', page: shownPage('desk', desk) } : null
  if (keyAct === 'manage' || isPage(keyAct)) {
    if (!maySteer(desk)) return keyAct === 'manage' ? managerComes(desk) : null
    // Behind her pages is no desk of hers: she leaves.
    if (desk.visitingManager !== null && !MANAGER_PAGES.some((name) => name === keyAct))
      return keyAct === 'desk' ? { type: 'manager-out' } : null
    const wanted = keyAct === 'manage' ? (page === 'desk' ? 'today' : 'desk') : keyAct
    return { type: 'page', page: wanted }
  }
  if (page !== 'desk' || post === null) return null
  if (keyAct === 'primary') return primaryMeaning(post)
  if (!canDo(keyAct, post)) return null
  switch (keyAct) {
    case 'serve-now':
    case 'issue':
    case 'adopt':
    case 'break':
    case 'close':
    case 'setup':
      return { type: 'ask', question: { name: keyAct } }
    default: {
      if (post.current === null) return null
      const { ticketId, number } = post.current
      if (keyAct === 'hold' || keyAct === 'transfer' || keyAct === 'finish' || keyAct === 'note')
        return { type: 'ask', question: { name: keyAct, ticketId, number } }
      return { type: keyAct, ticketId }
    }
  }
}

/** Acts whose effect is not plain to see at the counter get a word of confirmation. */
export const DONE: { readonly [type in Act['type']]?: WordKey } = {
  issue: 'caller.done.issued',
  adopt: 'caller.done.adopted',
  transfer: 'caller.done.transferred',
  cancel: 'caller.done.cancelled',
  reinstate: 'caller.done.reinstated',
  recall: 'caller.done.recalled',
  note: 'caller.done.noted',
  'close-day': 'manager.done.dayClosed',
  'print-list': 'power.listSent',
  'add-agent': 'people.done.added',
  'new-pin': 'people.done.newPin',
  'suspend-agent': 'people.done.suspended',
  'restore-agent': 'people.done.restored',
  'confirm-rights': 'people.done.confirmed',
}

/** The number an act speaks of. @param answer - what the branch answered */
export function numberOf(act: Act, answer: string, { post }: CounterDesk): string {
  if (act.type === 'adopt') return act.number
  if (!('ticketId' in act)) return answer
  const known = post === null ? [] : [post.current, ...post.waiting, ...post.held, ...post.noShows]
  return known.find((ticket) => ticket?.ticketId === act.ticketId)?.number ?? ''
}
