/** What can be done with a point that a wire is led through. */
export function PointInspector() {
  return (
    <section className="inspector-part">
      <h3>Point of a wire</h3>
      <p className="quiet">The wire is led through here. Drag the point, or move it with the arrow keys; Delete takes it away.</p>
    </section>
  );
}
