/** Starts the service worker that keeps the lab for times without a network, and hears of new versions. */

/** The first load is for the page; what is kept for later is fetched when it has settled, ms. */
const AFTER_LOAD = 2500;

/** @param onNewVersion called when a newer lab is ready; `takeOver` reloads the page with it */
export function keepOffline(onNewVersion: (takeOver: () => void) => void): void {
  if (!import.meta.env.PROD || !('serviceWorker' in navigator)) return;
  const { serviceWorker } = navigator;
  const register = async (): Promise<void> => {
    // Private windows and old hosts refuse; the lab works all the same.
    const registration = await serviceWorker.register('./service-worker.js').catch(() => undefined);
    if (registration === undefined) return;
    const tell = (): void => {
      const { waiting } = registration;
      if (waiting === null || serviceWorker.controller === null) return;
      onNewVersion(() => {
        serviceWorker.addEventListener('controllerchange', () => location.reload(), { once: true });
        waiting.postMessage('take-over');
      });
    };
    tell();
    registration.addEventListener('updatefound', () => {
      registration.installing?.addEventListener('statechange', tell);
    });
  };
  setTimeout(() => void register(), AFTER_LOAD);
}
