/** Where the watched sorting room leaves what it stalled at most, below its data folder. */
export const STALL_FILE = 'room-stall'
