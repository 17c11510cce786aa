"""Make a judged model the champion, move back, and say what was live when."""
