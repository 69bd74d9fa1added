export const people = {
  suggestions: 'Suggestions',
  suggestionCount_one: '{{count}} suggestion. Arrow keys choose, Shift+Delete forgets.',
  suggestionCount_other: '{{count}} suggestions. Arrow keys choose, Shift+Delete forgets.',
  noSuggestions: 'No suggestions.',
  mailed: 'mailed {{time}}',
  wrote: 'wrote {{time}}',
  kept: 'in your contacts',
  sameName: 'same name',
  demoted: {
    failed: 'did not arrive last time',
    automatic: 'automatic sender',
  },
  members_one: '{{count}} person',
  members_other: '{{count}} people',
  forget: 'Forget {{address}}',
  forgotten: '{{address}} is no longer suggested.',
} as const
