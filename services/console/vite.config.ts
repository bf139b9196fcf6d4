import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

export default defineConfig({
  plugins: [react()],
  build: {
    target: 'es2024',
    // No data: URLs: the policy under which the console is served knows only files of its own.
    assetsInlineLimit: 0,
    // The server says which files may be cached for ever by their name: those below assets/.
    assetsDir: 'assets',
    reportCompressedSize: false,
  },
  // `npx vite services/console` shows the sources on a running Tripkey.
  server: {
    proxy: {
      '/v1': process.env.TRIPKEY_URL ?? 'http://127.0.0.1:8080',
      '/auth': process.env.TRIPKEY_URL ?? 'http://127.0.0.1:8080',
    },
  },
});
