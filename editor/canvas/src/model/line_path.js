// A small line: heights from 0 to 1 over their index, as the path of a drawing 100 wide and 16 high.

const [WIDTH, HEIGHT, AIR] = [100, 16, 2];

/** Where a height is null there is a gap. */
export function linePath(points) {
  const step = WIDTH / Math.max(points.length - 1, 1);
  let pen = 'M';
  return points.map((height, index) => {
    if (height == null) {
      pen = 'M';
      return '';
    }
    const part = `${pen}${(index * step).toFixed(1)} ${(HEIGHT - AIR - height * (HEIGHT - 2 * AIR)).toFixed(1)}`;
    pen = 'L';
    return part;
  }).join('');
}
