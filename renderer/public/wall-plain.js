/* Runs in browsers of any age, so it is written for the oldest: says at once what this one lacks. */
(function () {
  var lacks = [];
  if (!('noModule' in document.createElement('script'))) lacks.push('modules');
  if (!window.WebSocket) lacks.push('WebSocket');
  if (!window.ResizeObserver) lacks.push('ResizeObserver');
  if (!window.Map || !window.Map.groupBy) lacks.push('Map.groupBy');
  if (!Array.prototype.toSorted) lacks.push('toSorted');
  if (!window.AbortSignal || !window.AbortSignal.timeout) lacks.push('AbortSignal.timeout');
  if (!window.CSS || !window.CSS.supports || !window.CSS.supports('color', 'light-dark(#000, #fff)'))
    lacks.push('light-dark()');
  if (lacks.length === 0) return;
  document.documentElement.setAttribute('data-too-old', lacks.join(' '));
  document.getElementById('plain-words').innerHTML =
    'This screen’s browser is too old for the wall: it lacks ' +
    lacks.join(', ') +
    '. Open this address in a current Chrome, Edge, Firefox or Safari, or plug a small computer into the screen.';
})();
