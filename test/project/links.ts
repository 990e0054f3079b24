import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';

/** Returns a line for each relative link or image in a Markdown file whose file or heading is not there. */
export function findBrokenLinks(root: string, path: string): readonly string[] {
  const prose = withoutCode(readFileSync(join(root, path), 'utf8'));
  const links = [...prose.matchAll(/\]\(([^)\s]+)(?:\s+"[^"]*")?\)|\b(?:href|src(?:set)?)="([^"\s]+)"/g)].map(
    ([, inline, attribute]) => inline ?? attribute ?? '',
  );
  return links.filter((link) => !/^[a-z]+:/.test(link)).flatMap((link) => checkLink(root, path, link));
}

function checkLink(root: string, path: string, link: string): readonly string[] {
  const [file = '', anchor] = link.split('#');
  const target = file === '' ? join(root, path) : join(root, dirname(path), decodeURIComponent(file));
  if (!existsSync(target)) return [`${path}: it links to ${link}, which is not there`];
  if (anchor === undefined || !target.endsWith('.md')) return [];
  return headingsOf(target).includes(anchor)
    ? []
    : [`${path}: it links to ${link}, but ${relative(root, target)} has no such heading`];
}

/** Anchors as code hosts make them: lower case, punctuation dropped, spaces to hyphens. */
function headingsOf(file: string): readonly string[] {
  const headings = [...withoutCode(readFileSync(file, 'utf8')).matchAll(/^#+ +(.+)$/gm)];
  return headings.map(([, text = '']) =>
    text
      .trim()
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\s_-]/gu, '')
      .replace(/\s/g, '-'),
  );
}

function withoutCode(markdown: string): string {
  return markdown.replace(/^```[\s\S]*?^```/gm, '').replace(/`[^`\n]*`/g, (code) => (code.includes('](') ? '' : code));
}
