"""Who a person is and how they are reached: changed, with what it was before; numbers that change."""
