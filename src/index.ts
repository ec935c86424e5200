export { capture } from './capture/capture.ts';
