"""The yearly answer to the national survey of municipal labour-market work (Kommunal arbetsmarknadsstatistik)."""
