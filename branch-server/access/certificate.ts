import { createPublicKey, type KeyObject, sign, X509Certificate } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { writeWhole } from '#shared/disk/write-whole.ts'

/** Devices look at the key alone: no date, name or issuer of it is ever believed, so that a wrong clock shuts nobody out. */
const NOT_BEFORE = new Date(0)
const NOT_AFTER = new Date(Date.UTC(2049, 11, 31))
const COMMON_NAME = '2.5.4.3'

/** A certificate that the branch's own key has signed. Its library is loaded for the one time that it is needed. */
async function makeCertificate(key: KeyObject): Promise<string> {
  const { AsnConvert } = await import('@peculiar/asn1-schema')
  const x509 = await import('@peculiar/asn1-x509')
  const publicKey = createPublicKey(key).export({ type: 'spki', format: 'der' })
  const subjectPublicKeyInfo = AsnConvert.parse(publicKey, x509.SubjectPublicKeyInfo)
  const value = new x509.AttributeValue({ utf8String: 'SmartQueue branch' })
  const name = new x509.Name([
    new x509.RelativeDistinguishedName([new x509.AttributeTypeAndValue({ type: COMMON_NAME, value })]),
  ])
  const tbsCertificate = new x509.TBSCertificate({
    version: x509.Version.v3,
    serialNumber: new Uint8Array([1]).buffer,
    signature: subjectPublicKeyInfo.algorithm,
    issuer: name,
    subject: name,
    validity: new x509.Validity({ notBefore: NOT_BEFORE, notAfter: NOT_AFTER }),
    subjectPublicKeyInfo,
  })
  const signatureValue = new Uint8Array(sign(null, Buffer.from(AsnConvert.serialize(tbsCertificate)), key)).buffer
  const certificate = new x509.Certificate({
    tbsCertificate,
    signatureAlgorithm: subjectPublicKeyInfo.algorithm,
    signatureValue,
  })
  return new X509Certificate(Buffer.from(AsnConvert.serialize(certificate))).toString()
}

/** A certificate of another key, or half a one, is no use; it holds nothing that could not be made again. */
function readCertificate(file: string, key: KeyObject): string | null {
  if (!existsSync(file)) return null
  const text = readFileSync(file, 'utf8')
  try {
    return new X509Certificate(text).checkPrivateKey(key) ? text : null
  } catch {
    return null
  }
}

/** The branch's certificate in PEM: the one in the file, or a new one that is kept there. */
export async function openCertificate(file: string, key: KeyObject): Promise<string> {
  const kept = readCertificate(file, key)
  if (kept !== null) return kept
  const made = await makeCertificate(key)
  writeWhole(file, made)
  return made
}
