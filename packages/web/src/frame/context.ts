/** What components of the frame and of pages can reach while they are drawn. */
import { createContext } from 'preact';
import { useContext } from 'preact/hooks';
import type { Table } from '../state/table.js';
import type { Frame } from './frame.js';
import type { PageContext } from './page.js';

const frameContext = createContext<Frame | null>(null);
export const FrameProvider = frameContext.Provider;

export function useFrame(): Frame {
  const frame = useContext(frameContext);
  if (frame === null) throw new Error('internal: views must be drawn inside FrameProvider');
  return frame;
}

const pageContext = createContext<PageContext<Table, string> | null>(null);
export const PageProvider = pageContext.Provider;

/** The open page's context, for components that work on any page. */
export function usePage(): PageContext<Table, string> {
  const page = useContext(pageContext);
  if (page === null) throw new Error('internal: parts of a page must be drawn inside PageProvider');
  return page;
}
