import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';

export interface Order {
  id: string;
  owner: string;
  item: string;
}

/** Orders in memory. Whoever looks for the first time finds one waiting. */
@Injectable()
export class OrderBook {
  private readonly orders = new Map<string, Order[]>();

  ordersOf(userId: string): Order[] {
    const orders = this.orders.get(userId) ?? [{ id: randomUUID(), owner: userId, item: 'A welcome basket' }];
    this.orders.set(userId, orders);
    return orders;
  }

  all(): Order[] {
    return [...this.orders.values()].flat();
  }
}
