import './styles/font.css';
import './styles/base.css';
import './styles/shell.css';
import './styles/parts.css';
import './styles/dialog.css';
import './styles/drawer.css';
import './styles/table.css';
import './styles/jobs.css';
import { CSPProvider } from '@base-ui/react/csp-provider';
import { Tooltip } from '@base-ui/react/tooltip';
import { createRoot } from 'react-dom/client';
import { Router } from 'wouter';
import { base } from './address.ts';
import { startViewer } from './session/viewer.ts';
import { Shell } from './shell/shell.tsx';

const root = document.getElementById('root');
if (!root) throw new Error('index.html has no #root');

startViewer();
createRoot(root).render(
  <CSPProvider disableStyleElements>
    <Tooltip.Provider delay={300}>
      <Router base={base}>
        <Shell />
      </Router>
    </Tooltip.Provider>
  </CSPProvider>,
);
