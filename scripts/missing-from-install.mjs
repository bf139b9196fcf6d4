// Tells whether node_modules holds what package-lock.json asks for. Dependency-free: it runs before any installation.
import { existsSync, readFileSync } from 'node:fs';

/**
 * Compares the lock with the list that npm leaves in node_modules after an installation. Contents are compared, not
 * times: a checkout or a copy changes times without changing what is installed.
 * @param {string} root the repository's folder
 * @returns {string | undefined} why an installation is needed, or nothing when what is installed is as locked
 */
export function missingFromInstall(root) {
  const installedPath = `${root}/node_modules/.package-lock.json`;
  if (!existsSync(installedPath)) return 'nothing is installed';
  const locked = readPackages(`${root}/package-lock.json`);
  const installed = readPackages(installedPath);
  if (!installed) return 'the list of what is installed cannot be read';
  for (const [path, wanted] of Object.entries(locked ?? {})) {
    // Only node_modules holds installed things; other entries describe the workspaces' own folders.
    if (!path.startsWith('node_modules/') && !path.includes('/node_modules/')) continue;
    const present = installed[path];
    if (!present) {
      // Packages for other platforms stay out, and that is right.
      if (wanted.optional || wanted.peer) continue;
      return `${path} is not installed`;
    }
    if (present.version !== wanted.version || present.integrity !== wanted.integrity) {
      return `${path} is installed in another version`;
    }
  }
  return undefined;
}

/** @param {string} path */
function readPackages(path) {
  try {
    return JSON.parse(readFileSync(path, 'utf8')).packages;
  } catch {
    return undefined;
  }
}
