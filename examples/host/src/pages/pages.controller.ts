import { Body, Controller, Get, Header, Post } from '@nestjs/common';
import { CurrentUser, type Principal, Public } from '@sallyport/nest';

@Public()
@Controller('pages')
export class PagesController {
  @Get('welcome')
  @Header('Content-Type', 'text/html')
  welcome(@CurrentUser() somebody: Principal | undefined): string {
    return `<!doctype html><p>Hello ${somebody ? somebody.userId : 'stranger'}</p>`;
  }

  /** A form that stands on a partner's site. */
  @Post('contact')
  contact(@Body() form: Record<string, string>) {
    return { thanks: form.name };
  }
}
