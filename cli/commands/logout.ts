import type { Command } from 'commander';
import { z } from 'zod';
import type { Cli } from '../cli.ts';
import { askConsole } from '../login/console-client.ts';
import { forgetLogin, readKeptLogin } from '../login/kept-login.ts';
import { done, EXIT } from '../outcome.ts';

export function addLogout(program: Command, cli: Cli): void {
  program
    .command('logout')
    .description('end this command line’s session, and forget its token')
    .action(() =>
      cli.run(async () => {
        const kept = readKeptLogin(Date.now());
        forgetLogin();
        if (kept === null) return done({ ended: false }, ['Nobody was signed in here.']);
        const path = `/api/v1/me/sessions/${kept.sessionId}`;
        const ended = await askConsole(kept, { method: 'DELETE', path }, z.unknown());
        // Already over is as good; a console that does not answer still holds a session that somebody should end.
        if (!ended.ok && ended.error.exit === EXIT.unreachable) return ended.error;
        return done({ ended: ended.ok }, ['Signed out.']);
      }),
    );
}
