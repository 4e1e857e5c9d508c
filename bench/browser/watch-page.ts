// What a measured page remembers by itself, so that no question from outside competes with what is measured.

/**
 * When each request was hinted and painted, how long after a key or a click a frame was painted, long tasks, and the gaps
 * between frames. Painted = a task runs after the frame that contains it, which is never earlier than the paint.
 */
export const WATCH = `
  window.hintedAt = {};
  window.paintedAt = {};
  window.keysMs = [];
  window.clicksMs = [];
  window.longMs = [];
  window.gapsMs = [];
  const now = () => performance.timeOrigin + performance.now();
  const afterPaint = (then) => requestAnimationFrame(() => {
    const channel = new MessageChannel();
    channel.port1.onmessage = () => then(now());
    channel.port2.postMessage(0);
  });
  const Plain = window.WebSocket;
  window.WebSocket = class extends Plain {
    constructor(...rest) {
      super(...rest);
      this.addEventListener('message', ({ data }) => {
        for (const [, id] of String(data).matchAll(/"approval","id":"([^"]+)"/g)) window.hintedAt[id] ??= now();
      });
    }
  };
  new MutationObserver(() => {
    for (const { dataset } of document.querySelectorAll('[data-row]')) {
      if (dataset.row in window.paintedAt) continue;
      window.paintedAt[dataset.row] = 0;
      afterPaint((at) => { window.paintedAt[dataset.row] = at; });
    }
  }).observe(document, { childList: true, subtree: true });
  document.addEventListener('keydown', (event) => {
    const pressedAt = performance.timeOrigin + event.timeStamp;
    afterPaint((at) => window.keysMs.push(at - pressedAt));
  }, true);
  document.addEventListener('click', (event) => {
    const clickedAt = performance.timeOrigin + event.timeStamp;
    afterPaint((at) => window.clicksMs.push(at - clickedAt));
  }, true);
  new PerformanceObserver((list) => {
    for (const { duration } of list.getEntries()) window.longMs.push(duration);
  }).observe({ type: 'longtask' });
  let before = performance.now();
  const frame = (at) => {
    window.gapsMs.push(at - before);
    before = at;
    requestAnimationFrame(frame);
  };
  requestAnimationFrame(frame);
`;
