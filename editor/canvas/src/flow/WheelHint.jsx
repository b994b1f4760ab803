const APPLE = /Mac|iP/.test(navigator.platform);

/** What the wheel would do after a click; comes up when it is turned over a canvas that it does not zoom yet. */
export function WheelHint({ shown }) {
  return (
    <div className={`wheel-hint ${shown ? 'shown' : ''}`} aria-hidden={!shown}>
      Click into the drawing to zoom with the wheel, or hold {APPLE ? '⌘' : 'Ctrl'}
    </div>
  );
}
