import { Controller, Get } from '@nestjs/common';
import { Public, Roles } from '../../src/rules/admission.js';

@Controller('street')
class Street {
  @Get('house')
  house(): void {}

  @Public()
  @Get('kiosk')
  kiosk(): void {}

  @Roles('auditor', 'admin')
  @Get('office')
  office(): void {}

  @Public()
  @Roles('admin')
  @Get('booth')
  booth(): void {}
}

@Public()
@Controller('lobby')
class Lobby {
  @Get('bench')
  bench(): void {}

  @Roles('admin')
  @Get('safe')
  safe(): void {}
}

@Roles('admin')
@Controller('vault')
class Vault {
  @Get('gold')
  gold(): void {}

  @Roles('user')
  @Get('ledger')
  ledger(): void {}

  @Public()
  @Get('window')
  window(): void {}
}

@Public()
@Roles('admin')
@Controller('tower')
class Tower {
  @Get('stairs')
  stairs(): void {}

  @Public()
  @Get('roof')
  roof(): void {}
}

export const DOOR_CONTROLLERS = [Street, Lobby, Vault, Tower];

/** Every way to write `@Public()` and `@Roles` on a route and on its controller, and whom the route then lets in. */
export const DOORS: readonly [written: string, path: string, opensTo: 'everybody' | 'users' | 'admins'][] = [
  ['nothing', '/street/house', 'users'],
  ['@Public()', '/street/kiosk', 'everybody'],
  ['@Roles', '/street/office', 'admins'],
  ['@Public() and @Roles', '/street/booth', 'admins'],
  ['nothing in a @Public() controller', '/lobby/bench', 'everybody'],
  ['@Roles in a @Public() controller', '/lobby/safe', 'admins'],
  ['nothing in a @Roles controller', '/vault/gold', 'admins'],
  ['@Roles for all users in a @Roles controller', '/vault/ledger', 'users'],
  ['@Public() in a @Roles controller', '/vault/window', 'admins'],
  ['nothing in a @Public() and @Roles controller', '/tower/stairs', 'admins'],
  ['@Public() in a @Public() and @Roles controller', '/tower/roof', 'admins'],
];
