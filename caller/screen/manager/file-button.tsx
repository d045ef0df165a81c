import { Icon, type IconName } from '#shared/ui/icons.tsx'

interface FileButtonProps {
  readonly text: string
  readonly icon: IconName
  /** What may be chosen, as a browser wants it told. */
  readonly accept: string
  /** A phone opens its own recorder for it. */
  readonly isRecorded?: boolean
  readonly isDisabled: boolean
  readonly className?: string
  readonly onFile: (file: File) => void
}

/** Chooses a file. The browser's own field speaks the machine's language, not that of the page: it lies under a button. */
export function FileButton(props: FileButtonProps) {
  const { text, icon, accept, isRecorded = false, isDisabled, className = '', onFile } = props
  return (
    <label className={`button button-plain file-button ${className}`} aria-disabled={isDisabled}>
      <Icon name={icon} />
      <span className="button-text">{text}</span>
      <input
        className="only-heard"
        type="file"
        accept={accept}
        {...(isRecorded && { capture: 'user' as const })}
        disabled={isDisabled}
        onChange={(event) => {
          const file = event.currentTarget.files?.[0]
          if (file !== undefined) onFile(file)
          // The same file may be chosen once more.
          event.currentTarget.value = ''
        }}
      />
    </label>
  )
}
