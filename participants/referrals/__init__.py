"""How people come: a referral is registered, waits in the unit's queue, is assessed and decided."""
