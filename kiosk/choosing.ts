import { type Choice, preferring, type Wanted, withoutService, withService } from './choice.ts'
import type { KioskEvent, KioskModel, Screen } from './model.ts'
import { type AfterTyping, askDetails, CHECK_IN, SEARCH, sendCode, stepTyping, type TypingEvent } from './typing.ts'

/** Above every try of the sender: a customer never waits for an answer that cannot come any more. */
export const TAKING_MS_MAX = 30_000

/** One service, as the branch has planned it. */
const ALONE = { plan: null, priority: null } as const satisfies Partial<Wanted>
export const CHOOSE = { name: 'choose-service', category: null, choice: null } as const satisfies Screen

export const visiting = (model: KioskModel, choice: Choice): KioskModel => ({
  ...model,
  screen: { name: 'visit', choice },
})

/** On to the next thing to be typed, or to the branch. */
const goOn = (model: KioskModel, next: AfterTyping, nowMs: number): KioskModel => ({
  ...model,
  screen: next.name === 'taking' ? { ...next, endsAtMs: nowMs + TAKING_MS_MAX } : next,
})

export function typing(model: KioskModel, event: TypingEvent, nowMs: number): KioskModel {
  const { screen } = model
  switch (event.type) {
    case 'search':
      return screen.name === 'choose-service' ? { ...model, screen: SEARCH(screen.choice) } : model
    case 'check-in':
      return screen.name === 'choose-service' ? { ...model, screen: CHECK_IN } : model
    case 'send-code':
      // A scanner reads at any time: whoever is asked something else answers that first.
      return ['idle', 'choose-service', 'check-in'].includes(screen.name)
        ? goOn(model, sendCode(event.code), nowMs)
        : model
    default:
      return screen.name === 'search' || screen.name === 'details' || screen.name === 'check-in'
        ? goOn(model, stepTyping(screen, event), nowMs)
        : model
  }
}

type ChoosingEvent = Extract<KioskEvent, { type: 'open-category' | 'choose' }>

/** Among the services: of the first one, or of one more. */
export function choose(model: KioskModel, event: ChoosingEvent, nowMs: number): KioskModel {
  const { screen } = model
  if (screen.name !== 'choose-service' && screen.name !== 'search') return model
  if (event.type === 'open-category')
    return { ...model, screen: { ...CHOOSE, category: event.category, choice: screen.choice } }
  const { serviceId, isMoreAsked, asks = [] } = event
  const { choice } = screen
  if (choice !== null) return visiting(model, withService(choice, serviceId))
  if (!isMoreAsked) return goOn(model, askDetails({ ...ALONE, serviceId }, asks, null), nowMs)
  return visiting(model, { serviceId, added: [], priority: null })
}

type VisitEvent = Extract<KioskEvent, { type: 'add' | 'drop' | 'prefer' | 'take' }>

/** Before the ticket is taken: what else the customer wants. */
export function changeVisit(model: KioskModel, event: VisitEvent, nowMs: number): KioskModel {
  const { screen } = model
  if (screen.name !== 'visit') return model
  const { choice } = screen
  switch (event.type) {
    case 'add':
      return { ...model, screen: { ...CHOOSE, choice } }
    case 'drop':
      return visiting(model, withoutService(choice, event.serviceId))
    case 'prefer':
      return visiting(model, preferring(choice, event.priority))
    case 'take': {
      const { serviceId, priority } = choice
      return goOn(
        model,
        askDetails({ ...ALONE, serviceId, plan: event.plan, priority }, event.asks ?? [], choice),
        nowMs,
      )
    }
    default:
      return event satisfies never
  }
}
