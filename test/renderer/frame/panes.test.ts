import { describe, expect, test } from 'vitest'
import { fitPanes } from '../../../renderer/frame/panes.ts'

describe('the widths of the panes', () => {
  test('are what was wanted where there is room', () => {
    expect(fitPanes(1280, { places: 228, list: 372 })).toEqual({ places: 228, list: 372 })
  })

  test('leave the mail its room: first the list gives way, then the places', () => {
    expect(fitPanes(900, { places: 228, list: 372 })).toEqual({ places: 228, list: 292 })
    expect(fitPanes(900, { places: 300, list: 372 })).toEqual({ places: 240, list: 280 })
  })

  test('never become too narrow to use or too wide to make sense', () => {
    expect(fitPanes(3000, { places: 10, list: 5000 })).toEqual({ places: 176, list: 640 })
    expect(fitPanes(400, { places: 228, list: 372 })).toEqual({ places: 176, list: 280 })
  })
})
