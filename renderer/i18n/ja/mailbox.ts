export const mailbox = {}
