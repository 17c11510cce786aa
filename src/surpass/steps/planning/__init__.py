"""What tuning needs and brings, before the bill: method, memory, hours, money, power, worth."""
