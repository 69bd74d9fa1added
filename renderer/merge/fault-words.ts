/** What is wrong with a row, in words. Rows count from 1 for people. */

import type { MergeFault } from '../../shared/merge.ts'
import type { Words } from '../i18n/words.ts'

export function faultWords(fault: MergeFault, words: Words): string {
  switch (fault.kind) {
    case 'no-address':
      return words('merge.fault.no-address')
    case 'bad-address':
      return words('merge.fault.bad-address', fault)
    case 'address-twice':
      return words('merge.fault.address-twice', { address: fault.address, row: fault.row + 1 })
    case 'no-column':
      return words('merge.fault.no-column', fault)
    case 'empty-field':
      return words('merge.fault.empty-field', fault)
  }
}
