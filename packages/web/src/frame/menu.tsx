/** Links to the pages. They carry the address of each page as it was left, so that they also open in a new tab. */
import { useEffect, useRef } from 'preact/hooks';
import { useFrame } from './context.js';

export function Menu() {
  const frame = useFrame();
  const language = frame.settings.get('language');
  const menu = useRef<HTMLElement>(null);
  const open = frame.wanted.value;
  // On a phone the menu scrolls sideways: the open page is in sight. Only the menu moves, and only when another page opens.
  useEffect(() => {
    const link = menu.current?.querySelector<HTMLElement>('[aria-current]');
    const list = link?.closest('ul');
    if (link == null || list == null) return;
    const [inner, outer] = [link.getBoundingClientRect(), list.getBoundingClientRect()];
    const middle = inner.left + inner.width / 2 - outer.left - outer.width / 2;
    list.scrollBy({ left: middle });
  }, [open, language]);
  if (frame.pages.length < 2) return null;
  return (
    <nav ref={menu} class="menu" aria-label={frame.i18n.t('menu.label')}>
      <ul>
        {frame.pages.map((entry) => (
          <li key={entry.id}>
            <a
              href={frame.queryOf(entry) || '?'}
              aria-current={open === entry ? 'page' : undefined}
              onClick={(event) => {
                if (event.metaKey || event.ctrlKey || event.shiftKey || event.button !== 0) return;
                event.preventDefault();
                void frame.show(entry);
              }}
            >
              {entry.name[language]}
            </a>
          </li>
        ))}
      </ul>
    </nav>
  );
}
