import { memo } from 'react';

/** The nodes of the map: a path for each family. */
export const MapNodes = memo(function MapNodes({ paths, width, height }) {
  return (
    <svg width={width} height={height} aria-hidden="true">
      {paths.map(([name, path]) => <path key={name} className={`map-nodes ${name}`} d={path} />)}
    </svg>
  );
});
