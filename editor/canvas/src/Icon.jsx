// Line icons on a 16-pixel grid, drawn in the text's colour.
const PATHS = {
  undo: 'M6 3.5 2.5 7 6 10.5M3 7h6.5a3.5 3.5 0 0 1 0 7H7',
  redo: 'M10 3.5 13.5 7 10 10.5M13 7H6.5a3.5 3.5 0 0 0 0 7H9',
  layout: 'M2 6h4v4H2zM10 2h4v4h-4zM10 10h4v4h-4zM6 8h2M8 4v8M8 4h2M8 12h2',
  fit: 'M2.5 6V2.5H6M10 2.5h3.5V6M13.5 10v3.5H10M6 13.5H2.5V10',
  plus: 'M8 3v10M3 8h10',
  minus: 'M3 8h10',
  grid: 'M2.5 2.5h11v11h-11zM6.2 2.5v11M9.8 2.5v11M2.5 6.2h11M2.5 9.8h11',
  search: 'M7 2.5a4.5 4.5 0 1 1 0 9 4.5 4.5 0 0 1 0-9zM10.3 10.3l3.2 3.2',
  panel: 'M2.5 3h11v10h-11zM6.5 3v10',
  details: 'M2.5 3h11v10h-11zM9.5 3v10',
  chevron: 'M6 4l4 4-4 4',
  error: 'M8 1.8a6.2 6.2 0 1 1 0 12.4A6.2 6.2 0 0 1 8 1.8zM8 4.8v4M8 11v.2',
  warning: 'M8 2.2 14.4 13.4H1.6zM8 6.4v3.4M8 11.5v.2',
  info: 'M8 1.8a6.2 6.2 0 1 1 0 12.4A6.2 6.2 0 0 1 8 1.8zM8 7.4v4M8 4.8v.2',
  ok: 'M3 8.5l3.2 3.2L13 5',
  close: 'M4 4l8 8M12 4l-8 8',
  reset: 'M3 8a5 5 0 1 1 1.6 3.7M3 12.2V8.6h3.6',
  link: 'M9.5 2.5h4v4M13.5 2.5 7.5 8.5M11.5 9.5v4h-9v-9h4',
  share: 'M6.6 9.4 9.4 6.6M5.6 7.2 3.8 9a2.3 2.3 0 0 0 3.2 3.2l1.8-1.8M10.4 8.8 12.2 7A2.3 2.3 0 0 0 9 3.8L7.2 5.6',
  mute: 'M3 8h10M8 2.5v2M8 11.5v2',
  offline: 'M2 2l12 12M4.5 7.5A5 5 0 0 1 7 6M9.6 6.2a5 5 0 0 1 1.9 1.3M6.4 9.8a2.4 2.4 0 0 1 3.2 0M8 12.5v.2',
  core: 'M3 4v8M8 4v8M13 4v8M3 4l5 8M3 12l5-8M8 4l5 8M8 12l5-8',
  convolution: 'M2.5 2.5h11v11h-11zM2.5 2.5h6v6h-6zM5.5 2.5v6M2.5 5.5h6',
  pooling: 'M2.5 3h11M4.5 7h7M6.5 11h3',
  recurrent: 'M12.8 9.5A5 5 0 1 1 12 5M12.5 2.5V5.2H9.8',
  normalization: 'M2 12.5c3.5 0 3.5-9 6-9s2.5 9 6 9',
  regularization: 'M8 2v12M2.8 5l10.4 6M13.2 5 2.8 11',
  attention: 'M8 5.5a2.5 2.5 0 1 1 0 5 2.5 2.5 0 0 1 0-5zM1.5 8S4 3.5 8 3.5 14.5 8 14.5 8 12 12.5 8 12.5 1.5 8 1.5 8z',
  reshaping: 'M2.5 9V2.5h6.5v6.5zM9 7h4.5v6.5H7V9',
  merging: 'M2.5 3.5c4 0 4 4.5 8 4.5h3M2.5 12.5c4 0 4-4.5 8-4.5M11.5 5.5 14 8l-2.5 2.5',
  activation: 'M2 12h5l6.5-8.5',
  preprocessing: 'M2.5 3h11L9.5 8.2V13l-3-1.5V8.2z',
  augmentation: 'M8 2.2l1.6 4.2 4.2 1.6-4.2 1.6L8 13.8 6.4 9.6 2.2 8l4.2-1.6z',
  wrappers: 'M2.5 2.5h11v11h-11zM5.5 5.5h5v5h-5z',
  operations: 'M3 5h4M5 3v4M10 5h3.5M3.4 9.6l3.2 3.2M6.6 9.6l-3.2 3.2M10 10h3.5M10 12.6h3.5',
  boundary: 'M9.5 2.5h4v11h-4M2 8h7M6.5 5.5 9 8l-2.5 2.5',
};

export function Icon({ name, size = 16 }) {
  return (
    <svg className="icon" width={size} height={size} viewBox="0 0 16 16" aria-hidden="true">
      <path d={PATHS[name] ?? PATHS.core} />
    </svg>
  );
}
