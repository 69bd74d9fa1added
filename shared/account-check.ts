/** The check of an account's servers, stage by stage, as it crosses the bridge. */

import type { CertificateFacts, Problem } from './problem.ts'

export type CheckStageName =
  | 'dns'
  | 'tcp'
  | 'tls'
  | 'greeting'
  | 'capabilities'
  | 'authentication'
  | 'sender'
  | 'mailbox'

export type CheckStage = {
  server: 'smtp' | 'incoming'
  stage: CheckStageName
  state: 'waiting' | 'running' | 'passed' | 'failed' | 'skipped'
  ms: number | null
  /** Facts worth showing, in the server's or protocol's own words: "TLSv1.3 · AES-256-GCM", "PIPELINING SIZE …". */
  detail: string
  problem: Problem | null
}

export type AccountCheck = {
  id: string
  state: 'running' | 'passed' | 'failed' | 'stopped'
  stages: CheckStage[]
  /** A certificate that was not believed and that the person may trust for this server. */
  untrusted: { server: 'smtp' | 'incoming'; certificate: CertificateFacts }[]
}
