import type { Post } from '#shared/project/counter-desk.ts'
import type { IconName } from '#shared/ui/icons.tsx'
import { Button } from '#shared/ui/parts.tsx'
import { useWords } from '#shared/ui/words-context.tsx'
import { ACT_KEYS, type KeyAct, PAGE_KEYS } from '../keys.ts'
import { canDo, type Tool } from '../model.ts'
import { TOOL_WORDS } from './primary.ts'

const TOOLS: readonly (readonly [tool: Tool, icon: IconName])[] = [
  ['issue', 'plus'],
  ['adopt', 'service'],
  ['serve-now', 'person'],
  ['break', 'pause'],
  ['close', 'moon'],
  ['setup', 'settings'],
]

interface ToolsProps {
  readonly post: Post
  /** The branch has a manager, who may come to this desk. */
  readonly hasManager: boolean
  readonly isOff: boolean
  readonly onKeyAct: (act: KeyAct) => void
}

export function Tools({ post, hasManager, isOff, onKeyAct }: ToolsProps) {
  const words = useWords()
  const shown = TOOLS.filter(([tool]) => post.onBreak === null || canDo(tool, post))
  return (
    <nav className="tools">
      {shown.map(([tool, icon]) => (
        <Button
          key={tool}
          kind="quiet"
          icon={icon}
          keyName={ACT_KEYS[tool]}
          isDisabled={isOff || !canDo(tool, post)}
          onPress={() => onKeyAct(tool)}
        >
          {words.say(TOOL_WORDS[tool])}
        </Button>
      ))}
      <Button kind="quiet" icon="paper" keyName={PAGE_KEYS.paper} onPress={() => onKeyAct('paper')}>
        {words.say('paper.enter')}
      </Button>
      {hasManager && (
        <Button
          kind="quiet"
          className="tool-manage"
          icon="account"
          keyName={ACT_KEYS.manage}
          isDisabled={isOff && !post.isManager}
          onPress={() => onKeyAct('manage')}
        >
          {words.say('manager.title')}
        </Button>
      )}
    </nav>
  )
}
