import { Controller, Get } from '@nestjs/common';
import { CurrentUser, type Principal, Public, FeedFollower, Roles } from '@sallyport/verify';
import { type Order, OrderBook } from './order-book.js';

@Controller()
export class OrdersController {
  constructor(
    private readonly book: OrderBook,
    private readonly feed: FeedFollower,
  ) {}

  @Get('orders')
  mine(@CurrentUser() user: Principal): Order[] {
    return this.book.ordersOf(user.userId);
  }

  @Roles('admin')
  @Get('orders/all')
  all(): Order[] {
    return this.book.all();
  }

  /** Up either way: with the feed lost, each credential is asked about. */
  @Public()
  @Get('health')
  health(): { status: string; feed: string } {
    return { status: 'ok', feed: this.feed.healthy() ? 'following' : 'lost' };
  }
}
