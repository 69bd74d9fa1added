/** A certificate that was not believed, with its facts, and the one way to trust it: this one, for this account. */

import { Button } from '@mantine/core'
import { useId } from 'react'
import type { CertificateFacts } from '../../shared/problem.ts'
import { useLanguage, useWords } from '../i18n/words.ts'
import css from './CheckView.module.css'

type Props = { certificate: CertificateFacts; onTrust: () => void }

export function CertificateCard({ certificate, onTrust }: Props) {
  const words = useWords()
  const language = useLanguage()
  const titleId = useId()
  const date = (at: number) => new Intl.DateTimeFormat(language, { dateStyle: 'medium' }).format(at)
  return (
    <section className={css.certificate} aria-labelledby={titleId}>
      <h4 id={titleId}>{words('accounts.certificate')}</h4>
      <dl>
        <dt>{words('accounts.certificateFor')}</dt>
        <dd>{certificate.subject}</dd>
        <dt>{words('accounts.certificateBy')}</dt>
        <dd>{certificate.issuer}</dd>
        <dt>{words('accounts.certificateValid')}</dt>
        <dd>
          {words('accounts.certificateSpan', {
            from: date(certificate.validFrom),
            to: date(certificate.validTo),
          })}
        </dd>
        <dt>{words('accounts.certificatePrint')}</dt>
        <dd className={css.print}>{certificate.fingerprint256}</dd>
      </dl>
      <Button size="xs" onClick={onTrust}>
        {words('accounts.trust')}
      </Button>
    </section>
  )
}
