"""What all apps stand on: scope, ids, time-ordered jobs, errors and logs without personal data, templates."""
