"""Does Leadwell lose a lead, and how quickly does it take them in? Judged from outside: processes, HTTP, commands."""
