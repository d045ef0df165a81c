import { CLIP_HERTZ, LISTEN_MS_MAX, oneChannel } from '#shared/voice/shape-clip.ts'

/**
 * Why nothing can be heard here. `insecure`: browsers give a microphone to pages of this machine or with a certificate
 * they trust alone; a file can be chosen there all the same.
 */
export type MicrophoneFault = 'insecure' | 'no-microphone' | 'refused' | 'microphone-busy'

export interface Take {
  /** Ends it. @returns what was said; null: nothing came of it */
  stop(): Promise<ArrayBuffer | null>
  /** How loud it is just now, 0 … 1. */
  level(): number
}

export interface Microphone {
  /** @param onLimit - called once when it has lasted as long as it may */
  record(onLimit: () => void): Take
  close(): void
}

export const hasMicrophone = (): boolean => navigator.mediaDevices?.getUserMedia !== undefined

const FAULTS: Readonly<Record<string, MicrophoneFault>> = {
  NotAllowedError: 'refused',
  SecurityError: 'refused',
  NotFoundError: 'no-microphone',
  OverconstrainedError: 'no-microphone',
  NotReadableError: 'microphone-busy',
  AbortError: 'microphone-busy',
}

function listen(stream: MediaStream): { readonly level: () => number; readonly close: () => void } {
  const context = new AudioContext()
  const meter = new AnalyserNode(context, { fftSize: 1_024 })
  context.createMediaStreamSource(stream).connect(meter)
  const samples = new Float32Array(meter.fftSize)
  return {
    level() {
      meter.getFloatTimeDomainData(samples)
      return samples.reduce((most, sample) => Math.max(most, Math.abs(sample)), 0)
    },
    close: () => void context.close(),
  }
}

function takeFrom(stream: MediaStream, level: () => number, onLimit: () => void): Take {
  const recorder = new MediaRecorder(stream)
  const parts: Blob[] = []
  recorder.addEventListener('dataavailable', ({ data }) => parts.push(data))
  const over = new Promise<ArrayBuffer | null>((resolve) => {
    recorder.addEventListener('stop', () => resolve(new Blob(parts).arrayBuffer()))
    recorder.addEventListener('error', () => resolve(null))
  })
  recorder.start()
  const limit = setTimeout(onLimit, LISTEN_MS_MAX)
  return {
    level,
    stop() {
      clearTimeout(limit)
      if (recorder.state !== 'inactive') recorder.stop()
      return over
    },
  }
}

/** Asks for the microphone; a browser may ask the person. It stays open until it is closed, so that each word is not waited for. */
export async function openMicrophone(): Promise<Microphone | MicrophoneFault> {
  if (!hasMicrophone()) return 'insecure'
  try {
    const stream = await navigator.mediaDevices.getUserMedia({
      // Levels are set afterwards, alike for all; a gain that rides up and down makes every word another.
      audio: { channelCount: 1, echoCancellation: false, autoGainControl: false, noiseSuppression: true },
    })
    const meter = listen(stream)
    return {
      record: (onLimit) => takeFrom(stream, meter.level, onLimit),
      close() {
        meter.close()
        for (const track of stream.getTracks()) track.stop()
      },
    }
  } catch (error) {
    if (!(error instanceof DOMException)) throw error
    return FAULTS[error.name] ?? 'no-microphone'
  }
}

/** Whatever a microphone or a phone has made of it, as samples of one channel. @returns null when no browser can read it */
export async function readRecording(bytes: ArrayBuffer): Promise<Float32Array | null> {
  if (bytes.byteLength === 0) return null
  try {
    const sound = await new OfflineAudioContext(1, 1, CLIP_HERTZ).decodeAudioData(bytes)
    return oneChannel(Array.from({ length: sound.numberOfChannels }, (_, at) => sound.getChannelData(at)))
  } catch {
    return null
  }
}

/** Plays a clip. @returns when it is over; false: it could not be had or heard */
export async function playClip(path: string): Promise<boolean> {
  const context = new AudioContext()
  try {
    const response = await window.fetch(path, { signal: AbortSignal.timeout(8_000) })
    if (!response.ok) return false
    const sound = await context.decodeAudioData(await response.arrayBuffer())
    const source = new AudioBufferSourceNode(context, { buffer: sound })
    source.connect(context.destination)
    await new Promise<void>((resolve) => {
      source.addEventListener('ended', () => resolve(), { once: true })
      // Without a loudspeaker nothing is ever over.
      setTimeout(resolve, sound.duration * 1_000 + 500)
      source.start()
    })
    return true
  } catch {
    return false
  } finally {
    await context.close()
  }
}
