/** A name and what it is. */
export function Fact({ name, value }) {
  return <div className="fact"><dt>{name}</dt><dd>{value}</dd></div>;
}
