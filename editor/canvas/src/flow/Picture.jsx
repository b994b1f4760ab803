import { memo } from 'react';
import { miniature } from '../model/miniature.js';

/** A network drawn small: a box for each node, a line for each wire. `here` is the node that stands out. */
export const Picture = memo(function Picture({ drawing, here = '', width, height }) {
  const { boxes, lines } = miniature(drawing, width, height);
  return (
    <svg className="picture" width={width} height={height} viewBox={`0 0 ${width} ${height}`} aria-hidden="true">
      {lines.map(([from, to, path]) => <path key={`${from} ${to}`} d={path} />)}
      {boxes.map(({ id, ...box }) => <rect key={id} className={id === here ? 'here' : ''} {...box} rx="1.5" />)}
    </svg>
  );
});
