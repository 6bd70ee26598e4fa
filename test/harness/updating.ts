/** `npm run fixtures:update`: goldens are written before they are compared. */
export const updating = process.env['MODE'] === 'update';
