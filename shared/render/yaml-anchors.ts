import type { Json } from '../model/json.ts';
import { YamlError } from './yaml-cursor.ts';
import type { Token } from './yaml-token.ts';

/** More than an API server takes in one request (3 MiB); a few nested aliases would otherwise write out to gigabytes. */
const MAX_ALIASED_CHARACTERS = 4 * 1024 * 1024;

/** Without a value while its node is read: an alias inside would contain itself. */
interface Anchor {
  readonly value?: Json;
  readonly size: number;
}

export interface OpenAnchor {
  readonly anchor: Anchor;
  readonly sizeBefore: number;
}

/** What is anchored, and how much comes of it when its aliases are written out. */
export class YamlAnchors {
  readonly #anchors = new Map<string, Anchor>();
  /** Characters and nodes read so far, aliases written out. */
  #size = 0;
  #aliased = 0;

  count(characters: number): void {
    this.#size += characters;
  }

  open(name: string | undefined): OpenAnchor {
    const anchor: Anchor = { size: 0 };
    if (name !== undefined) this.#anchors.set(name, anchor);
    return { anchor, sizeBefore: this.#size++ };
  }

  /** A node within may have taken the name. */
  close(name: string | undefined, { anchor, sizeBefore }: OpenAnchor, value: Json): void {
    if (name === undefined || this.#anchors.get(name) !== anchor) return;
    this.#anchors.set(name, { value, size: this.#size - sizeBefore });
  }

  /** Returns the value that an alias stands for. @throws {YamlError} */
  follow({ text: name, start }: Token): Json {
    const anchor = this.#anchors.get(name);
    if (anchor === undefined) {
      throw new YamlError(start, `nothing is anchored as &${name} before *${name}`, 'anchor it, or quote the text');
    }
    if (anchor.value === undefined) {
      throw new YamlError(start, `&${name} contains itself by *${name}`, 'write the value out');
    }
    this.#size += anchor.size;
    this.#aliased += anchor.size;
    if (this.#aliased > MAX_ALIASED_CHARACTERS) {
      throw new YamlError(start, 'written out, the aliases come to more than 4 MiB', 'write out what is meant');
    }
    return anchor.value;
  }
}
