import envPaths from 'env-paths';

/** Where this system keeps the data of apps, such as ~/.local/share/war-room; WAR_ROOM_DATA names another place. */
export const defaultDataDir = (): string => process.env['WAR_ROOM_DATA'] ?? envPaths('war-room', { suffix: '' }).data;
