import { useEffect, useRef, useState } from 'react'
import type { PlaylistEntry } from '#shared/domain/catalogue.ts'
import type { MediaId } from '#shared/domain/ids.ts'
import { Button } from '#shared/ui/parts.tsx'
import { useWords } from '#shared/ui/words-context.tsx'
import { PLAYLIST_MAX, type Programme, SLIDE_SECONDS } from '#shared/wire/media.ts'
import { type DeskMedia, isFilm, type MediaShelfNews, movedIn } from '../../../media-desk.ts'
import { Seconds } from './seconds.tsx'

type Place = (name: string, playlist: readonly PlaylistEntry[] | null) => void

interface OneProps {
  readonly programme: Programme
  readonly files: readonly DeskMedia[]
  readonly isOff: boolean
  readonly onPlace: Place
}

/** A file that is not on the programme yet, and the button that puts it there. */
function AddFile({ programme: { name, playlist }, files, isOff, onPlace }: OneProps) {
  const words = useWords()
  const [chosenId, setChosenId] = useState('')
  const others = files.filter(({ mediaId }) => !playlist.some((entry) => entry.mediaId === mediaId))
  const chosen = others.find(({ mediaId }) => mediaId === chosenId) ?? others[0]
  if (chosen === undefined || playlist.length >= PLAYLIST_MAX) return null
  return (
    <div className="programme-add">
      <label className="field">
        <span className="field-label">{words.say('media.programmeFile')}</span>
        <select
          className="field-input"
          value={chosen.mediaId}
          onChange={(event) => setChosenId(event.currentTarget.value)}
        >
          {others.map((file) => (
            <option key={file.mediaId} value={file.mediaId}>
              {file.name ?? `${words.say('media.unnamed')} ${file.mediaId.slice(0, 6)}`}
            </option>
          ))}
        </select>
      </label>
      <Button
        icon="plus"
        isDisabled={isOff}
        label={`${words.say('media.programmeAdd')} ${name}`}
        onPress={() => onPlace(name, [...playlist, { mediaId: chosen.mediaId as MediaId }])}
      >
        {words.say('media.programmeAdd')}
      </Button>
    </div>
  )
}

/** What one display plays, in its order. */
function OneProgramme(props: OneProps) {
  const { programme, files, isOff, onPlace } = props
  const { name, playlist, isOwn, hasRoom } = programme
  const words = useWords()
  const list = useRef<HTMLOListElement>(null)
  /** The button that moved a file goes with it: its row is another piece of the page then, and would lose the focus. */
  const followed = useRef('')
  useEffect(() => {
    if (followed.current !== '') list.current?.querySelector<HTMLElement>(followed.current)?.focus()
    followed.current = ''
  }, [playlist])
  const move = (at: number, by: -1 | 1): void => {
    followed.current = `[data-file="${playlist[at]?.mediaId}"] .programme-${by < 0 ? 'earlier' : 'later'}`
    onPlace(name, movedIn(playlist, at, by))
  }
  const fileOf = (mediaId: string): DeskMedia | undefined => files.find((file) => file.mediaId === mediaId)
  const calledOf = (mediaId: string): string =>
    fileOf(mediaId)?.name ?? `${words.say('media.unnamed')} ${mediaId.slice(0, 6)}`
  return (
    <section className="programme">
      <h3>
        <bdi>{name}</bdi>
      </h3>
      {!hasRoom && <p className="nothing">{words.say('media.programmeCallsAlone')}</p>}
      {hasRoom && playlist.length === 0 && <p className="nothing">{words.say('media.programmeEmpty')}</p>}
      {hasRoom && playlist.length > 0 && (
        <ol className="rows" ref={list}>
          {playlist.map(({ mediaId, seconds }, at) => (
            <li key={mediaId} className="programme-row" data-file={mediaId}>
              <bdi className="programme-file">{calledOf(mediaId)}</bdi>
              {/* A film has an end of its own. */}
              {!isFilm(fileOf(mediaId)) && (
                <Seconds
                  seconds={seconds ?? SLIDE_SECONDS.usual}
                  called={calledOf(mediaId)}
                  isOff={isOff}
                  onSet={(next) => onPlace(name, playlist.with(at, { mediaId, seconds: next }))}
                />
              )}
              <Button
                kind="quiet"
                icon="up"
                className="programme-earlier"
                isDisabled={isOff || at === 0}
                label={`${words.say('media.earlier')} ${calledOf(mediaId)}`}
                onPress={() => move(at, -1)}
              />
              <Button
                kind="quiet"
                icon="down"
                className="programme-later"
                isDisabled={isOff || at === playlist.length - 1}
                label={`${words.say('media.later')} ${calledOf(mediaId)}`}
                onPress={() => move(at, 1)}
              />
              <Button
                kind="quiet"
                icon="close"
                isDisabled={isOff}
                label={`${words.say('media.takeOut')} ${calledOf(mediaId)}`}
                onPress={() => onPlace(name, playlist.toSpliced(at, 1))}
              />
            </li>
          ))}
        </ol>
      )}
      {hasRoom && <AddFile {...props} />}
      {hasRoom && isOwn && (
        <Button
          kind="quiet"
          isDisabled={isOff}
          label={`${words.say('media.asSetUp')} ${name}`}
          onPress={() => onPlace(name, null)}
        >
          {words.say('media.asSetUp')}
        </Button>
      )}
    </section>
  )
}

interface ProgrammesProps {
  readonly news: MediaShelfNews
  readonly isOff: boolean
  readonly onPlace: Place
}

/** What each display plays beside the calls; each change is sent at once. */
export function Programmes({ news: { programmes, media }, isOff, onPlace }: ProgrammesProps) {
  const words = useWords()
  const isNoneOpen = programmes.every(({ hasRoom }) => !hasRoom)
  return (
    <section className="panel programmes">
      <h2>{words.say('media.programmes')}</h2>
      <p className="media-help">{words.say(isNoneOpen ? 'media.programmesNone' : 'media.programmesHelp')}</p>
      {programmes.map((programme) => (
        <OneProgramme key={programme.name} programme={programme} files={media} isOff={isOff} onPlace={onPlace} />
      ))}
    </section>
  )
}
