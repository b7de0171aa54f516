import { Body, Controller, Post } from '@nestjs/common';
import { Public } from '@sallyport/nest';

@Public()
@Controller('webhooks')
export class WebhooksController {
  @Post()
  receive(@Body() text: string) {
    return { text };
  }
}
