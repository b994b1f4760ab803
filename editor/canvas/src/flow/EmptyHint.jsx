/** What an empty canvas says. */
export function EmptyHint() {
  return (
    <div className="empty-hint">
      <strong>Nothing drawn yet</strong>
      <span>Drag a layer from the palette, or double-click and type, for example <code>conv 64 3 relu</code>.</span>
    </div>
  );
}
