// A certificate authority for one test run, made with the `openssl` command in a temporary folder.
// Refuses to leave anything behind: dispose() removes the folder, and no key ever reaches the repository.

import { execFile, execFileSync } from 'node:child_process'
import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { isIP } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { getCACertificates, setDefaultCACertificates } from 'node:tls'
import { promisify } from 'node:util'

const run = promisify(execFile)

export type Certificate = { key: string; cert: string }

export type TestCa = {
  caPem: string
  /** The same certificate as a file, for NODE_EXTRA_CA_CERTS of a child process. */
  caFile: string
  /** A certificate of this CA. Names that are IP addresses become IP entries. */
  issue(hostnames: string[], options?: { expired?: boolean }): Certificate
  /** A certificate that nobody vouches for. */
  selfSigned(hostnames: string[]): Certificate
  dispose(): void
}

/** Makes a new CA; it takes a few hundredths of a second. */
export async function createTestCa(): Promise<TestCa> {
  const folder = mkdtempSync(join(tmpdir(), 'todoke-ca-'))
  const dispose = () => rmSync(folder, { recursive: true, force: true })
  // A test that failed before it could dispose leaves no key behind either.
  process.once('exit', dispose)
  const file = (name: string) => join(folder, name)
  const openssl = (...args: string[]) => void execFileSync('openssl', args, { cwd: folder, stdio: 'pipe' })

  writeFileSync(file('openssl.cnf'), caConfig)
  writeFileSync(file('index.txt'), '')
  writeFileSync(file('serial'), '1000\n')
  const request = [...selfSignArgs, '-extensions', 'authority', ...subject('Todoke Test CA'), ...into('ca')]
  await run('openssl', request, { cwd: folder })
  let count = 0

  const issue = (hostnames: string[], options: { expired?: boolean } = {}): Certificate => {
    const name = `server-${++count}`
    appendFileSync(file('openssl.cnf'), namesSection(name, hostnames))
    openssl(
      'req',
      '-new',
      ...newKey,
      '-config',
      'openssl.cnf',
      ...subject(commonName(hostnames)),
      ...into(name),
    )
    // `x509 -req` cannot set the dates before OpenSSL 3.4; `ca` always could.
    const [start, end] = options.expired ? ['20200101000000Z', '20200201000000Z'] : [longAgo, farAhead]
    const signed = `${name}.signed`
    const dates = ['-startdate', start, '-enddate', end]
    const files = ['-in', `${name}.crt`, '-out', signed]
    openssl('ca', '-config', 'openssl.cnf', '-batch', '-notext', '-extensions', name, ...dates, ...files)
    return { key: readFileSync(file(`${name}.key`), 'utf8'), cert: readFileSync(file(signed), 'utf8') }
  }

  const selfSigned = (hostnames: string[]): Certificate => {
    const name = `self-${++count}`
    appendFileSync(file('openssl.cnf'), namesSection(name, hostnames))
    openssl(...selfSignArgs, '-extensions', name, ...subject(commonName(hostnames)), ...into(name))
    return {
      key: readFileSync(file(`${name}.key`), 'utf8'),
      cert: readFileSync(file(`${name}.crt`), 'utf8'),
    }
  }

  return {
    caPem: readFileSync(file('ca.crt'), 'utf8'),
    caFile: file('ca.crt'),
    issue,
    selfSigned,
    dispose: () => {
      process.off('exit', dispose)
      dispose()
    },
  }
}

/**
 * Makes this thread trust the CA besides those it knows, and returns the way back. A worker thread or a
 * child process has a list of its own: give a child NODE_EXTRA_CA_CERTS with `caFile`.
 */
export function trustCa(caPem: string): () => void {
  const before = getCACertificates('default')
  setDefaultCACertificates([...before, caPem])
  return () => setDefaultCACertificates(before)
}

const longAgo = '20240101000000Z'
const farAhead = '20991231000000Z'
const newKey = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes']
const selfSignArgs = ['req', '-x509', ...newKey, '-days', '3650', '-config', 'openssl.cnf']

const into = (name: string) => ['-keyout', `${name}.key`, '-out', `${name}.crt`]
const subject = (name: string) => ['-subj', `/CN=${name}`]
const commonName = (hostnames: string[]) => hostnames[0] ?? 'localhost'

function namesSection(name: string, hostnames: string[]): string {
  const entries = hostnames.map(host => `${isIP(host) ? 'IP' : 'DNS'}:${host}`)
  return `\n[${name}]\nbasicConstraints = CA:FALSE\nextendedKeyUsage = serverAuth\nsubjectAltName = ${entries.join(',')}\n`
}

const caConfig = `
[req]
distinguished_name = subject
prompt = no
[subject]
[authority]
basicConstraints = critical, CA:TRUE
keyUsage = critical, keyCertSign, cRLSign
subjectKeyIdentifier = hash
[ca]
default_ca = this_ca
[this_ca]
database = index.txt
serial = serial
new_certs_dir = .
certificate = ca.crt
private_key = ca.key
default_md = sha256
policy = any
unique_subject = no
[any]
commonName = supplied
`
