// What Panel's ReactComponent expects of a compiled bundle: the components by class name, React and createRoot.
import * as React from 'react';
import { createRoot } from 'react-dom/client';
import { render } from './Canvas.jsx';

export default { Canvas: { render }, React, createRoot };
