import { Icon } from '../Icon.jsx';

export function ToolButton({ icon, label, keys = '', testid, pressed, expanded, disabled, onClick }) {
  return (
    <button
      type="button" className="tool" data-testid={testid} title={keys ? `${label} (${keys})` : label} aria-label={label}
      aria-pressed={pressed} aria-expanded={expanded} aria-haspopup={expanded === undefined ? undefined : 'menu'}
      aria-disabled={disabled || undefined} onClick={() => !disabled && onClick()}
    >
      <Icon name={icon} />
    </button>
  );
}
