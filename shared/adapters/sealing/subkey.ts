import { hkdfSync } from 'node:crypto';

/** Returns the key for one purpose (32 bytes) that follows from a master key; it says nothing about the others. */
export function subkey(master: Uint8Array, purpose: string): Uint8Array {
  return new Uint8Array(hkdfSync('sha256', master, '', `plumbline ${purpose}`, 32));
}
