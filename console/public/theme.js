// Before the first paint, so that a dark page doesn't flash.
try {
  const theme = localStorage.getItem('jobyard.theme');
  if (theme === 'light' || theme === 'dark') document.documentElement.dataset.theme = theme;
} catch {
  // Storage can be turned off.
}
