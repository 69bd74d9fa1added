/** Templates and snippets of a small studio, in the order in which the program lists them. */

import type { Template } from '../../shared/template.ts'
import { NOW } from '../support/builders.ts'

function aTemplate(name: string, change: Partial<Template>): Template {
  return {
    id: name,
    kind: 'template',
    name,
    subject: '',
    text: '',
    html: null,
    files: [],
    changedAt: NOW,
    ...change,
  }
}

export const sampleTemplates: readonly Template[] = [
  aTemplate('Offer', {
    subject: 'Our offer for {{project}}',
    files: ['price-list-2026.pdf', 'ご案内.pdf'].map((name, index) => ({
      id: `offer-${index}`,
      name,
      type: 'application/pdf',
      bytes: 184_000,
      sha256: String(index).repeat(64),
    })),
    text: 'Dear {{name}},\n\nthank you for your enquiry of {{date of the enquiry}}. We can do the photographs for {{price}}.\n\nBest regards\n{{my name}}',
    html: '<p>Dear {{name}},</p><p><br></p><p>thank you for your enquiry of {{date of the enquiry}}. We can do the photographs for <strong>{{price}}</strong>.</p><p><br></p><p>Best regards</p><p>{{my name}}</p>',
  }),
  aTemplate('Reminder of an invoice', {
    subject: 'Invoice {{number}}',
    text: 'Dear {{name|customer}},\n\nperhaps our invoice {{number}} escaped your notice.',
  }),
  aTemplate('見積書の送付', {
    subject: '【お見積り】{{案件名}}',
    text: '{{氏名}} 様\n\nお世話になっております。{{自分の名前}}です。\nご依頼の件、お見積書をお送りします。{{回答期限}}までにご返信いただけますと幸いです。\n\nどうぞよろしくお願いいたします。',
  }),
  aTemplate('address', { kind: 'snippet', text: 'Studio Yuki, 2-4-1 Kanda, Chiyoda-ku, Tokyo' }),
  aTemplate('thanks', {
    kind: 'snippet',
    text: 'Thank you very much for your quick answer.',
    html: '<p>Thank you very much for your <em>quick</em> answer.</p>',
  }),
  aTemplate('times', { kind: 'snippet', text: 'The studio is open Tuesday to Saturday, 10:00 to 18:00.' }),
  aTemplate('いつも', { kind: 'snippet', text: 'いつもお世話になっております。{{自分の名前}}です。' }),
]
