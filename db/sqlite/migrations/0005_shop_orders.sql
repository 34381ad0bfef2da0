-- A shop's orders by time: those that it has not tagged yet are picked out of them.

CREATE INDEX orders_by_shop ON orders (merchant_no, placed_at, order_no);
