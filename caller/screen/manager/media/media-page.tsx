import { useState } from 'react'
import { Dialog } from '#shared/ui/dialog.tsx'
import { Icon } from '#shared/ui/icons.tsx'
import { Button } from '#shared/ui/parts.tsx'
import { useWords } from '#shared/ui/words-context.tsx'
import { MEDIA_TYPES } from '#shared/wire/media.ts'
import { type DeskMedia, type MediaDesk, type MediaShelfNews, megabytes } from '../../../media-desk.ts'
import type { ManagerProps } from '../../caller-props.ts'
import { FileButton } from '../file-button.tsx'
import { Programmes } from './programmes.tsx'

/** What displays can play, for the browser's own choice of files. */
const ACCEPTED = [...MEDIA_TYPES].join(',')

function Size({ bytes }: { readonly bytes: number }) {
  const words = useWords()
  return <bdi>{words.say('media.megabytes', { size: megabytes(bytes, words.language) })}</bdi>
}

interface SendingProps {
  readonly media: MediaDesk
  readonly isCut: boolean
}

/** Chooses a file, and shows how far it has come. */
function Sending({ media, isCut }: SendingProps) {
  const words = useWords()
  const { upload, fault, keptName, acts } = media
  return (
    <section className="panel media-sending">
      <h2>{words.say('media.add')}</h2>
      <p className="media-help">{words.say('media.help')}</p>
      <FileButton
        text={words.say('media.choose')}
        icon="plus"
        accept={ACCEPTED}
        isDisabled={isCut || upload !== null}
        className="media-file"
        onFile={acts.send}
      />
      {upload !== null && (
        <div className="media-upload">
          <p role="status">
            {words.say('media.sending')} <bdi>{upload.name}</bdi>
          </p>
          <progress aria-label={words.say('media.sending')} value={upload.sentBytes} max={Math.max(1, upload.bytes)} />
          <Button onPress={acts.stop}>{words.say('media.stop')}</Button>
        </div>
      )}
      {keptName !== null && (
        <p role="status" className="media-kept">
          <Icon name="circle" />
          <span>
            {words.say('media.kept')} <bdi>{keptName}</bdi>
          </span>
        </p>
      )}
      <p className="field-problem" role="alert">
        {fault === null ? '' : words.sayProblem(fault)}
      </p>
    </section>
  )
}

interface RowProps {
  readonly file: DeskMedia
  /** How displays fare with it. */
  readonly news: MediaShelfNews
  readonly isOff: boolean
  readonly onRemove: () => void
}

function MediaRow({ file, news, isOff, onRemove }: RowProps) {
  const words = useWords()
  const { mediaId, type, bytes, name, playedBy } = file
  const isFilm = type.startsWith('video/')
  const broken = news.displays.filter(({ brokenIds }) => brokenIds.includes(mediaId)).map((it) => it.name)
  const onWay = news.displays.filter(({ missingIds }) => missingIds.includes(mediaId)).map((it) => it.name)
  const called = name ?? words.say('media.unnamed')
  return (
    <li className="media-row">
      <Icon name={isFilm ? 'film' : 'picture'} />
      <div className="media-what">
        <strong>
          <bdi>{called}</bdi>
        </strong>
        <span>
          {words.say(isFilm ? 'media.film' : 'media.picture')}
          {' · '}
          <Size bytes={bytes} />
        </span>
        <span>
          {playedBy.length === 0 ? (
            words.say('media.playedByNone')
          ) : (
            <>
              {words.say('media.playedBy')} <bdi>{playedBy.join(' · ')}</bdi>
            </>
          )}
        </span>
        {onWay.length > 0 && (
          <span>
            {words.say('media.onWay')} <bdi>{onWay.join(' · ')}</bdi>
          </span>
        )}
        {broken.length > 0 && (
          <span className="media-broken">
            <Icon name="diamond" />
            <span>
              {words.say('media.broken')} <bdi>{broken.join(' · ')}</bdi>
            </span>
          </span>
        )}
        <details>
          <summary>{words.say('media.code')}</summary>
          <code dir="ltr">{mediaId}</code>
        </details>
      </div>
      <Button
        kind="quiet"
        icon="erase"
        isDisabled={isOff || playedBy.length > 0}
        label={`${words.say('media.remove')} ${called}`}
        onPress={onRemove}
      >
        {words.say('media.remove')}
      </Button>
    </li>
  )
}

function Shelf({ news, media, isCut }: SendingProps & { readonly news: MediaShelfNews }) {
  const words = useWords()
  const [removing, setRemoving] = useState<DeskMedia | null>(null)
  const sum = news.media.reduce((bytes, file) => bytes + file.bytes, 0)
  const isOff = isCut || media.upload !== null
  return (
    <>
      {news.media.length === 0 ? (
        <p className="nothing">{words.say('media.none')}</p>
      ) : (
        <ul className="rows">
          {news.media.map((file) => (
            <MediaRow key={file.mediaId} file={file} news={news} isOff={isOff} onRemove={() => setRemoving(file)} />
          ))}
        </ul>
      )}
      <p className="media-help">
        {words.say('media.room', {
          files: news.media.length,
          most: news.limits.countMax,
          size: megabytes(sum, words.language),
          room: megabytes(news.limits.bytesSumMax, words.language),
        })}
      </p>
      {removing !== null && (
        <Dialog
          title={words.say('media.removeTitle')}
          problem=""
          onClose={() => setRemoving(null)}
          deed={{
            text: words.say('media.remove'),
            isPossible: !isOff,
            isDangerous: true,
            onDo: () => {
              media.acts.remove(removing.mediaId)
              setRemoving(null)
            },
          }}
        >
          <p>
            <bdi>{removing.name ?? words.say('media.unnamed')}</bdi>
          </p>
        </Dialog>
      )}
    </>
  )
}

/** Pictures and films for the lobby. */
export function MediaPage({ media, isCut }: ManagerProps) {
  const words = useWords()
  const { shelf } = media
  return (
    <div className="panels media-page">
      <Sending media={media} isCut={isCut} />
      <section className="panel">
        <h2>{words.say('media.title')}</h2>
        {shelf.status === 'there' ? (
          <Shelf news={shelf.value} media={media} isCut={isCut} />
        ) : (
          <p className="nothing">{words.say(shelf.status === 'loading' ? 'manager.loading' : 'media.notHere')}</p>
        )}
      </section>
      {shelf.status === 'there' && (
        <Programmes news={shelf.value} isOff={isCut || media.upload !== null} onPlace={media.acts.place} />
      )}
    </div>
  )
}
