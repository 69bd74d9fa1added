/** Whether the account's own server could confirm that a mail comes from the domain of its From. A type only. */

/**
 * By its Authentication-Results (RFC 8601). `pass`: DMARC, or DKIM or SPF for the domain of From. `fail`: DMARC says no.
 * `unknown`: the server says nothing of it that can be believed.
 */
export type AuthenticationVerdict = 'pass' | 'fail' | 'unknown'
