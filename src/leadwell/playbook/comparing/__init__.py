"""What changed between two versions of a policy, in meaning and not in lines?"""

from leadwell.playbook.comparing.parts import compare

__all__ = ["compare"]
