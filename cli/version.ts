/** Of Plumbline: what `--version` says, and reports that name their maker. */
export const VERSION = '0.1.0';
