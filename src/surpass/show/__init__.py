"""How an account looks: terminal, JSON, CSV, notebook, one HTML file. Charts load when drawn."""
