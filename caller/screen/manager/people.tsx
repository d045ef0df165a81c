import type { DeskAgent } from '#shared/project/counter-desk.ts'
import { Button } from '#shared/ui/parts.tsx'
import { useWords } from '#shared/ui/words-context.tsx'
import type { ManagerProps } from '../caller-props.ts'
import { RightsText } from '../rights-note.tsx'

type PersonProps = Pick<ManagerProps, 'onAct' | 'onAsk'> & { readonly agent: DeskAgent; readonly isOff: boolean }

/** What is said of somebody below her name; nothing of most. */
function Standing({ isManager, suspendedBy, isOfSite }: DeskAgent) {
  const words = useWords()
  const what = [...(isManager ? [words.say('people.manager')] : []), ...(isOfSite ? [words.say('people.ofSite')] : [])]
  return (
    <>
      {what.length > 0 && <span>{what.join(' · ')}</span>}
      {suspendedBy !== null && (
        <span className="queue-state">
          {words.say(suspendedBy === 'cloud' ? 'people.suspendedByCloud' : 'people.suspended')}
        </span>
      )}
    </>
  )
}

function Person({ agent, isOff, onAct, onAsk }: PersonProps) {
  const words = useWords()
  const { agentId, name, suspendedBy } = agent
  return (
    <li className="queue-row">
      <span className="queue-what">
        <strong>
          <bdi>{name}</bdi>
        </strong>
        <Standing {...agent} />
      </span>
      <span className="queue-acts">
        {suspendedBy === null && (
          <>
            <Button
              isDisabled={isOff}
              label={`${words.say('people.newPin')} ${name}`}
              onPress={() => onAsk({ name: 'new-pin', agentId })}
            >
              {words.say('people.newPin')}
            </Button>
            <Button
              isDisabled={isOff}
              label={`${words.say('people.suspend')} ${name}`}
              onPress={() => onAsk({ name: 'suspend-agent', agentId })}
            >
              {words.say('people.suspend')}
            </Button>
          </>
        )}
        {suspendedBy === 'site' && (
          <Button
            isDisabled={isOff}
            label={`${words.say('people.restore')} ${name}`}
            onPress={() => onAct({ type: 'restore-agent', agentId })}
          >
            {words.say('people.restore')}
          </Button>
        )}
      </span>
    </li>
  )
}

/** Who may sign in here, and how old that knowledge is. Head office reads every change. */
export function People({ desk, model, isCut, rights, language, onAct, onAsk }: ManagerProps) {
  const words = useWords()
  const isOff = isCut || model.isBusy
  return (
    <section className="panel people">
      <h2>{words.say('people.title')}</h2>
      <RightsText rights={rights} language={language} timezone={desk.branch?.timezone ?? 'UTC'} />
      {(rights.state === 'near' || rights.state === 'over') && (
        <Button isDisabled={isOff} onPress={() => onAct({ type: 'confirm-rights' })}>
          {words.say('people.confirm')}
        </Button>
      )}
      <ul>
        {desk.agents.map((agent) => (
          <Person key={agent.agentId} {...{ agent, isOff, onAct, onAsk }} />
        ))}
      </ul>
      <Button isDisabled={isOff} onPress={() => onAsk({ name: 'add-agent' })}>
        {words.say('people.add')}
      </Button>
    </section>
  )
}
