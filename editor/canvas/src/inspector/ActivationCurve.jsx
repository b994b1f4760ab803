const REACH = 4;
const [LOW, HIGH] = [-2, 4];
const WIDTH = 128;
const HEIGHT = 72;

const across = (x) => ((x + REACH) / (2 * REACH)) * WIDTH;
const down = (y) => ((HIGH - y) / (HIGH - LOW)) * HEIGHT;

/** What an activation makes of the numbers from -4 to 4; `curve` are its values at equal distances. */
export function ActivationCurve({ name, curve }) {
  const points = curve.map((y, index) => [across(-REACH + (2 * REACH * index) / (curve.length - 1)), down(Math.min(HIGH + 1, Math.max(LOW - 1, y)))]);
  return (
    <svg className="curve" viewBox={`0 0 ${WIDTH} ${HEIGHT}`} role="img" aria-label={`Curve of ${name}`}>
      <path className="curve-axes" d={`M0 ${down(0)}H${WIDTH}M${across(0)} 0V${HEIGHT}`} />
      <path className="curve-line" d={`M${points.map(([x, y]) => `${x.toFixed(1)} ${y.toFixed(1)}`).join('L')}`} />
    </svg>
  );
}
