import type { IconName } from '#shared/ui/icons.tsx'
import type { WordKey } from '#shared/words/create-words.ts'
import type { Level, PrimaryAct, SideAct, Tool } from '../model.ts'

/** A shape as well as a colour: circle, diamond, octagon. */
export const LEVEL_ICONS: Record<Level, IconName> = { good: 'circle', near: 'diamond', over: 'octagon' }

export const PRIMARY: Record<PrimaryAct, WordKey> = {
  'call-next': 'caller.callNext',
  start: 'caller.start',
  complete: 'caller.complete',
  'end-break': 'caller.endBreak',
}

export const SIDE_WORDS: Record<SideAct, WordKey> = {
  recall: 'caller.recall',
  hold: 'caller.hold',
  transfer: 'caller.transfer',
  return: 'caller.return',
  'no-show': 'caller.noShow',
  finish: 'caller.finish',
  note: 'caller.note',
}

export const TOOL_WORDS: Record<Tool, WordKey> = {
  issue: 'caller.issue',
  adopt: 'caller.adopt',
  'serve-now': 'caller.serveNow',
  break: 'caller.break',
  close: 'caller.closeCounter',
  setup: 'caller.setup',
}
