'use client';

// Inside the frame: navigation, banners and the kill button stay while one page is broken.
export { default } from '../error.tsx';
