import { fileURLToPath } from 'node:url'
import vue from '@vitejs/plugin-vue'
import Components from 'unplugin-vue-components/vite'
import { ElementPlusResolver } from 'unplugin-vue-components/resolvers'
import { defineConfig } from 'vitest/config'
import { mock } from './mock/plugin.ts'

const backend = process.env.RONGDUN_BACKEND ?? 'http://127.0.0.1:8000'

export default defineConfig({
  plugins: [
    ...(process.env.RONGDUN_MOCK ? [mock()] : []),
    vue(),
    Components({
      dts: 'components.d.ts',
      dirs: ['src/shared/components', 'src/shared/time'],
      resolvers: [ElementPlusResolver({ importStyle: 'css' })],
    }),
  ],
  resolve: { alias: { '@': fileURLToPath(new URL('./src', import.meta.url)) } },
  build: {
    outDir: '../src/rongdun/web_dist',
    emptyOutDir: true,
    assetsInlineLimit: 0,
    reportCompressedSize: false,
  },
  server: { port: 5173, proxy: { '/api': backend, '/health': backend } },
  test: {
    environment: 'happy-dom',
    include: ['tests/**/*.test.ts'],
    css: false,
    server: { deps: { inline: ['element-plus'] } },
  },
})
