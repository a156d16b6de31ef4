/** Links to the pages. They carry the address of each page as it was left, so that they also open in a new tab. */
import { useFrame } from './context.js';

export function Menu() {
  const frame = useFrame();
  const language = frame.settings.get('language');
  if (frame.pages.length < 2) return null;
  return (
    <nav class="menu" aria-label={frame.i18n.t('menu.label')}>
      <ul>
        {frame.pages.map((entry) => (
          <li key={entry.id}>
            <a
              ref={(link) => {
                // On a phone the menu scrolls: the open page is in sight.
                if (frame.wanted.value === entry)
                  link?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
              }}
              href={frame.queryOf(entry) || '?'}
              aria-current={frame.wanted.value === entry ? 'page' : undefined}
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
