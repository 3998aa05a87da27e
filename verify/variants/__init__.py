"""Other readings of a formula that was found wrong, said as conditions."""
