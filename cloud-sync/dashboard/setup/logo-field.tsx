import { Button, FileButton } from '@mantine/core'
import { useState } from 'react'
import { LOGO_START, LOGO_TEXT_MAX, logoFault } from '#shared/domain/catalogue-logo.ts'
import { useWords } from '../here.tsx'
import type { FieldProps } from './field.tsx'

async function readAsUrl(file: File): Promise<string> {
  const bytes = new Uint8Array(await file.arrayBuffer())
  return `${LOGO_START}${btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''))}`
}

/** A picture for paper, which the catalogue carries to every device: small, and a PNG. */
export function LogoField({ spec, value, onChange, error }: FieldProps) {
  const { say } = useWords()
  const [fault, setFault] = useState('')
  const choose = async (file: File | null): Promise<void> => {
    if (file === null) return
    const logo = await readAsUrl(file)
    const isGood = logo.length <= LOGO_TEXT_MAX && logoFault(logo) === null
    setFault(isGood ? '' : say('dash.logoFault'))
    if (isGood) onChange(logo)
  }
  return (
    <div className="logo-field">
      <p className="field-label">{say('dash.optional', { label: say(spec.label) })}</p>
      {spec.help !== undefined && <p className="field-help">{say(spec.help)}</p>}
      <div className="form-acts">
        <FileButton accept="image/png" onChange={(file) => void choose(file)}>
          {(props) => (
            <Button variant="default" {...props}>
              {say('dash.chooseFile')}
            </Button>
          )}
        </FileButton>
        {typeof value === 'string' && (
          <Button variant="subtle" color="red" onClick={() => onChange(undefined)}>
            {say('dash.remove')}
          </Button>
        )}
      </div>
      {(fault !== '' || error !== '') && (
        <p className="field-fault" role="alert">
          {fault || error}
        </p>
      )}
    </div>
  )
}
