/** A link to another page of the lab with some of its settings, in the language and theme of this one. */
import type { ComponentChildren } from 'preact';
import { frameTable } from '../state/frame-table.js';
import { changedParameters, writeUrl } from '../state/url.js';
import { useFrame } from './context.js';

export interface PageTarget {
  readonly page: string;
  /** Settings by their path in the address. */
  readonly query?: Readonly<Record<string, string>>;
}

interface PageLinkProps {
  readonly target: PageTarget;
  readonly children: ComponentChildren;
}

export function PageLink({ target: { page, query = {} }, children }: PageLinkProps) {
  const frame = useFrame();
  if (!frame.pages.some(({ id }) => id === page)) {
    throw new Error(`internal: the registry must have the page ${page}`);
  }
  const kept = changedParameters(frameTable, frame.settings.all()).filter(
    ([path]) => query[path] === undefined,
  );
  const address = writeUrl(page, Object.entries(query), kept);
  return (
    <a
      class="page-link"
      href={address}
      onClick={(event) => {
        if (event.metaKey || event.ctrlKey || event.shiftKey || event.button !== 0) return;
        event.preventDefault();
        void frame.visit(address);
      }}
    >
      {children}
    </a>
  );
}
