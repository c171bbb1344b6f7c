"""How a case begins: somebody is enrolled in a unit, by a referral or without one."""
