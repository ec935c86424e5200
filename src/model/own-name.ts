const PREFIX = '_*(?:kho|luo|liveupdate|memfd_luo|khoser)_';

/** What nothing but functions and macros of live update is called. */
export const OWN_NAME = new RegExp(`^${PREFIX}`, 'i');

/** Every such name in a text. */
export const OWN_NAMES = new RegExp(`\\b${PREFIX}\\w+`, 'gi');
