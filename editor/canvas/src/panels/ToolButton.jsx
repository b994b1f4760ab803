import { Icon } from '../Icon.jsx';

export function ToolButton({ icon, label, keys = '', testid, pressed, disabled, onClick }) {
  return (
    <button
      type="button" className="tool" data-testid={testid} title={keys ? `${label} (${keys})` : label} aria-label={label}
      aria-pressed={pressed} aria-disabled={disabled || undefined} onClick={() => !disabled && onClick()}
    >
      <Icon name={icon} />
    </button>
  );
}
