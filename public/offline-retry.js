// On the offline page: asks now and then whether the server is back, and loads what was asked for.
const EVERY_MS = 5000;

async function tryAgain() {
  try {
    const answer = await fetch('/health/live', { cache: 'no-store' });
    if (answer.ok) window.location.reload();
  } catch {
    // Still away.
  }
}

setInterval(tryAgain, EVERY_MS);
window.addEventListener('online', tryAgain);
// Loads the address with all of its query, which the link alone would lose.
document.querySelector('a[href="?"]')?.addEventListener('click', (event) => {
  event.preventDefault();
  window.location.reload();
});
