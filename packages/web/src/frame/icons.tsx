/** The page's few pictures, drawn in the text's colour and hidden from screen readers: words stand beside them. */

const paths = {
  play: 'M8 5v14l11-7z',
  pause: 'M7 5h4v14H7zM13 5h4v14h-4z',
  stop: 'M6 6h12v12H6z',
  rewind: 'M6 5h3v14H6zM20 5v14l-10-7z',
  previous: 'M15 5v14l-9-7z',
  next: 'M9 5v14l9-7z',
  last: 'M5 5v14l9-7zM15 5h3v14h-3z',
  download: 'M11 4h2v8h3l-4 5-4-5h3zM5 18h14v2H5z',
  open: 'M11 17h2V9h3l-4-5-4 5h3zM5 18h14v2H5z',
  remove: 'M9 3h6v2h5v2H4V5h5zM6 8h12l-1 13H7zM9 10v9h2v-9zM13 10v9h2v-9z',
  copy: 'M8 3h12v14H8zM10 5v10h8V5zM4 7h2v12h10v2H4z',
  sliders: 'M3 6h10v2H3zM17 6h4v2h-4zM13 4h4v6h-4zM3 16h4v2H3zM11 16h10v2H11zM7 14h4v6H7z',
  share: 'M11 3h2l4 5h-3v7h-4V8H7zM4 12h3v7h10v-7h3v9H4z',
  undo: 'M8 4v4h6a6 6 0 0 1 0 12H7v-2h7a4 4 0 0 0 0-8H8v4L2 9z',
  redo: 'M16 4v4h-6a6 6 0 0 0 0 12h7v-2h-7a4 4 0 0 1 0-8h6v4l6-5z',
  dice: 'M4 4h16v16H4zM6 6v12h12V6zM8 8h3v3H8zM13 13h3v3h-3z',
  sun: 'M12 7a5 5 0 1 0 0 10 5 5 0 0 0 0-10zM11 1h2v4h-2zM11 19h2v4h-2zM1 11h4v2H1zM19 11h4v2h-4z',
  moon: 'M20 14.5A8.5 8.5 0 0 1 9.5 4 8.5 8.5 0 1 0 20 14.5z',
} as const;

export function Icon({ name }: { readonly name: keyof typeof paths }) {
  return (
    <svg class="icon" viewBox="0 0 24 24" width="20" height="20" aria-hidden="true" focusable="false">
      <path d={paths[name]} fill="currentColor" fill-rule="evenodd" />
    </svg>
  );
}
