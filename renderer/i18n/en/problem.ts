export const problem = {}
